// SPDX-License-Identifier: Apache-2.0
#include "peripherals/xfs/common_interface.h"

#include <algorithm>
#include <map>
#include <string>

namespace guichet::xfs {

using nlohmann::json;

namespace {

std::string interfaceOf(const std::string& message)
{
    return message.substr(0, message.find('.'));
}

template <typename Offers>
const typename Offers::value_type* find(const Offers& offers, const std::string& name)
{
    const auto found = std::find_if(offers.begin(), offers.end(),
                                    [&name](const auto& offer) { return offer.name == name; });
    return found == offers.end() ? nullptr : &*found;
}

/// Every entry names a message that we have, with the major version that we have.
template <typename Offers> bool allOffered(const Offers& offers, const json& wanted)
{
    for (const auto& [name, major] : wanted.items()) {
        const auto* offer = find(offers, name);
        if (!offer ||
            !sameMajor(offer->version, std::to_string(major.template get<int>()) + ".0")) {
            return false;
        }
    }
    return true;
}

bool isVersionMap(const json& payload, const char* key)
{
    const auto found = payload.find(key);
    if (found == payload.end() || found->is_null()) {
        return true;
    }
    return found->is_object() && std::all_of(found->begin(), found->end(), [](const json& value) {
               return value.is_number_integer() && value >= 1 && value <= 1000;
           });
}

json versionMap(const json& payload, const char* key)
{
    const auto found = payload.find(key);
    return found == payload.end() || found->is_null() ? json::object() : *found;
}

} // namespace

bool sameMajor(std::string_view left, std::string_view right)
{
    return left.substr(0, left.find('.')) == right.substr(0, right.find('.'));
}

void addCommonOffers(ServiceDescription& description)
{
    for (const auto& [name, completion] :
         {std::pair("Common.Status", "3.0"), std::pair("Common.Capabilities", "3.0"),
          std::pair("Common.Cancel", "2.0"), std::pair("Common.SetVersions", "2.0"),
          std::pair("Common.SetTransactionState", "2.0"),
          std::pair("Common.GetTransactionState", "2.0")}) {
        description.commands.push_back({name, "2.0", completion});
    }
    description.events.push_back({"Common.StatusChangedEvent", "3.0"});
    description.events.push_back({"Common.ErrorEvent", "2.0"});
}

json capabilitiesPayload(const ServiceDescription& description)
{
    std::map<std::string, json> interfaces;
    for (const auto& offer : description.commands) {
        interfaces[interfaceOf(offer.name)]["commands"][offer.name] = {
            {"versions", json::array({offer.version})}};
    }
    for (const auto& offer : description.events) {
        interfaces[interfaceOf(offer.name)]["events"][offer.name] = {
            {"versions", json::array({offer.version})}};
    }
    json payload = description.capabilities;
    payload["interfaces"] = json::array();
    for (auto& [name, body] : interfaces) {
        body["name"] = name;
        body["maximumRequests"] = description.maximumRequests;
        payload["interfaces"].push_back(std::move(body));
    }
    return payload;
}

json mergeStatus(json& status, const json& change)
{
    json differing;
    for (const auto& [member, properties] : change.items()) {
        for (const auto& [key, value] : properties.items()) {
            json& held = status[member][key];
            if (held != value) {
                held = value;
                differing[member][key] = value;
            }
        }
    }
    return differing;
}

std::optional<CancelRequest> cancelRequest(const json& payload)
{
    CancelRequest request;
    const auto ids = payload.find("requestIds");
    if (ids == payload.end() || ids->is_null()) {
        request.all = true;
        return request;
    }
    if (!ids->is_array()) {
        return std::nullopt;
    }
    for (const auto& id : *ids) {
        if (!id.is_number_integer() || id < 1) {
            return std::nullopt;
        }
        request.requestIds.push_back(id.get<std::int64_t>());
    }
    return request;
}

Completion setVersions(const ServiceDescription& description, const json& payload)
{
    if (!isVersionMap(payload, "commands") || !isVersionMap(payload, "events")) {
        return failure(CompletionCode::InvalidData, "a version is not a whole number above 0");
    }
    if (!allOffered(description.commands, versionMap(payload, "commands")) ||
        !allOffered(description.events, versionMap(payload, "events"))) {
        return failure(CompletionCode::UnsupportedData, "a message or version is not offered");
    }
    return success();
}

} // namespace guichet::xfs
