// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/signalling/skills.h"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace guichet::signalling {
namespace {

char lower(char letter)
{
    return static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
}

/// Basic filtering (RFC 4647, 3.3.1): a range matches itself and whatever is more special.
bool covers(std::string_view range, std::string_view tag)
{
    return range.size() <= tag.size() &&
           std::ranges::equal(range, tag.substr(0, range.size()), {}, lower, lower) &&
           (range.size() == tag.size() || tag[range.size()] == '-');
}

bool speaks(const Skills& skills, const std::string& tag)
{
    return std::ranges::any_of(skills.languages,
                               [&tag](const auto& range) { return covers(range, tag); });
}

} // namespace

bool serves(const Skills& skills, const Needs& needs)
{
    const bool understood =
        needs.signLanguage ? speaks(skills, *needs.signLanguage) : speaks(skills, needs.language);
    const bool knows = needs.product.empty() || skills.products.contains("*") ||
                       skills.products.contains(needs.product);
    return understood && knows && skills.authority >= needs.authority;
}

} // namespace guichet::signalling
