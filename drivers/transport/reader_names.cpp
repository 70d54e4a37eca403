// SPDX-License-Identifier: Apache-2.0
#include "drivers/transport/reader_names.h"

#include <algorithm>
#include <functional>

namespace guichet::transport {
namespace {

constexpr std::size_t kNumbers = 6; ///< " 00 01"

bool endsInNumbers(std::string_view name)
{
    if (name.size() <= kNumbers) {
        return false;
    }
    const auto tail = name.substr(name.size() - kNumbers);
    const auto hex = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
    };
    return tail[0] == ' ' && hex(tail[1]) && hex(tail[2]) && tail[3] == ' ' && hex(tail[4]) &&
           hex(tail[5]);
}

std::string_view withoutNumbers(std::string_view name)
{
    return endsInNumbers(name) ? name.substr(0, name.size() - kNumbers) : name;
}

} // namespace

std::optional<std::string> chooseReader(const std::vector<std::string>& present,
                                        std::string_view wanted)
{
    const std::function<bool(std::string_view)> rules[] = {
        [wanted](std::string_view name) { return name == wanted; },
        [wanted](std::string_view name) { return withoutNumbers(name) == wanted; },
        [wanted](std::string_view name) { return name.substr(0, wanted.size()) == wanted; },
    };
    for (const auto& rule : rules) {
        const auto found = std::find_if(present.begin(), present.end(), rule);
        if (found != present.end()) {
            return *found;
        }
    }
    return std::nullopt;
}

} // namespace guichet::transport
