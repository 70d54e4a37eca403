// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/resident_control.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "peripherals/virtual/control_body.h"

namespace guichet::virtualdevices {

namespace {

using nlohmann::json;
using Fault = SdtReader::Fault;

constexpr std::array<std::pair<const char*, Fault>, 7> kFaults{
    {{"none", Fault::None},
     {"cardMoves", Fault::CardMoves},
     {"cardMovesOnce", Fault::CardMovesOnce},
     {"otherCard", Fault::OtherCard},
     {"damaged", Fault::Damaged},
     {"mute", Fault::Mute},
     {"expired", Fault::Expired}}};

std::vector<std::string> faultNames()
{
    std::vector<std::string> names;
    std::ranges::transform(kFaults, std::back_inserter(names),
                           [](const auto& each) { return each.first; });
    return names;
}

net::Response answer(const ResidentServer& reader)
{
    return asJson(residentState(reader));
}

net::Response place(const net::Request& request, ResidentServer& reader)
{
    ControlBody body(request);
    const auto name = body.text("card");
    const auto* card = name ? findResidentCard(*name) : nullptr;
    if (name && card == nullptr) {
        body.wrong("card", "no such card; GET /resident/cards lists them");
    }
    if (auto refusal = body.refusal()) {
        return *refusal;
    }
    reader.place(*card);
    return answer(reader);
}

net::Response remove(const net::Request& request, ResidentServer& reader)
{
    ControlBody body(request);
    if (auto refusal = body.refusal()) {
        return *refusal;
    }
    return reader.remove() ? answer(reader)
                           : net::problem(409, "no-card", "no card lies on the reader");
}

net::Response setFault(const net::Request& request, ResidentServer& reader)
{
    ControlBody body(request);
    const auto wanted = body.oneOf("fault", faultNames());
    if (auto refusal = body.refusal()) {
        return *refusal;
    }
    const auto* const found = std::find_if(kFaults.begin(), kFaults.end(),
                                           [&](const auto& each) { return each.first == *wanted; });
    reader.set(found->second);
    return answer(reader);
}

} // namespace

json residentState(const ResidentServer& reader)
{
    const auto state = reader.state();
    const auto* const fault = std::find_if(kFaults.begin(), kFaults.end(), [&](const auto& each) {
        return each.second == state.fault;
    });
    return {{"card", state.card.empty() ? json(nullptr) : json(state.card)},
            {"fault", fault->first},
            {"plugged", state.plugged},
            {"connected", state.connected},
            {"readings", state.readings}};
}

void addResidentRoutes(net::Router& router, ResidentServer& reader)
{
    using net::Request;
    router.add("GET", "/resident/cards", [](const Request&) {
        auto list = json::array();
        for (const auto& card : knownResidentCards()) {
            list.push_back({{"card", card.name}, {"en", card.titleEn}, {"zh", card.titleZh}});
        }
        return asJson({{"cards", std::move(list)}});
    });
    router.add("POST", "/resident/place", [&](const Request& r) { return place(r, reader); });
    router.add("POST", "/resident/remove", [&](const Request& r) { return remove(r, reader); });
    router.add("POST", "/resident/fault", [&](const Request& r) { return setFault(r, reader); });
    router.add("POST", "/resident/plug", [&](const Request& r) {
        return plugDevice(r, reader, [&] { return residentState(reader); });
    });
}

} // namespace guichet::virtualdevices
