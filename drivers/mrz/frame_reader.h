// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "drivers/mrz/gray_view.h"
#include "drivers/mrz/zone_reading.h"

namespace guichet::mrz {

/// What a person can do for a better picture.
enum class Advice {
    None,
    ShowDocument, ///< there is nothing that looks like a zone
    MoveCloser,   ///< letters are too small
    HoldStill,    ///< letters are blurred
    Tilt,         ///< light is reflected over letters
};

/// "showDocument", "moveCloser", "holdStill", "tiltDocument"; "none".
[[nodiscard]] std::string_view name(Advice advice);

/// What a frame shows, before anything is read.
struct FrameFacts {
    bool zoneFound = false; ///< rows of the right length and number, letters equally far apart
    double pitch = 0;       ///< pixels from letter to letter
    double sharpness = 0;   ///< steepness of the letters' edges: 0.7 is blurred, 1.5 sharp
    double glare = 0;       ///< the part of letters lost in light
    int turned = 0;         ///< about so many degrees clockwise from upright: 0, 90, 180, 270
};

struct FrameReading {
    FrameFacts facts;
    Advice advice = Advice::None;
    std::optional<ZoneCandidate> candidate; ///< also of a bad frame, if its letters could be read
};

/// Finds and reads the machine readable zone in single pictures. Pure per frame: const and safe
/// from any thread.
class MrzFrameReader {
public:
    /// Has OpenCV work without threads of its own from now on, in the whole process.
    MrzFrameReader();
    ~MrzFrameReader();
    MrzFrameReader(const MrzFrameReader&) = delete;
    MrzFrameReader& operator=(const MrzFrameReader&) = delete;

    /// Takes dark print on lighter ground from 9 pixels a letter on: on whichever side the page
    /// lies, leaning by up to 25 degrees, or by any angle if all of the page is in the picture.
    /// Fails with Errc::Invalid if the view is larger than its pixels, smaller than 64x64 or larger
    /// than 8192x8192. A frame of 1280x720 takes 15 ms.
    [[nodiscard]] Result<FrameReading> read(const GrayView& view) const;

private:
    std::unique_ptr<const LetterNet> m_net;
};

} // namespace guichet::mrz
