// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

#include "peripherals/base/bytes.h"
#include "peripherals/base/clock.h"

namespace guichet {

/// One picture of a camera, borrowed from it. I420 of full range (as in JPEG): luminance, rows
/// `stride` apart, then U and V at half width and height, rows (stride + 1) / 2 apart.
struct CameraFrame {
    int width = 0;
    int height = 0;
    int stride = 0;
    Ticks captured{}; ///< when it reached us
    ByteView pixels;
};

/// An open camera. Thread-bound.
class Camera {
public:
    virtual ~Camera() = default;
    /// The next frame, valid until the following call; older ones that nobody fetched are dropped.
    /// Nothing: none within `timeout`. Fails with Errc::Disconnected (unplugged, refused, end of
    /// its stream) or Errc::Timeout (connected, but silent for 2 s); it must be opened anew then.
    [[nodiscard]] virtual Result<std::optional<CameraFrame>>
    next(std::chrono::milliseconds timeout) = 0;
};

} // namespace guichet
