// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace guichet::hub {

/// What a text is found by, in its order: each run of Chinese as its single signs and its pairs of
/// neighbours, everything else as words of letters and digits, in lower case (ASCII and its full
/// width). `text` is UTF-8; what is not ends the text. Pure.
[[nodiscard]] std::vector<std::string> wordsOfText(std::string_view text);

/// What a question asks for: as above, but single signs only where a run has but one. Each once.
[[nodiscard]] std::vector<std::string> wordsOfQuestion(std::string_view text);

} // namespace guichet::hub
