// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cloudbranch/server/evidence/case_record.h"

namespace guichet::hub {

/// Where evidence lies: ROOT/cases/CASE is the folder of a case as a terminal wrote it,
/// ROOT/heads/CASE.ndjson all its heads in the order in which they came. What is acknowledged is
/// in the store; bytes behind that are of a write that nobody was told of, and go with the next.
/// Thread-safe as long as two do not change the same case.
class EvidenceFiles {
public:
    /// Makes the folders and clears away what an interrupted removal left. Fails with Errc::Busy.
    [[nodiscard]] static Result<EvidenceFiles> open(std::filesystem::path root);

    /// The heads are on the disk, behind the first `size` bytes of their file, when this returns.
    /// Fails as putTrack().
    [[nodiscard]] Result<void> putHeads(const std::string& caseId, std::uint64_t size,
                                        std::string_view line) const;
    /// The bytes are on the disk behind the first `from` of the track's file. Errc::Busy: the disk,
    /// with Remedy::CallStaff if it is full; the file is as it was.
    [[nodiscard]] Result<void> putTrack(const std::string& caseId, const std::string& track,
                                        std::uint64_t from, ByteView bytes) const;
    /// Cuts off what is behind the acknowledged bytes of a track. Fails with Errc::Busy.
    [[nodiscard]] Result<void> trim(const std::string& caseId, const StoredTrack& track) const;
    /// The manifest as the tools want it, in the case's folder. Fails with Errc::Busy.
    [[nodiscard]] Result<void> putManifest(const CaseRecord& record) const;
    /// All heads of a case. Fails with Errc::Busy, or as parseManifest.
    [[nodiscard]] Result<std::vector<evidence::Manifest>> heads(const CaseRecord& record) const;
    /// Removes the case's folder; its heads stay. Done if there is none. Fails with Errc::Busy.
    [[nodiscard]] Result<void> remove(const std::string& caseId) const;
    /// What may still be written here. Fails with Errc::NotFound.
    [[nodiscard]] Result<std::uint64_t> room() const;

    [[nodiscard]] std::filesystem::path folder(const std::string& caseId) const;
    [[nodiscard]] std::filesystem::path headsFile(const std::string& caseId) const;

private:
    explicit EvidenceFiles(std::filesystem::path root)
        : m_root(std::move(root))
    {
    }

    std::filesystem::path m_root;
};

} // namespace guichet::hub
