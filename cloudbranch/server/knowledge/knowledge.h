// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include "cloudbranch/server/knowledge/article.h"

namespace guichet::hub {

/// One answer and where it stands.
struct Finding {
    std::string document = {}; ///< the file's name
    std::string title = {};
    std::string section = {};
    std::string version = {};
    std::string language = {};
    std::string text = {};
};

/// The bank's articles for staff: a folder, read whole. Thread-safe.
class Knowledge {
public:
    /// Reads `folder`; one that is not there holds nothing.
    explicit Knowledge(std::filesystem::path folder);
    ~Knowledge();
    Knowledge(const Knowledge&) = delete;
    Knowledge& operator=(const Knowledge&) = delete;

    /// Reads the folder again if a file of it has changed. A file that is wrong is named in the log
    /// and left out.
    void refresh();
    /// At most `most` sections in that language (empty: any), the best first.
    [[nodiscard]] std::vector<Finding> find(const std::string& question,
                                            const std::string& language, std::size_t most) const;
    [[nodiscard]] std::size_t articles() const;

private:
    struct Shelf;
    using Seen = std::vector<std::tuple<std::string, std::uintmax_t, std::int64_t>>;

    [[nodiscard]] Seen look() const;
    [[nodiscard]] std::shared_ptr<const Shelf> read(const Seen& files) const;

    const std::filesystem::path m_folder;
    mutable std::mutex m_mutex;
    Seen m_seen;
    std::shared_ptr<const Shelf> m_shelf;
};

} // namespace guichet::hub
