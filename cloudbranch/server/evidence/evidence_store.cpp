// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/evidence/evidence_store.h"

#include <algorithm>

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "cloudbranch/evidence/report.h"

namespace guichet::hub {

using evidence::Manifest;
using evidence::Verdict;
using queue::storage::Database;

namespace {

constexpr std::chrono::hours kSweepPause{24};
constexpr std::size_t kMostEvents = 200, kMostDetail = 200;
constexpr std::string_view kHub = "hub";

std::string terminalName(const std::string& terminal)
{
    return "terminal:" + terminal;
}

tl::unexpected<Error> unknownCase()
{
    return fail(Errc::NotFound, "no such case of this terminal");
}

tl::unexpected<Error> over(const CaseRecord& record)
{
    return fail(Errc::Conflict, record.removed ? "the case was removed" : "the case is complete");
}

} // namespace

EvidenceStore::EvidenceStore(Parts parts, EvidenceFiles files)
    : m_parts(std::move(parts))
    , m_files(std::move(files))
{
}

Result<std::unique_ptr<EvidenceStore>> EvidenceStore::open(Parts parts)
{
    auto files = EvidenceFiles::open(parts.root);
    if (!files) {
        return fail(std::move(files).error(), "open the evidence");
    }
    return std::unique_ptr<EvidenceStore>(new EvidenceStore(std::move(parts), std::move(*files)));
}

Result<void> EvidenceStore::write(const Write& write)
{
    return m_parts.store.rewrite(
        [&](Database& database) { return write(EvidenceRows(database, m_parts.branch)); });
}

EvidenceEvent EvidenceStore::event(std::string type, const std::string& caseId,
                                   const std::string& who, std::string detail) const
{
    detail.resize(std::min(detail.size(), kMostDetail));
    return {std::move(type), caseId, who, std::move(detail), m_parts.clock.now()};
}

std::mutex& EvidenceStore::lockOf(const std::string& caseId)
{
    return m_locks.at(std::hash<std::string>()(caseId) % m_locks.size());
}

void EvidenceStore::audit(const std::string& what, const std::string& who,
                          const std::string& caseId)
{
    const auto known = evidence::isCaseId(caseId) ? caseId : std::string();
    const auto done = write(
        [&](const EvidenceRows& rows) { return rows.log(event("refused." + what, known, who)); });
    if (!done) {
        spdlog::error("evidence: a refusal is not stored: {}", done.error().detail);
    }
}

Result<CaseRecord> EvidenceStore::find(const std::string& caseId)
{
    if (!evidence::isCaseId(caseId)) {
        return fail(Errc::NotFound, "no such case");
    }
    std::optional<CaseRecord> found;
    auto read = write([&](const EvidenceRows& rows) {
        return rows.find(caseId).map([&found](auto record) { found = std::move(record); });
    });
    if (!read) {
        return tl::unexpected(read.error());
    }
    return found ? Result<CaseRecord>(std::move(*found)) : fail(Errc::NotFound, "no such case");
}

Result<CaseRecord> EvidenceStore::own(const std::string& caseId, const std::string& terminal)
{
    return find(caseId).and_then(
        [&](CaseRecord record) { return ownedBy(std::move(record), terminal); });
}

Result<CaseRecord> EvidenceStore::ownedBy(CaseRecord record, const std::string& terminal)
{
    if (record.terminal != terminal) {
        audit("foreign-case", terminalName(terminal), record.id);
        return unknownCase();
    }
    return record;
}

std::optional<evidence::VerifyingKey> EvidenceStore::signerOf(const std::string& terminal,
                                                              const Manifest& manifest) const
{
    if (!m_parts.certificates) {
        return std::nullopt;
    }
    for (const auto& pem : m_parts.certificates(terminal)) {
        auto key = evidence::VerifyingKey::fromPem(pem);
        if (key && key->verifies(evidence::headsText(manifest.heads), manifest.signature)) {
            return std::move(*key);
        }
    }
    return std::nullopt;
}

Result<void> EvidenceStore::checkSigner(const std::string& terminal, const Manifest& manifest) const
{
    if (!m_parts.certificates || m_parts.certificates(terminal).empty() ||
        signerOf(terminal, manifest)) {
        return {};
    }
    return fail(Errc::Invalid,
                "heads: not signed with the key of a certificate of terminal " + terminal);
}

Result<CaseRecord> EvidenceStore::begin(const std::string& caseId, const std::string& terminal,
                                        const Manifest& manifest)
{
    bool anothers = false;
    auto asked = write([&](const EvidenceRows& rows) {
        return rows.isAnothers(caseId, terminal).map([&](bool is) { anothers = is; });
    });
    if (!asked) {
        return tl::unexpected(asked.error());
    }
    if (anothers) {
        audit("foreign-case", terminalName(terminal), caseId);
        return unknownCase();
    }
    return CaseRecord{
        .id = caseId, .terminal = terminal, .begun = m_parts.clock.now(), .manifest = manifest};
}

Result<void> EvidenceStore::checkRoom(std::size_t bytes) const
{
    const auto room = m_files.room();
    if (!room) {
        return tl::unexpected(room.error());
    }
    if (*room < m_parts.rules.keepFree || *room - m_parts.rules.keepFree < bytes) {
        return fail(Errc::Busy,
                    "evidence: the disk is full: " + std::to_string(*room) +
                        " bytes are free, and evidence.keep_free_mib is for the queue",
                    Remedy::CallStaff);
    }
    return {};
}

Result<void> EvidenceStore::putHeads(const std::string& caseId, const std::string& terminal,
                                     std::string_view text)
{
    auto manifest = evidence::parseManifest(text);
    if (!manifest) {
        return fail(Errc::Invalid, "heads: " + manifest.error().detail);
    }
    if (manifest->heads.caseId != caseId || manifest->heads.terminal != terminal) {
        return fail(Errc::Invalid, "heads: they are of case " + manifest->heads.caseId +
                                       " and terminal " + manifest->heads.terminal + ", want " +
                                       caseId + " and " + terminal);
    }
    const std::lock_guard lock(lockOf(caseId));
    auto record = find(caseId);
    const bool isNew = !record && record.error().code == Errc::NotFound;
    if (isNew) {
        record = begin(caseId, terminal, *manifest);
    } else if (record) {
        record = ownedBy(std::move(*record), terminal);
    }
    if (!record) {
        return tl::unexpected(record.error());
    }
    if (!isNew && record->manifest == *manifest) {
        return {}; // the answer was lost
    }
    if (record->completed || record->removed) {
        return over(*record);
    }
    if (auto after = isNew ? Result<void>() : follows(record->manifest.heads, manifest->heads);
        !after) {
        audit("heads", terminalName(terminal), caseId);
        return after;
    }
    if (auto vouched = checkSigner(terminal, *manifest); !vouched) {
        audit("signature", terminalName(terminal), caseId);
        return vouched;
    }
    const auto line = evidence::manifestText(*manifest);
    const auto size = record->headsBytes;
    const bool closes = manifest->heads.closed && (isNew || !record->manifest.heads.closed);
    record->manifest = std::move(*manifest);
    record->headsBytes += line.size();
    ++record->headsCount;
    return checkRoom(line.size())
        .and_then([&] { return m_files.putHeads(caseId, size, line); })
        .and_then([&] {
            return write([&](const EvidenceRows& rows) {
                auto done = rows.put(*record);
                if (done && isNew) {
                    done = rows.log(event("case.begun", caseId, terminalName(terminal)));
                }
                if (done && closes) {
                    done = rows.log(event("case.closed", caseId, terminalName(terminal)));
                }
                return done;
            });
        });
}

Result<std::vector<StoredTrack>> EvidenceStore::tracks(const std::string& caseId,
                                                       const std::string& terminal)
{
    return own(caseId, terminal).map([](CaseRecord record) { return std::move(record.tracks); });
}

Result<StoredTrack> EvidenceStore::putTrack(const std::string& caseId, const std::string& track,
                                            const std::string& terminal, std::uint64_t from,
                                            ByteView bytes)
{
    if (!evidence::isTrackName(track)) {
        return fail(Errc::Invalid, "track: 1 to 32 lower-case letters, digits and hyphens name it");
    }
    const std::lock_guard lock(lockOf(caseId));
    auto record = own(caseId, terminal);
    if (!record) {
        return tl::unexpected(record.error());
    }
    if (record->completed || record->removed) {
        return over(*record);
    }
    auto& tracks = record->tracks;
    const auto known = std::ranges::find(tracks, track, &StoredTrack::track);
    StoredTrack stored = known == tracks.end() ? StoredTrack{.track = track} : *known;
    if (stored.bytes != from) {
        return fail(Errc::Conflict, "track " + track + ": the hub has " +
                                        std::to_string(stored.bytes) + " bytes, go on there");
    }
    if (known == tracks.end() && tracks.size() >= evidence::kMostTracks) {
        return fail(Errc::Invalid, "track: the case has " + std::to_string(tracks.size()) +
                                       " already, which is the most");
    }
    auto link = linkBehind(caseId, track, from, bytes);
    if (!link) {
        return tl::unexpected(link.error());
    }
    stored.bytes += bytes.size();
    stored.link = std::move(*link);
    return checkRoom(bytes.size())
        .and_then([&] { return m_files.putTrack(caseId, track, from, bytes); })
        .and_then([&] {
            return write([&](const EvidenceRows& rows) { return rows.putTrack(caseId, stored); });
        })
        .map([&] { return stored; });
}

/// Runs the auditor's own check, as far as it goes without the key.
Result<Verdict> EvidenceStore::examine(CaseRecord& record) const
{
    auto heads = m_files.heads(record);
    if (!heads) {
        return tl::unexpected(heads.error());
    }
    if (auto written = m_files.putManifest(record); !written) {
        return tl::unexpected(written.error());
    }
    const auto signer = signerOf(record.terminal, record.manifest);
    const evidence::Checked checked{.signature = signer.has_value(), .serverHeads = heads->size()};
    const auto report =
        evidence::checkCase(m_files.folder(record.id),
                            {.signer = signer ? &*signer : nullptr, .kept = std::move(*heads)});
    if (!report) {
        return tl::unexpected(report.error());
    }
    auto document = nlohmann::json::parse(evidence::reportJson(*report, checked));
    document.erase("folder");
    record.report = document.dump();
    record.checked = m_parts.clock.now();
    return report->verdict();
}

Result<CaseRecord> EvidenceStore::complete(const std::string& caseId, const std::string& terminal)
{
    const std::lock_guard lock(lockOf(caseId));
    auto record = own(caseId, terminal);
    if (!record || record->completed) {
        return record;
    }
    if (record->removed) {
        return over(*record);
    }
    for (const auto& track : record->tracks) { // of a write that nobody was told of
        if (auto trimmed = m_files.trim(caseId, track); !trimmed) {
            return tl::unexpected(trimmed.error());
        }
    }
    const auto verdict = examine(*record);
    if (!verdict) {
        return tl::unexpected(verdict.error());
    }
    if (*verdict != Verdict::Changed) {
        record->completed = record->checked;
    }
    auto written = write([&](const EvidenceRows& rows) {
        return rows.put(*record).and_then([&] {
            return rows.log(event(record->completed ? "case.completed" : "case.incomplete", caseId,
                                  terminalName(terminal), std::string(name(*verdict))));
        });
    });
    return written ? record : tl::unexpected(written.error());
}

Result<std::vector<CaseRecord>> EvidenceStore::list(Instant before, std::size_t most,
                                                    const std::string& who)
{
    std::vector<CaseRecord> records;
    auto read = write([&](const EvidenceRows& rows) {
        return rows.log(event("looked.list", {}, who)).and_then([&] {
            return rows.list(before, most).map([&](auto found) { records = std::move(found); });
        });
    });
    return read ? Result<std::vector<CaseRecord>>(std::move(records))
                : tl::unexpected(read.error());
}

Result<EvidenceStore::Look> EvidenceStore::look(const std::string& caseId, const std::string& who)
{
    auto record = find(caseId);
    if (!record) {
        return tl::unexpected(record.error());
    }
    Look look{.record = std::move(*record)};
    auto read = write([&](const EvidenceRows& rows) {
        return rows.log(event("looked.case", caseId, who))
            .and_then([&] { return rows.events(caseId, kMostEvents); })
            .and_then([&](auto events) {
                look.events = std::move(events);
                return rows.assistEvents(caseId, kMostEvents);
            })
            .map([&](auto events) { look.assistEvents = std::move(events); });
    });
    return read ? Result<Look>(std::move(look)) : tl::unexpected(read.error());
}

Result<CaseRecord> EvidenceStore::check(const std::string& caseId, const std::string& who)
{
    const std::lock_guard lock(lockOf(caseId));
    auto record = find(caseId);
    if (!record || record->removed) {
        return record ? over(*record) : record;
    }
    const auto verdict = examine(*record);
    if (!verdict) {
        return tl::unexpected(verdict.error());
    }
    auto written = write([&](const EvidenceRows& rows) {
        return rows.put(*record).and_then([&] {
            return rows.log(event("case.checked", caseId, who, std::string(name(*verdict))));
        });
    });
    return written ? record : tl::unexpected(written.error());
}

Result<CaseRecord> EvidenceStore::fetch(const std::string& caseId, const std::string& who,
                                        bool begins)
{
    const std::lock_guard lock(lockOf(caseId));
    auto record = find(caseId);
    if (!record || record->removed) {
        return record ? over(*record) : record;
    }
    if (!begins) {
        return record;
    }
    auto ready = m_files.putManifest(*record).and_then([&] {
        return write([&](const EvidenceRows& rows) {
            return rows.log(event("looked.folder", caseId, who));
        });
    });
    return ready ? record : tl::unexpected(ready.error());
}

Result<CaseRecord> EvidenceStore::placeHold(const std::string& caseId, const std::string& id,
                                            const std::string& reason, const std::string& who)
{
    const std::lock_guard lock(lockOf(caseId));
    auto record = find(caseId);
    if (!record || record->removed) {
        return record ? over(*record) : record;
    }
    if (const auto known = std::ranges::find(record->holds, id, &CaseHold::id);
        known != record->holds.end()) {
        return !known->released && known->reason == reason
                   ? record
                   : fail(Errc::Conflict, "this hold was placed before");
    }
    const CaseHold hold{id, reason, who, m_parts.clock.now()};
    record->holds.push_back(hold);
    auto written = write([&](const EvidenceRows& rows) {
        return rows.putHold(caseId, hold).and_then([&] {
            return rows.log(event("hold.placed", caseId, who, reason));
        });
    });
    return written ? record : tl::unexpected(written.error());
}

Result<CaseRecord> EvidenceStore::releaseHold(const std::string& caseId, const std::string& id,
                                              const std::string& who)
{
    const std::lock_guard lock(lockOf(caseId));
    auto record = find(caseId);
    if (!record) {
        return record;
    }
    const auto hold = std::ranges::find(record->holds, id, &CaseHold::id);
    if (hold == record->holds.end()) {
        return fail(Errc::NotFound, "no such hold of this case");
    }
    if (hold->released) {
        return record;
    }
    hold->released = m_parts.clock.now();
    hold->releasedBy = who;
    auto written = write([&](const EvidenceRows& rows) {
        return rows.putHold(caseId, *hold).and_then([&] {
            return rows.log(event("hold.released", caseId, who, hold->reason));
        });
    });
    return written ? record : tl::unexpected(written.error());
}

void EvidenceStore::tidy()
{
    const std::lock_guard lock(m_sweeping);
    if (m_parts.clock.ticks() >= m_nextSweep) {
        m_nextSweep = m_parts.clock.ticks() + kSweepPause;
        sweep();
    }
}

void EvidenceStore::sweep()
{
    std::vector<CaseRecord> kept;
    const auto read = write([&](const EvidenceRows& rows) {
        return rows.kept().map([&](auto found) { kept = std::move(found); });
    });
    if (!read) {
        spdlog::error("evidence: cannot be read: {}", read.error().detail);
        return;
    }
    for (const auto& candidate : kept) {
        const std::lock_guard lock(lockOf(candidate.id));
        auto record = find(candidate.id); // a hold may have come meanwhile
        if (!record || record->removed) {
            continue;
        }
        const auto ruling = evidence::mayDelete(record->retention(), m_parts.clock.now());
        if (!ruling.allowed) {
            continue;
        }
        record->removed = m_parts.clock.now();
        const auto done = m_files.remove(record->id).and_then([&] {
            return write([&](const EvidenceRows& rows) {
                return rows.put(*record).and_then([&] {
                    return rows.log(
                        event("case.removed", record->id, std::string(kHub), ruling.why));
                });
            });
        });
        if (!done) {
            spdlog::error("evidence: case {} is not removed: {}", record->id, done.error().detail);
        }
    }
}

} // namespace guichet::hub
