// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cloudbranch/evidence/report.h"

namespace guichet::evidence {

/// Checks a case and writes into the new folder `out`, for its owner alone, each track's content
/// (`local-video.mkv`, `log.jsonl`), each attachment (`attachments/7.png`), report.txt and
/// report.json. `question.key` is needed; its onContent is not used. What does not open is not
/// written, and the report says so. Fails as checkCase; Errc::Conflict: there is something at
/// `out`; Errc::Busy: the disk.
[[nodiscard]] Result<CaseReport> exportCase(const std::filesystem::path& folder,
                                            CaseQuestion question,
                                            const std::filesystem::path& out);

} // namespace guichet::evidence
