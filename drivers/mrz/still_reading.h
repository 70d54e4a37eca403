// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "drivers/mrz/frame_reader.h"

namespace guichet::mrz {

enum class StillVerdict {
    Unreadable, ///< no zone, or check digits that are wrong: `text` has what was read, if anything
    Confirm,    ///< a person has to compare it with the document, or its chip
    Accepted,   ///< by the rules of MrzAgreement in two looks, with nothing to advise
};

struct StillReading {
    FrameFacts facts;
    Advice advice = Advice::None;
    StillVerdict verdict = StillVerdict::Unreadable;
    Secret<std::string> text; ///< each line ended by a line feed, for parseMrz
};

/// Reads a picture that no other one follows: a photograph, a scan, a zone cut out. The second look
/// is at the same picture a tenth smaller, so that other pixels make up the letters. Fails as
/// MrzFrameReader does.
[[nodiscard]] Result<StillReading> readStill(const MrzFrameReader& reader, const GrayView& view);

} // namespace guichet::mrz
