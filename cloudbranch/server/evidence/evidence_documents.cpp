// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/evidence/evidence_documents.h"

#include <algorithm>

namespace guichet::hub {

using nlohmann::json;

namespace {

json optionalTime(const std::optional<Instant>& time)
{
    return time ? json(toRfc3339(*time)) : json();
}

json report(const CaseRecord& record)
{
    return record.report.empty() ? json() : json::parse(record.report, nullptr, false);
}

json retentionDocument(const CaseRecord& record, Instant now)
{
    const auto retention = record.retention();
    const auto ruling = evidence::mayDelete(retention, now);
    json document{{"class", nullptr},
                  {"months", nullptr},
                  {"until", optionalTime(ruling.earliest)},
                  {"ruling", ruling.why}};
    if (retention) {
        document["class"] = retention->name;
        document["months"] = retention->months;
    }
    return document;
}

json eventDocuments(const std::vector<EvidenceEvent>& events)
{
    json all = json::array();
    for (const auto& event : events) {
        all.push_back({{"at", toRfc3339(event.at)},
                       {"type", event.type},
                       {"who", event.who},
                       {"detail", event.detail}});
    }
    return all;
}

/// What the terminal promised of each track, what the hub has, and what was found.
json trackDocuments(const CaseRecord& record)
{
    json all = json::array();
    const auto found = report(record);
    for (const auto& head : record.manifest.heads.tracks) {
        const auto stored = std::ranges::find(record.tracks, head.track, &StoredTrack::track);
        json one{
            {"track", head.track},    {"mediaType", head.mediaType},
            {"promised", head.bytes}, {"bytes", stored == record.tracks.end() ? 0 : stored->bytes},
            {"closed", head.closed},  {"verdict", nullptr},
            {"faults", json::array()}};
        for (const auto& checked :
             found.is_object() ? found.value("tracks", json::array()) : json::array()) {
            if (checked.value("track", "") == head.track) {
                for (const char* member : {"verdict", "faults", "from", "until"}) {
                    if (checked.contains(member)) {
                        one[member] = checked.at(member);
                    }
                }
            }
        }
        all.push_back(std::move(one));
    }
    return all;
}

} // namespace

json trackDocument(const StoredTrack& track)
{
    return {{"track", track.track}, {"bytes", track.bytes}, {"link", track.link}};
}

json caseDocument(const CaseRecord& record, Instant now)
{
    const auto& heads = record.manifest.heads;
    const auto found = report(record);
    return {{"case", record.id},
            {"terminal", record.terminal},
            {"opened", toRfc3339(heads.opened)},
            {"at", toRfc3339(heads.at)},
            {"closed", heads.closed},
            {"completed", optionalTime(record.completed)},
            {"removed", optionalTime(record.removed)},
            {"checked", optionalTime(record.checked)},
            {"verdict", found.is_object() ? found.value("verdict", json()) : json()},
            {"retention", retentionDocument(record, now)},
            {"hold", record.onHold()}};
}

json holdsDocument(const CaseRecord& record)
{
    json all = json::array();
    for (const auto& hold : record.holds) {
        all.push_back({{"id", hold.id},
                       {"reason", hold.reason},
                       {"placedBy", hold.placedBy},
                       {"placed", toRfc3339(hold.placed)},
                       {"releasedBy", hold.releasedBy},
                       {"released", optionalTime(hold.released)}});
    }
    return {{"holds", std::move(all)}};
}

json checkDocument(const CaseRecord& record)
{
    return {{"complete", record.completed.has_value()}, {"report", report(record)}};
}

json lookDocument(const EvidenceStore::Look& look, Instant now)
{
    const auto& record = look.record;
    const auto found = report(record);
    auto document = caseDocument(record, now);
    document["heads"] = record.headsCount;
    document["signature"] = found.is_object() && found.contains("checked")
                                ? found.at("checked").value("signature", json())
                                : json();
    document["faults"] = found.is_object() ? found.value("faults", json::array()) : json::array();
    document["notes"] = found.is_object() ? found.value("notes", json::array()) : json::array();
    document["tracks"] = trackDocuments(record);
    document["holds"] = holdsDocument(record).at("holds");
    document["events"] = eventDocuments(look.events);
    document["assistEvents"] = eventDocuments(look.assistEvents);
    return document;
}

} // namespace guichet::hub
