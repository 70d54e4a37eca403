// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/evidence/evidence_rows.h"

#include <nlohmann/json.hpp>

#include "queue/storage/statements.h"

namespace guichet::hub {

using queue::storage::bindOptional;
using queue::storage::change;
using queue::storage::each;
using queue::storage::instant;
using queue::storage::optionalInstant;
using queue::storage::stamp;
using queue::storage::Statement;

namespace {

constexpr std::string_view kColumns =
    "SELECT case_id, terminal, begun_at, heads_bytes, heads_count, manifest, completed_at, "
    "removed_at, checked_at, report FROM evidence_cases WHERE branch=? ";

std::int64_t number(std::uint64_t value)
{
    return static_cast<std::int64_t>(value);
}

CaseRecord recordIn(const Statement& row, evidence::Manifest manifest)
{
    return {.id = row.text(0),
            .terminal = row.text(1),
            .begun = instant(row.integer(2)),
            .manifest = std::move(manifest),
            .headsCount = static_cast<std::uint64_t>(row.integer(4)),
            .headsBytes = static_cast<std::uint64_t>(row.integer(3)),
            .completed = optionalInstant(row, 6),
            .removed = optionalInstant(row, 7),
            .checked = optionalInstant(row, 8),
            .report = row.text(9)};
}

} // namespace

Result<std::vector<CaseRecord>>
EvidenceRows::select(const std::string& where, const std::function<void(Statement&)>& bind) const
{
    auto statement = m_database.prepare(std::string(kColumns) + where);
    if (!statement) {
        return tl::unexpected(statement.error());
    }
    (*statement)->bind(m_branch);
    bind(**statement);
    std::vector<CaseRecord> records;
    Result<void> sound;
    auto done = each(**statement, [&](const Statement& row) {
        auto manifest = evidence::parseManifest(row.text(5));
        if (!manifest) {
            sound = tl::unexpected(manifest.error());
            return;
        }
        records.push_back(recordIn(row, std::move(*manifest)));
    });
    if (!done || !sound) {
        return tl::unexpected(done ? sound.error() : done.error());
    }
    for (auto& record : records) {
        if (auto added = addHolds(record); !added) {
            return tl::unexpected(added.error());
        }
    }
    return records;
}

Result<void> EvidenceRows::addHolds(CaseRecord& record) const
{
    auto statement = m_database.prepare(
        "SELECT id, reason, placed_by, placed_at, released_by, released_at FROM evidence_holds "
        "WHERE branch=? AND case_id=? ORDER BY placed_at, id");
    if (!statement) {
        return tl::unexpected(statement.error());
    }
    (*statement)->bind(m_branch).bind(record.id);
    return each(**statement, [&record](const Statement& row) {
        record.holds.push_back({.id = row.text(0),
                                .reason = row.text(1),
                                .placedBy = row.text(2),
                                .placed = instant(row.integer(3)),
                                .releasedBy = row.text(4),
                                .released = optionalInstant(row, 5)});
    });
}

Result<std::optional<CaseRecord>> EvidenceRows::find(const std::string& id) const
{
    auto found = select("AND case_id=?", [&id](Statement& row) { row.bind(id); });
    if (!found || found->empty()) {
        return found ? Result<std::optional<CaseRecord>>(std::nullopt)
                     : tl::unexpected(found.error());
    }
    auto& record = found->front();
    auto statement = m_database.prepare("SELECT track, bytes, link FROM evidence_tracks "
                                        "WHERE branch=? AND case_id=? ORDER BY track");
    if (!statement) {
        return tl::unexpected(statement.error());
    }
    (*statement)->bind(m_branch).bind(id);
    const auto done = each(**statement, [&record](const Statement& row) {
        record.tracks.push_back(
            {row.text(0), static_cast<std::uint64_t>(row.integer(1)), row.text(2)});
    });
    if (!done) {
        return tl::unexpected(done.error());
    }
    return std::optional(std::move(record));
}

Result<std::vector<CaseRecord>> EvidenceRows::list(Instant before, std::size_t most) const
{
    return select("AND begun_at<? ORDER BY begun_at DESC, case_id LIMIT ?",
                  [&](Statement& row) { row.bind(stamp(before)).bind(number(most)); });
}

Result<std::vector<CaseRecord>> EvidenceRows::kept() const
{
    return select("AND removed_at IS NULL ORDER BY begun_at", [](Statement&) {});
}

Result<void> EvidenceRows::put(const CaseRecord& record) const
{
    return change(m_database,
                  "INSERT INTO evidence_cases VALUES (?,?,?,?,?,?,?,?,?,?,?) "
                  "ON CONFLICT (branch, case_id) DO UPDATE SET heads_bytes=excluded.heads_bytes, "
                  "heads_count=excluded.heads_count, manifest=excluded.manifest, "
                  "completed_at=excluded.completed_at, removed_at=excluded.removed_at, "
                  "checked_at=excluded.checked_at, report=excluded.report",
                  [&](Statement& row) {
                      row.bind(m_branch).bind(record.id).bind(record.terminal);
                      row.bind(stamp(record.begun)).bind(number(record.headsBytes));
                      row.bind(number(record.headsCount));
                      row.bind(evidence::manifestText(record.manifest));
                      bindOptional(row, record.completed);
                      bindOptional(row, record.removed);
                      bindOptional(row, record.checked);
                      row.bind(record.report);
                  });
}

Result<void> EvidenceRows::putTrack(const std::string& caseId, const StoredTrack& track) const
{
    return change(m_database,
                  "INSERT INTO evidence_tracks VALUES (?,?,?,?,?) ON CONFLICT (branch, case_id, "
                  "track) DO UPDATE SET bytes=excluded.bytes, link=excluded.link",
                  [&](Statement& row) {
                      row.bind(m_branch).bind(caseId).bind(track.track);
                      row.bind(number(track.bytes)).bind(track.link);
                  });
}

Result<void> EvidenceRows::putHold(const std::string& caseId, const CaseHold& hold) const
{
    return change(m_database,
                  "INSERT INTO evidence_holds VALUES (?,?,?,?,?,?,?,?) "
                  "ON CONFLICT (branch, case_id, id) DO UPDATE SET "
                  "released_by=excluded.released_by, released_at=excluded.released_at",
                  [&](Statement& row) {
                      row.bind(m_branch).bind(caseId).bind(hold.id).bind(hold.reason);
                      row.bind(hold.placedBy).bind(stamp(hold.placed)).bind(hold.releasedBy);
                      bindOptional(row, hold.released);
                  });
}

Result<void> EvidenceRows::log(const EvidenceEvent& event) const
{
    return change(m_database,
                  "INSERT INTO evidence_events SELECT ?, COALESCE(MAX(sequence), 0) + 1, ?, ?, ?, "
                  "?, ? FROM evidence_events WHERE branch=?",
                  [&](Statement& row) {
                      row.bind(m_branch).bind(event.type).bind(event.caseId).bind(event.who);
                      row.bind(event.detail).bind(stamp(event.at)).bind(m_branch);
                  });
}

Result<std::vector<EvidenceEvent>> EvidenceRows::events(const std::string& caseId,
                                                        std::size_t most) const
{
    auto statement = m_database.prepare("SELECT type, who, detail, recorded_at FROM "
                                        "evidence_events WHERE branch=? AND case_id=? "
                                        "ORDER BY sequence DESC LIMIT ?");
    if (!statement) {
        return tl::unexpected(statement.error());
    }
    (*statement)->bind(m_branch).bind(caseId).bind(number(most));
    std::vector<EvidenceEvent> events;
    const auto done = each(**statement, [&](const Statement& row) {
        events.push_back({row.text(0), caseId, row.text(1), row.text(2), instant(row.integer(3))});
    });
    return done ? Result<std::vector<EvidenceEvent>>(std::move(events))
                : tl::unexpected(done.error());
}

Result<std::vector<EvidenceEvent>> EvidenceRows::assistEvents(const std::string& caseId,
                                                              std::size_t most) const
{
    auto statement =
        m_database.prepare("SELECT e.type, e.seat, e.reason, e.recorded_at FROM assist_events e "
                           "JOIN assists a ON a.branch=e.branch AND a.id=e.assist "
                           "WHERE a.branch=? AND a.case_id=? ORDER BY e.sequence LIMIT ?");
    if (!statement) {
        return tl::unexpected(statement.error());
    }
    (*statement)->bind(m_branch).bind(caseId).bind(number(most));
    std::vector<EvidenceEvent> events;
    const auto done = each(**statement, [&](const Statement& row) {
        events.push_back({row.text(0), caseId, row.text(1), row.text(2), instant(row.integer(3))});
    });
    return done ? Result<std::vector<EvidenceEvent>>(std::move(events))
                : tl::unexpected(done.error());
}

Result<bool> EvidenceRows::isAnothers(const std::string& caseId, const std::string& terminal) const
{
    auto statement =
        m_database.prepare("SELECT document FROM assists WHERE branch=? AND case_id=?");
    if (!statement) {
        return tl::unexpected(statement.error());
    }
    (*statement)->bind(m_branch).bind(caseId);
    bool others = false;
    const auto done = each(**statement, [&](const Statement& row) {
        const auto document = nlohmann::json::parse(row.text(0), nullptr, false);
        others = others || !document.is_object() || document.value("terminal", "") != terminal;
    });
    return done ? Result<bool>(others) : tl::unexpected(done.error());
}

} // namespace guichet::hub
