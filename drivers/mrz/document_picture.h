// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>

#include "drivers/mrz/gray_view.h"
#include "peripherals/classes/camera.h"

namespace guichet::mrz {

struct Corner {
    float x = 0, y = 0; ///< pixels

    [[nodiscard]] bool operator==(const Corner&) const = default;
};
/// Clockwise in the picture; the first two are the ends of a long side.
using Corners = std::array<Corner, 4>;

/// A document seen straight from above: I420 as in CameraFrame, rows without gaps, even sides.
struct DocumentPicture {
    Bytes pixels;
    int width = 0;
    int height = 0;

    [[nodiscard]] CameraFrame frame() const
    {
        return {.width = width, .height = height, .stride = width, .pixels = pixels};
    }
};

/// The document in the picture, by its edges; nothing if there is none, or the view is not whole.
[[nodiscard]] std::optional<Corners> findDocument(const GrayView& view);

/// Whether two frames show a document at the same place: no corner moved by more than a hundredth
/// of the longer side.
[[nodiscard]] bool still(const Corners& before, const Corners& now);

/// What lies within the corners, as fine as it was, turned back by `turned` degrees clockwise: 0,
/// 90, 180 or 270. Errc::Invalid: a frame without its pixels, or corners without an area.
[[nodiscard]] Result<DocumentPicture> cutDocument(const CameraFrame& frame, const Corners& corners,
                                                  int turned);

} // namespace guichet::mrz
