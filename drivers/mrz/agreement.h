// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <optional>

#include "drivers/mrz/zone_reading.h"

namespace guichet::mrz {

enum class Acceptance {
    Accepted, ///< frames agree, no letter is repaired or doubtful, all check digits are right
    Confirm,  ///< the best there is: a person has to compare it with the document, or its chip
};

struct AgreedZone {
    Acceptance acceptance = Acceptance::Confirm;
    ZoneCandidate zone;
    int frames = 0; ///< that showed just this text
};

/// Brings the candidates of frames that follow each other together. Pure.
///
/// Accepted is a text that two of the last frames showed alike, sound and without repair, in which
/// no letter could be another one unnoticed: for letters without a check digit, and for those that
/// a check digit takes for each other, the frames' doubts, multiplied, are below one in a thousand.
class MrzAgreement {
public:
    /// Takes what a frame showed, in order. Returns the text once it is accepted.
    [[nodiscard]] std::optional<AgreedZone> see(ZoneCandidate candidate);
    /// What most of the last frames showed, to be confirmed; nothing without a sound candidate.
    [[nodiscard]] std::optional<AgreedZone> best();
    /// What was seen before no longer counts, as for the next document.
    void startOver();

private:
    std::deque<ZoneCandidate> m_seen; ///< the last frames
};

} // namespace guichet::mrz
