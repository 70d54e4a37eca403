// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cloudbranch/evidence/case_check.h"
#include "cloudbranch/server/evidence/evidence_files.h"
#include "cloudbranch/server/evidence/evidence_rows.h"
#include "queue/storage/store.h"

namespace guichet::hub {

struct EvidenceRules {
    /// Room that is left to the queue: a disk with less takes no evidence.
    std::uint64_t keepFree = std::uint64_t{1} << 30;
};

/// What terminals recorded of cases, kept until its class of retention and every hold allow it to
/// go. It takes bytes as they come, says how far it has them, and never replaces one; only the
/// auditor's key reads them. What is answered is on the disk. Thread-safe; what it is given must
/// outlive it.
///
/// Failures: Errc::NotFound (no such case of this terminal), Conflict (see each), Invalid (what was
/// sent), Busy with Remedy::CallStaff (the disk is full), else as the store does.
class EvidenceStore {
public:
    struct Parts {
        queue::storage::Store& store;
        const Clock& clock;
        std::string branch;
        std::filesystem::path root;
        EvidenceRules rules = {};
        /// Certificates of a terminal, the newest first; none: who signs is not checked.
        std::function<std::vector<std::string>(const std::string& terminal)> certificates = {};
    };

    /// Fails as the store does, or with Errc::Busy.
    [[nodiscard]] static Result<std::unique_ptr<EvidenceStore>> open(Parts parts);

    // What a terminal does.
    /// Keeps a manifest for ever, behind those before. The first one makes the case the terminal's.
    /// Errc::Conflict: earlier than what is there, takes something back, or the case is complete.
    [[nodiscard]] Result<void> putHeads(const std::string& caseId, const std::string& terminal,
                                        std::string_view text);
    [[nodiscard]] Result<std::vector<StoredTrack>> tracks(const std::string& caseId,
                                                          const std::string& terminal);
    /// The next bytes of a track. Errc::Conflict: `from` is not where it ends, or the case is
    /// complete.
    [[nodiscard]] Result<StoredTrack> putTrack(const std::string& caseId, const std::string& track,
                                               const std::string& terminal, std::uint64_t from,
                                               ByteView bytes);
    /// Checks what is here against all heads. The record is `completed` if nothing is missing or
    /// changed: then, and only then, the terminal's copy may go.
    [[nodiscard]] Result<CaseRecord> complete(const std::string& caseId,
                                              const std::string& terminal);

    // What the bank does; `who` is written down each time.
    [[nodiscard]] Result<std::vector<CaseRecord>> list(Instant before, std::size_t most,
                                                       const std::string& who);
    struct Look {
        CaseRecord record;
        std::vector<EvidenceEvent> events = {};       ///< the newest first
        std::vector<EvidenceEvent> assistEvents = {}; ///< of remote staff
    };
    [[nodiscard]] Result<Look> look(const std::string& caseId, const std::string& who);
    /// As complete(), without completing anything.
    [[nodiscard]] Result<CaseRecord> check(const std::string& caseId, const std::string& who);
    /// A record to be downloaded; `begins`: the first of its parts, which is written down.
    [[nodiscard]] Result<CaseRecord> fetch(const std::string& caseId, const std::string& who,
                                           bool begins);
    /// The same id again is the same hold. Errc::Conflict: released before, or the case is gone.
    [[nodiscard]] Result<CaseRecord> placeHold(const std::string& caseId, const std::string& id,
                                               const std::string& reason, const std::string& who);
    [[nodiscard]] Result<CaseRecord> releaseHold(const std::string& caseId, const std::string& id,
                                                 const std::string& who);
    /// Writes down that somebody was refused.
    void audit(const std::string& what, const std::string& who, const std::string& caseId);
    /// To be called each minute: once a day removes what may go.
    void tidy();

    [[nodiscard]] const EvidenceFiles& files() const { return m_files; }

private:
    EvidenceStore(Parts parts, EvidenceFiles files);
    using Write = std::function<Result<void>(const EvidenceRows&)>;
    [[nodiscard]] Result<void> write(const Write& write);
    [[nodiscard]] Result<CaseRecord> find(const std::string& caseId);
    [[nodiscard]] Result<CaseRecord> own(const std::string& caseId, const std::string& terminal);
    [[nodiscard]] Result<CaseRecord> ownedBy(CaseRecord record, const std::string& terminal);
    [[nodiscard]] Result<CaseRecord> begin(const std::string& caseId, const std::string& terminal,
                                           const evidence::Manifest& manifest);
    [[nodiscard]] Result<void> checkSigner(const std::string& terminal,
                                           const evidence::Manifest& manifest) const;
    [[nodiscard]] std::optional<evidence::VerifyingKey>
    signerOf(const std::string& terminal, const evidence::Manifest& manifest) const;
    [[nodiscard]] Result<void> checkRoom(std::size_t bytes) const;
    [[nodiscard]] Result<evidence::Verdict> examine(CaseRecord& record) const;
    [[nodiscard]] EvidenceEvent event(std::string type, const std::string& caseId,
                                      const std::string& who, std::string detail = {}) const;
    [[nodiscard]] std::mutex& lockOf(const std::string& caseId);
    void sweep();

    const Parts m_parts;
    const EvidenceFiles m_files;
    std::array<std::mutex, 16> m_locks; ///< one case, one change at a time
    std::mutex m_sweeping;
    Ticks m_nextSweep{};
};

} // namespace guichet::hub
