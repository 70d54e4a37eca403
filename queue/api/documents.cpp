// SPDX-License-Identifier: Apache-2.0
#include "queue/api/documents.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace guichet::queue::api {
namespace {

using nlohmann::ordered_json;

ordered_json wait(const domain::WaitRange& range)
{
    return {
        {"low", range.low.count()}, {"likely", range.likely.count()}, {"high", range.high.count()}};
}

ordered_json call(const domain::BranchSettings& settings, const domain::Call& entry)
{
    return {{"position", entry.position},
            {"ticket", entry.ticket},
            {"counter", entry.counter},
            {"recall", entry.recall},
            {"at", toRfc3339(entry.at, settings.timeZone)}};
}

ordered_json orNull(const std::string& text)
{
    return text.empty() ? ordered_json() : ordered_json(text);
}

std::string clockText(std::chrono::minutes time)
{
    return fmt::format("{:02}:{:02}", time.count() / 60, time.count() % 60);
}

ordered_json hours(const domain::OpeningHours& opening)
{
    constexpr std::array kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    ordered_json weekly;
    for (std::size_t day = 0; day < kDays.size(); ++day) {
        weekly[kDays.at(day)] = ordered_json::array();
        for (const auto& span : opening.weekly.at(day)) {
            weekly[kDays.at(day)].push_back({clockText(span.from), clockText(span.to)});
        }
    }
    return {{"weekly", weekly}, {"closed", opening.closed}};
}

} // namespace

std::string visitDocument(const domain::BranchSettings& settings, const domain::Visit& visit,
                          const std::optional<domain::Outlook>& outlook)
{
    ordered_json document{{"id", visit.id},
                          {"ticket",
                           {{"series", visit.ticket.series},
                            {"number", visit.ticket.number},
                            {"label", visit.ticket.label()}}},
                          {"state", name(visit.state)},
                          {"version", visit.version},
                          {"service", visit.service},
                          {"language", visit.language},
                          {"ahead", outlook ? ordered_json(outlook->ahead) : ordered_json()},
                          {"wait", outlook ? wait(outlook->wait) : ordered_json()},
                          {"counter", outlook ? ordered_json() : orNull(visit.counter)}};
    if (visit.state == domain::VisitState::Remote && visit.arriveBy) {
        document["arriveBy"] = toRfc3339(*visit.arriveBy, settings.timeZone);
        document["code"] = visit.code;
    }
    return document.dump();
}

std::string withToken(std::string document, const std::string& token)
{
    document.pop_back(); // the closing brace; a token is base64url
    return document + ",\"token\":\"" + token + "\"}";
}

std::string withCode(std::string document, const std::string& code)
{
    document.pop_back(); // base45 has neither quotes nor backslashes
    return document + ",\"checkInCode\":\"" + code + "\"}";
}

std::string sessionDocument(const domain::Session& session)
{
    return ordered_json{{"id", session.id},
                        {"counter", session.counter},
                        {"profile", session.profile},
                        {"user", session.user},
                        {"state", session.open ? "open" : "ended"},
                        {"visit", orNull(session.visit)}}
        .dump();
}

std::string branchesDocument(const domain::BranchSettings& settings, const domain::BusinessDay& day)
{
    ordered_json document{{"branches", ordered_json::array()}};
    document["branches"].push_back({{"id", settings.id},
                                    {"names", settings.names},
                                    {"address", settings.address},
                                    {"open", day.open}});
    return document.dump();
}

std::string branchDocument(const domain::BranchSettings& settings, const domain::BusinessDay& day)
{
    ordered_json document{{"id", settings.id},
                          {"names", settings.names},
                          {"address", settings.address},
                          {"timeZone", settings.timeZone},
                          {"hours", hours(settings.hours)},
                          {"businessDay", orNull(day.label)},
                          {"open", day.open},
                          {"services", ordered_json::array()},
                          {"counters", settings.counters},
                          {"profiles", ordered_json::array()}};
    for (const auto& service : settings.services) {
        document["services"].push_back({{"id", service.id},
                                        {"names", service.names},
                                        {"series", service.series},
                                        {"open", service.open && day.open},
                                        {"bring", service.bring},
                                        {"bookable", service.seats > 0},
                                        {"remote", service.remote}});
    }
    for (const auto& profile : settings.profiles) {
        document["profiles"].push_back(profile.id);
    }
    return document.dump();
}

std::string queueDocument(const domain::BranchSettings& settings, const domain::PublicView& view,
                          std::int64_t epoch)
{
    ordered_json document{{"asOf", toRfc3339(view.asOf, settings.timeZone)},
                          {"epoch", epoch},
                          {"position", view.position},
                          {"services", ordered_json::array()},
                          {"calls", ordered_json::array()}};
    for (const auto& status : view.services) {
        const auto* service = settings.service(status.id);
        document["services"].push_back({{"id", status.id},
                                        {"names", service->names},
                                        {"waiting", status.waiting},
                                        {"serving", status.serving},
                                        {"open", status.open},
                                        {"wait", wait(status.wait)}});
    }
    for (const auto& entry : view.calls) {
        document["calls"].push_back(call(settings, entry));
    }
    return document.dump();
}

std::string callDocument(const domain::BranchSettings& settings, const domain::Call& entry)
{
    return call(settings, entry).dump();
}

std::string dayDocument(const domain::BranchSettings& settings, const domain::BusinessDay& day)
{
    return ordered_json{
        {"label", orNull(day.label)},
        {"state", day.open ? "open" : "closed"},
        {"openedAt", day.label.empty() ? ordered_json()
                                       : ordered_json(toRfc3339(day.openedAt, settings.timeZone))},
        {"closedAt",
         day.closedAt ? ordered_json(toRfc3339(*day.closedAt, settings.timeZone)) : ordered_json()}}
        .dump();
}

std::string timeDocument(const domain::BranchSettings& settings, Instant now)
{
    return ordered_json{{"now", toRfc3339(now, settings.timeZone)}}.dump();
}

std::string visitsDocument(const domain::Branch& branch, const std::set<domain::VisitState>& states,
                           Instant now)
{
    std::vector<const domain::Visit*> chosen;
    for (const auto& [id, visit] : branch.visits()) {
        if (states.contains(visit.state)) {
            chosen.push_back(&visit);
        }
    }
    std::ranges::sort(chosen, {}, [](const domain::Visit* visit) { return visit->place; });
    const auto& zone = branch.settings().timeZone;
    ordered_json document{{"asOf", toRfc3339(now, zone)}, {"visits", ordered_json::array()}};
    for (const auto* visit : chosen) {
        auto entry =
            ordered_json::parse(visitDocument(branch.settings(), *visit, branch.outlook(*visit)));
        entry["waitingSince"] = toRfc3339(visit->place.ready, zone);
        entry["reason"] = orNull(visit->reason);
        document["visits"].push_back(std::move(entry));
    }
    return document.dump();
}

} // namespace guichet::queue::api
