// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "peripherals/base/error.h"

namespace guichet::hub {

/// What is found and shown as one.
struct ArticleSection {
    std::string heading = {};
    std::string text = {};

    [[nodiscard]] bool operator==(const ArticleSection&) const = default;
};

/// One of the bank's articles for staff.
struct Article {
    std::string id = {}; ///< the file's name
    std::string title = {};
    std::string version = {};  ///< the date of this text, "2026-11-01"
    std::string language = {}; ///< BCP 47
    std::set<std::string> tasks = {};
    std::vector<ArticleSection> sections = {};

    [[nodiscard]] bool operator==(const Article&) const = default;
};

constexpr std::size_t kLargestArticle = 1U << 20;

/// Reads an article as the folder's README has it; `id` ends with .md or .json. Errc::Invalid: says
/// which line or member is wrong, and what was wanted. Pure.
[[nodiscard]] Result<Article> parseArticle(const std::string& id, std::string_view text);

} // namespace guichet::hub
