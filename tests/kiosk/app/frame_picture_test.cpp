// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/frame_picture.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::kiosk;

namespace {

/// A frame of one colour.
Bytes frameOf(unsigned char luminance, unsigned char u, unsigned char v)
{
    Bytes pixels(8 * 4, std::byte{luminance});
    pixels.insert(pixels.end(), 4 * 2, std::byte{u});
    pixels.insert(pixels.end(), 4 * 2, std::byte{v});
    return pixels;
}

constexpr frames::FrameInfo kInfo{1, 0, 8, 4, 8, frames::PixelFormat::I420};

} // namespace

TEST_CASE("frame picture: it has half the size and the colours of the frame", "[kiosk]")
{
    const auto [luminance, u, v, expected] = GENERATE(
        std::tuple(255, 128, 128, qRgb(255, 255, 255)), std::tuple(0, 128, 128, qRgb(0, 0, 0)),
        std::tuple(76, 85, 255, qRgb(254, 0, 0)), std::tuple(150, 44, 21, qRgb(0, 255, 1)),
        std::tuple(29, 255, 107, qRgb(0, 0, 254)));
    const auto byte = [](int value) { return static_cast<unsigned char>(value); };
    const auto picture = pictureOf(kInfo, frameOf(byte(luminance), byte(u), byte(v)));
    REQUIRE(picture.size() == QSize(4, 2));
    const QRgb seen = picture.pixel(3, 1);
    CHECK(std::abs(qRed(seen) - qRed(expected)) <= 3);
    CHECK(std::abs(qGreen(seen) - qGreen(expected)) <= 3);
    CHECK(std::abs(qBlue(seen) - qBlue(expected)) <= 3);
}

TEST_CASE("frame picture: luminance alone is grey", "[kiosk]")
{
    auto info = kInfo;
    info.format = frames::PixelFormat::Gray8;
    const auto picture = pictureOf(info, Bytes(8 * 4, std::byte{90}));
    CHECK(picture.pixel(0, 0) == qRgb(90, 90, 90));
}

TEST_CASE("frame picture: a frame without all its bytes is no picture", "[kiosk]")
{
    CHECK(pictureOf(kInfo, Bytes(8 * 4 + 15)).isNull());
    CHECK(pictureOf({1, 0, 1, 1, 1, frames::PixelFormat::Gray8}, Bytes(1)).isNull());
}
