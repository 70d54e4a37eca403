// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/form.h"

#include <algorithm>
#include <charconv>

#include "peripherals/net/http_codec.h"

namespace guichet::hub {
namespace {

constexpr std::size_t kMostFields = 64;

} // namespace

Result<std::map<std::string, std::string>> parseForm(std::string_view body)
{
    std::map<std::string, std::string> fields;
    std::size_t count = 0;
    while (!body.empty()) {
        const auto pair = body.substr(0, body.find('&'));
        body.remove_prefix(std::min(pair.size() + 1, body.size()));
        const auto equals = std::min(pair.find('='), pair.size());
        auto name = net::percentDecode(pair.substr(0, equals), true);
        auto value = net::percentDecode(pair.substr(std::min(equals + 1, pair.size())), true);
        if (!name || !value) {
            return fail(Errc::Protocol, "form: a broken escape");
        }
        if (++count > kMostFields) {
            return fail(Errc::Protocol, "form: too many fields");
        }
        if (!name->empty()) {
            fields[*name] = std::move(*value);
        }
    }
    return fields;
}

std::int64_t numberIn(const std::map<std::string, std::string>& form, const std::string& field)
{
    const auto found = form.find(field);
    std::int64_t number = 0;
    if (found == form.end()) {
        return 0;
    }
    const auto* end = found->second.data() + found->second.size();
    const auto parsed = std::from_chars(found->second.data(), end, number);
    return parsed.ec == std::errc() && parsed.ptr == end && number > 0 ? number : 0;
}

} // namespace guichet::hub
