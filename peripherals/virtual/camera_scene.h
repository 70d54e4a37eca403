// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "peripherals/base/bytes.h"

namespace guichet::virtualdevices {

/// Red, green, blue, row by row.
struct ColourPicture {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgb;
};

/// A QR code on a phone that somebody holds into the picture.
struct PhoneCode {
    std::string text;
    bool inverted = false; ///< dark mode: light on dark
    int degrees = 0;       ///< turned clockwise
    int size = 320;        ///< pixels of the code's side, margin not counted
};

/// What the virtual camera looks at: a quiet corner of a lobby, 1280x720.
[[nodiscard]] ColourPicture lobby();
/// Holds the phone into the middle of the picture. Fails with Errc::Invalid if the text does not
/// fit into a QR code.
[[nodiscard]] Result<void> holdPhone(ColourPicture& picture, const PhoneCode& phone);
/// Takes the light away.
void darken(ColourPicture& picture);

/// Quality 85. Fails with Errc::Internal.
[[nodiscard]] Result<Bytes> toJpeg(const ColourPicture& picture);
/// Reads a JPEG or PNG file and fits it into 1280x720. Fails with Errc::NotFound or Errc::Invalid.
[[nodiscard]] Result<ColourPicture> pictureFrom(const std::filesystem::path& file);

} // namespace guichet::virtualdevices
