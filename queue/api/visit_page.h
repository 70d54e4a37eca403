// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "queue/domain/branch.h"

namespace guichet::queue::api {

/// The page behind the code on a ticket, in the visit's language: number, how many are ahead, the
/// expected wait as a range, or to which counter. Plain HTML that reloads itself; needs no script.
[[nodiscard]] std::string visitPage(const domain::BranchSettings& branch,
                                    const domain::Visit& visit,
                                    const std::optional<domain::Outlook>& outlook, Instant now);

/// What a code that is not (or no longer) one of this branch shows, in both languages.
[[nodiscard]] std::string unknownVisitPage();

} // namespace guichet::queue::api
