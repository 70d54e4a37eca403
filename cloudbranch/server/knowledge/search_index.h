// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace guichet::hub {

/// Which texts answer a question, the best first. Pure memory; reading is thread-safe.
class SearchIndex {
public:
    /// The text's number, from 0. What stands in `heading` counts more than what stands in `body`.
    std::size_t add(std::string_view heading, std::string_view body);
    /// Numbers of texts that have at least the weightier half of what the question asks for and
    /// any text has; by BM25, of equals the earlier first. Nothing for a question without words.
    [[nodiscard]] std::vector<std::size_t> find(std::string_view question) const;

private:
    struct Hit {
        std::size_t text;
        double count;
    };
    std::map<std::string, std::vector<Hit>, std::less<>> m_hits; ///< by word
    std::vector<double> m_lengths;
    double m_length = 0; ///< of all
};

} // namespace guichet::hub
