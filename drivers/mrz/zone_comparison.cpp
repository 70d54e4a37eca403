// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrz/zone_comparison.h"

#include <algorithm>

#include "drivers/mrz/zone_layout.h"

namespace guichet::mrz {
namespace {

/// Laid end to end.
Secret<std::string> joined(std::string_view text)
{
    std::string all;
    all.reserve(text.size());
    std::ranges::copy_if(text, std::back_inserter(all), [](char sign) { return sign != '\n'; });
    return Secret<std::string>(std::move(all));
}

const Layout* layoutOf(std::string_view zone)
{
    const auto found = std::ranges::find_if(kLayouts, [zone](const Layout& layout) {
        return zone.size() == layout.lines * layout.width;
    });
    return found == kLayouts.end() ? nullptr : &*found;
}

} // namespace

std::vector<std::string_view> differences(std::string_view one, std::string_view other)
{
    const auto first = joined(one);
    const auto second = joined(other);
    const std::string_view left = first.reveal();
    const std::string_view right = second.reveal();
    if (left == right) {
        return {};
    }
    const auto* layout = layoutOf(left);
    if (layout == nullptr || left.size() != right.size()) {
        return {"format"};
    }
    std::vector<std::string_view> fields;
    const auto compare = [&](std::string_view name, Span span) {
        if (left.substr(span.at, span.size) != right.substr(span.at, span.size)) {
            fields.push_back(name);
        }
    };
    compare("document code", {0, 2});
    compare("issuing state", {2, 3});
    compare("name", layout->name);
    compare("document number", layout->number);
    compare("nationality", layout->nationality);
    compare("date of birth", layout->birth);
    compare("sex", {layout->sex, 1});
    compare("date of expiry", layout->expiry);
    compare("optional data", layout->optional);
    compare("optional data", layout->optional2);
    fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
    if (fields.empty()) {
        fields.emplace_back("check digits or fillers");
    }
    return fields;
}

} // namespace guichet::mrz
