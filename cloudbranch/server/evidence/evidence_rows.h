// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cloudbranch/server/evidence/case_record.h"
#include "queue/storage/database.h"

/// The rows of evidence. All of it inside Store::rewrite; fails as the statements do.
namespace guichet::hub {

/// One line of the evidence's own log.
struct EvidenceEvent {
    std::string type; ///< "looked.case", "refused.heads" ...
    std::string caseId = {};
    std::string who = {};
    std::string detail = {};
    Instant at{};
};

class EvidenceRows {
public:
    EvidenceRows(queue::storage::Database& database, const std::string& branch)
        : m_database(database)
        , m_branch(branch)
    {
    }

    [[nodiscard]] Result<std::optional<CaseRecord>> find(const std::string& id) const;
    /// The newest first, at most `most`, begun before `before`; without tracks.
    [[nodiscard]] Result<std::vector<CaseRecord>> list(Instant before, std::size_t most) const;
    /// Cases whose files are still here, without tracks.
    [[nodiscard]] Result<std::vector<CaseRecord>> kept() const;
    /// Adds the case or replaces it; its tracks and holds have rows of their own.
    [[nodiscard]] Result<void> put(const CaseRecord& record) const;
    [[nodiscard]] Result<void> putTrack(const std::string& caseId, const StoredTrack& track) const;
    [[nodiscard]] Result<void> putHold(const std::string& caseId, const CaseHold& hold) const;
    /// Writes an event behind all others.
    [[nodiscard]] Result<void> log(const EvidenceEvent& event) const;
    /// The last events of a case, the newest first.
    [[nodiscard]] Result<std::vector<EvidenceEvent>> events(const std::string& caseId,
                                                            std::size_t most) const;
    /// What remote staff did in assists of that case, oldest first, as events.
    [[nodiscard]] Result<std::vector<EvidenceEvent>> assistEvents(const std::string& caseId,
                                                                  std::size_t most) const;
    /// Whether an assist of that case was another terminal's.
    [[nodiscard]] Result<bool> isAnothers(const std::string& caseId,
                                          const std::string& terminal) const;

private:
    [[nodiscard]] Result<std::vector<CaseRecord>>
    select(const std::string& where,
           const std::function<void(queue::storage::Statement&)>& bind) const;
    [[nodiscard]] Result<void> addHolds(CaseRecord& record) const;

    queue::storage::Database& m_database;
    const std::string& m_branch;
};

} // namespace guichet::hub
