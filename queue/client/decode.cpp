// SPDX-License-Identifier: Apache-2.0
#include "queue/client/decode.h"

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

namespace guichet::queue {
namespace {

using Json = nlohmann::json;

Names names(const Json& object)
{
    return object.at("names").get<Names>();
}

WaitRange waitRange(const Json& wait)
{
    const auto part = [&](const char* name) {
        return std::chrono::seconds(wait.at(name).get<std::int64_t>());
    };
    return {part("low"), part("likely"), part("high")};
}

Instant instant(const Json& text)
{
    const auto parsed = fromRfc3339(text.get<std::string>());
    if (!parsed) {
        throw std::invalid_argument(parsed.error().detail);
    }
    return *parsed;
}

/// Absent and null mean the same.
const Json* member(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string text(const Json& object, const char* name)
{
    const auto* found = member(object, name);
    return found != nullptr ? found->get<std::string>() : std::string();
}

BranchInfo branch(const Json& document)
{
    BranchInfo info;
    info.id = document.at("id").get<std::string>();
    info.names = names(document);
    info.timeZone = document.at("timeZone").get<std::string>();
    info.businessDay = text(document, "businessDay");
    info.open = document.at("open").get<bool>();
    for (const auto& service : document.at("services")) {
        info.services.push_back({service.at("id").get<std::string>(), names(service),
                                 text(service, "series"), service.value("open", info.open)});
    }
    for (const auto& counter : document.at("counters")) {
        info.counters.push_back(counter.is_object() ? counter.at("id").get<std::string>()
                                                    : counter.get<std::string>());
    }
    return info;
}

QueueStatus queueStatus(const Json& document)
{
    QueueStatus status;
    status.asOf = instant(document.at("asOf"));
    status.position = document.value("position", std::uint64_t{0});
    for (const auto& service : document.at("services")) {
        status.services.push_back({service.at("id").get<std::string>(), names(service),
                                   service.at("waiting").get<int>(),
                                   service.at("serving").get<int>(), service.at("open").get<bool>(),
                                   waitRange(service.at("wait"))});
    }
    for (const auto& call : document.at("calls")) {
        status.calls.push_back(
            {call.value("position", std::uint64_t{0}), call.at("ticket").get<std::string>(),
             call.at("counter").get<std::string>(), call.value("recall", false),
             member(call, "at") != nullptr ? instant(call.at("at")) : Instant{}});
    }
    return status;
}

Visit visit(const Json& document)
{
    Visit visit;
    const auto& ticket = document.at("ticket");
    visit.id = document.at("id").get<std::string>();
    visit.series = ticket.at("series").get<std::string>();
    visit.number = ticket.at("number").get<int>();
    visit.label = ticket.at("label").get<std::string>();
    visit.state = visitStateFromName(document.at("state").get<std::string>());
    visit.version = document.at("version").get<std::int64_t>();
    visit.service = document.at("service").get<std::string>();
    visit.language = text(document, "language");
    if (const auto* ahead = member(document, "ahead")) {
        visit.ahead = ahead->get<int>();
    }
    if (const auto* wait = member(document, "wait")) {
        visit.wait = waitRange(*wait);
    }
    visit.counter = text(document, "counter");
    visit.token = text(document, "token");
    return visit;
}

std::string assistId(const Json& document)
{
    return document.at("id").get<std::string>();
}

PreparedForm preparedForm(const Json& document)
{
    const auto& fields = document.at("fields");
    if (!fields.is_object()) {
        throw std::invalid_argument("fields is not an object");
    }
    return {document.at("journey").get<std::string>(), fields.dump()};
}

CheckIn checkIn(const Json& document)
{
    CheckIn result;
    if (const auto* form = member(document, "form")) {
        result.form = preparedForm(*form);
    }
    if (!result.form || document.contains("id")) {
        result.visit = visit(document);
    }
    return result;
}

CheckIn checkInRefusal(const Json& document)
{
    CheckInRefusal refusal{document.at("code").get<std::string>(), text(document, "service")};
    if (const auto* from = member(document, "from")) {
        refusal.from = instant(*from);
    }
    return {.refusal = std::move(refusal)};
}

template <typename T> Result<T> decode(std::string_view json, T (*read)(const Json&))
{
    try {
        return read(Json::parse(json));
    } catch (const std::exception& error) {
        // What nlohmann says of a value never quotes the value, only its type and name.
        return fail(Errc::Protocol, std::string("the hub's document: ") + error.what());
    }
}

} // namespace

VisitState visitStateFromName(const std::string& name)
{
    constexpr std::array<std::pair<std::string_view, VisitState>, 10> states{{
        {"remote", VisitState::Remote},
        {"waiting", VisitState::Waiting},
        {"called", VisitState::Called},
        {"serving", VisitState::Serving},
        {"parked", VisitState::Parked},
        {"done", VisitState::Done},
        {"no_show", VisitState::NoShow},
        {"cancelled", VisitState::Cancelled},
        {"removed", VisitState::Removed},
        {"expired", VisitState::Expired},
    }};
    for (const auto& [known, state] : states) {
        if (known == name) {
            return state;
        }
    }
    return VisitState::Unknown;
}

Result<BranchInfo> decodeBranch(std::string_view json)
{
    return decode(json, branch);
}
Result<QueueStatus> decodeQueue(std::string_view json)
{
    return decode(json, queueStatus);
}
Result<Visit> decodeVisit(std::string_view json)
{
    return decode(json, visit);
}
Result<std::string> decodeAssistId(std::string_view json)
{
    return decode(json, assistId);
}
Result<CheckIn> decodeCheckIn(std::string_view json)
{
    return decode(json, checkIn);
}
Result<CheckIn> decodeCheckInRefusal(std::string_view json)
{
    return decode(json, checkInRefusal);
}

bool isCheckInRefusal(std::string_view code)
{
    constexpr std::array<std::string_view, 8> codes{
        "too-early",    "appointment-over", "number-lapsed",         "visit-ended",
        "code-unknown", "code-invalid",     "appointment-cancelled", "business-day-closed"};
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

} // namespace guichet::queue
