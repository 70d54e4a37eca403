// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "cloudbranch/evidence/attachment.h"
#include "cloudbranch/evidence/track_check.h"

namespace guichet::evidence {

struct CaseQuestion {
    const OpeningKey* key = nullptr;      ///< none: only the chains are checked
    const VerifyingKey* signer = nullptr; ///< none: signatures are not checked
    std::vector<Manifest> kept = {};      ///< what the server was given while the case ran
    std::string only = {};                ///< this track; empty: all
    /// As TrackQuestion::onContent.
    std::function<Result<void>(const std::string& track, ByteView content)> onContent = {};
    /// Gets each attachment that is whole, with the key.
    std::function<Result<void>(const std::string& track, const AttachmentHead&, ByteView content)>
        onAttachment = {};
};

struct CaseReport {
    std::filesystem::path folder;
    std::optional<Manifest> manifest = {}; ///< nothing: not there, or no manifest
    std::vector<Fault> faults = {};        ///< of the case as such
    std::vector<std::string> notes = {};   ///< facts that are no fault, one sentence each
    std::vector<TrackReport> tracks = {};  ///< by name
    std::size_t attachments = 0;           ///< whole ones that the log mentions; with the key
    bool signatureChecked = false;

    [[nodiscard]] Verdict verdict() const;
};

/// Checks every track of a case against its chain, the manifest, the kept manifests and, with the
/// key, the heads in the case's log and the attachments that it mentions. Fails with Errc::NotFound
/// (no such folder), Busy (a file cannot be read), Invalid (kept manifests of another case) or
/// Denied (the key opens no track: it is another one), or as onContent does.
[[nodiscard]] Result<CaseReport> checkCase(const std::filesystem::path& folder,
                                           const CaseQuestion& question);

/// Reads a file from its start. Fails with Errc::NotFound or Busy.
[[nodiscard]] Result<Source> openSource(const std::filesystem::path& file);

} // namespace guichet::evidence
