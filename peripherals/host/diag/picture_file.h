// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "peripherals/base/bytes.h"
#include "peripherals/base/error.h"

namespace guichet::host::diag {

/// Luminance, one byte a pixel, rows without gaps.
struct GrayPicture {
    Bytes pixels;
    int width = 0;
    int height = 0;
};

/// Reads PNG, JPEG, TIFF, BMP, PGM and what else gdk-pixbuf has loaders for, upright as its EXIF
/// says, on white where it is transparent. Fails with Errc::NotFound or Errc::Denied (no file that
/// can be read) or Errc::Invalid (no picture, or one of more than 8192 pixels a side).
[[nodiscard]] Result<GrayPicture> readGrayPicture(const std::filesystem::path& file);

} // namespace guichet::host::diag
