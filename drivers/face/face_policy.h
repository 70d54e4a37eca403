// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "drivers/face/face_verdict.h"
#include "peripherals/base/clock.h"

namespace guichet::face {

/// When a face counts as taken: it was good, at the same place, in 5 frames following each other.
/// The sharpest of them stands for all. Eyes that are not seen for 3 s of an otherwise good face
/// are let pass, and said: somebody may be unable to show them. Pure.
class FacePolicy {
public:
    /// Takes what one frame showed, in order. True: it is the best until now, and whoever wants its
    /// picture has to keep it.
    [[nodiscard]] bool see(const FaceVerdict& seen, Ticks now);
    /// The face is taken; best() is its verdict.
    [[nodiscard]] bool taken() const { return m_run == kSteady; }
    /// Of the frame that came closest to what is wanted, the sharpest of them; Verdict::None if no
    /// face was seen.
    [[nodiscard]] const FaceVerdict& best() const { return m_best; }

private:
    static constexpr int kSteady = 5;

    [[nodiscard]] bool goodEnough(const FaceVerdict& seen, Ticks now);

    FaceVerdict m_best;
    std::optional<Box> m_last; ///< of the frames that follow each other
    int m_run = 0;
    std::optional<Ticks> m_hidden; ///< since when a face is good but for its eyes
};

} // namespace guichet::face
