// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QImage>

#include "peripherals/base/bytes.h"
#include "peripherals/frames/frame.h"

namespace guichet::kiosk {

/// A camera's frame as a picture of half its width and height (one dot per sample of chroma).
/// Null if `pixels` are fewer than the frame has. Any thread.
[[nodiscard]] QImage pictureOf(const frames::FrameInfo& info, ByteView pixels);

} // namespace guichet::kiosk
