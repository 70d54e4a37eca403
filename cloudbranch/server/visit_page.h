// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "queue/domain/branch.h"

namespace guichet::hub {

/// What the page of a visit shows.
struct VisitView {
    const queue::domain::BranchSettings& branch;
    const queue::domain::Visit& visit;
    const std::optional<queue::domain::Outlook>& outlook = {};
    Instant now{};
    std::uint64_t position = 0;   ///< of the log, as far as the view knows it
    std::string token = {};       ///< of the page's own address
    std::string checkInCode = {}; ///< text of the QR code; empty: none is needed
    bool mayBeLate = false;       ///< "I am late" is still to be had
    std::string pushKey = {};     ///< for browsers that want to be told; empty: none are
    std::string note = {};        ///< key of what the customer's last step led to
};

/// The page behind the code on a ticket or in a confirmation: number, how many are ahead, the
/// expected wait as a range, until when one can step out, to which counter, and the steps that a
/// customer has. Whole without a script.
[[nodiscard]] std::string visitPage(const VisitView& view, const std::string& language);

/// What a code that is not (or no longer) one of this branch shows.
[[nodiscard]] std::string unknownVisitPage(const queue::domain::BranchSettings& branch,
                                           const std::string& language);

} // namespace guichet::hub
