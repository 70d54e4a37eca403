// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "drivers/face/face_finder.h"

namespace guichet::face {

/// What is wrong with a frame, in the order in which it is looked for: a later one is closer to
/// what is wanted.
enum class Verdict {
    None,        ///< no face
    Several,     ///< more than one that could be the customer's
    TooSmall,    ///< far away
    TooLarge,    ///< so near that it does not fit
    OffCentre,   ///< at the edge of the picture
    TooDark,     ///< the face, whatever is around it
    TooBright,   ///< light has burnt out a part of it
    Uneven,      ///< lit from one side
    Turned,      ///< looks aside
    Blurred,     ///< moved, or out of focus
    EyesNotSeen, ///< covered, closed, or behind glasses
    Good,
};

/// Of the face in the middle of its box.
struct Measures {
    double light = 0;     ///< its mean luminance, 0 to 255
    double burnt = 0;     ///< the part of it that is all but white
    double sides = 1;     ///< how many times lighter its lighter half is
    double sharpness = 0; ///< of its edges: energy of the Laplacian over that of the picture
};

struct FaceVerdict {
    Verdict verdict = Verdict::None;
    int faces = 0; ///< that count: not half as wide as the widest are people passing by
    std::optional<FoundFace> face; ///< the widest
    double width = 0;              ///< of its box, as a part of the frame's shorter side
    Measures measures = {};
};

/// Nothing if the frame has not all its pixels or the box lies outside. Any thread.
[[nodiscard]] std::optional<Measures> measureFace(const CameraFrame& frame, const Box& box);

/// Judges what was found in a frame. Any thread.
[[nodiscard]] FaceVerdict judgeFaces(const CameraFrame& frame, const std::vector<FoundFace>& found);

/// "none", "several", "tooSmall" ...
[[nodiscard]] std::string_view name(Verdict verdict);
/// What the customer should do, as a keyword for whoever has the words: "showFace", "onePerson",
/// "comeCloser", "stepBack", "moveToMiddle", "moreLight", "lessLight", "evenLight", "lookStraight",
/// "showEyes" or "holdStill" (which is also what to do while all is good).
[[nodiscard]] std::string_view adviceFor(Verdict verdict);

} // namespace guichet::face
