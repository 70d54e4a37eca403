// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "peripherals/base/clock.h"

/// How long a case must be kept. Plain values and one rule; the bank sets the values.
namespace guichet::evidence {

/// A dispute or an order: while it is not released the case is kept, whatever its class says.
struct LegalHold {
    std::string id; ///< the bank's, e.g. of the dispute
    Instant placed{};
    std::optional<Instant> released = {};

    [[nodiscard]] bool operator==(const LegalHold&) const = default;
};

struct Retention {
    std::string name; ///< of the class, e.g. "wealth-sale"
    int months = 0;   ///< whole months after `from`, at least 1
    /// The product's end or the day of the sale. Unknown as long as the product runs: kept.
    std::optional<Instant> from = {};
    std::vector<LegalHold> holds = {};

    [[nodiscard]] bool operator==(const Retention&) const = default;
};

struct DeletionRuling {
    bool allowed = false;
    std::string why;                      ///< one sentence for the record
    std::optional<Instant> earliest = {}; ///< if the class alone stands in the way

    [[nodiscard]] bool operator==(const DeletionRuling&) const = default;
};

/// May a case be deleted at `now`? Not without a class, not before its months are over, not under a
/// hold. The last day of a shorter month stands for a day that it does not have.
[[nodiscard]] DeletionRuling mayDelete(const std::optional<Retention>& retention, Instant now);

/// Of two classes the one that keeps a case longer, with the holds of both; where they are equal,
/// `first`. A class that has not begun to run keeps longest.
[[nodiscard]] Retention longer(const std::optional<Retention>& first, const Retention& second);

} // namespace guichet::evidence
