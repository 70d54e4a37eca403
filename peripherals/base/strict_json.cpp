// SPDX-License-Identifier: Apache-2.0
#include "peripherals/base/strict_json.h"

#include <set>
#include <string>
#include <vector>

namespace guichet {

using nlohmann::json;

json strictObject(std::string_view text, int deepest)
{
    std::vector<std::set<std::string>> members;
    bool sound = true;
    const auto look = [&](int depth, json::parse_event_t event, json& value) {
        if (event == json::parse_event_t::object_start) {
            members.emplace_back();
        } else if (event == json::parse_event_t::object_end) {
            members.pop_back();
        } else if (event == json::parse_event_t::key) {
            sound = sound && members.back().insert(value.get<std::string>()).second;
        }
        sound = sound && depth <= deepest;
        return sound;
    };
    auto parsed = json::parse(text, look, false);
    return sound && parsed.is_object() ? parsed : json();
}

} // namespace guichet
