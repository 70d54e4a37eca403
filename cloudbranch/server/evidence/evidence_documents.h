// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "cloudbranch/server/evidence/evidence_store.h"

/// JSON of evidence. Nothing of it needs a key: content stays sealed.
namespace guichet::hub {

[[nodiscard]] nlohmann::json trackDocument(const StoredTrack& track);
/// A line of the list of cases, at `now`.
[[nodiscard]] nlohmann::json caseDocument(const CaseRecord& record, Instant now);
/// caseDocument() with its tracks, holds, what was found and what was done.
[[nodiscard]] nlohmann::json lookDocument(const EvidenceStore::Look& look, Instant now);
/// What a check found: {"complete","report"}.
[[nodiscard]] nlohmann::json checkDocument(const CaseRecord& record);
/// What a supervisor sees of a case's holds.
[[nodiscard]] nlohmann::json holdsDocument(const CaseRecord& record);

} // namespace guichet::hub
