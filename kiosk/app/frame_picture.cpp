// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/frame_picture.h"

#include <algorithm>

namespace guichet::kiosk {

namespace {

int at(ByteView bytes, std::size_t place)
{
    return std::to_integer<int>(bytes[place]);
}

/// Full range, ITU-R BT.601, as in JPEG; factors in 1/1024.
QRgb colour(int luminance, int u, int v)
{
    const auto clipped = [](int value) { return std::clamp(value, 0, 255); };
    const int blue = u - 128;
    const int red = v - 128;
    return qRgb(clipped(luminance + 1436 * red / 1024),
                clipped(luminance - (352 * blue + 731 * red) / 1024),
                clipped(luminance + 1815 * blue / 1024));
}

} // namespace

QImage pictureOf(const frames::FrameInfo& info, ByteView pixels)
{
    if (pixels.size() < frames::bytesFor(info) || info.width < 2 || info.height < 2) {
        return {};
    }
    const std::size_t stride = info.stride;
    const std::size_t half = (stride + 1) / 2;
    const std::size_t firstU = stride * info.height;
    const std::size_t firstV = firstU + half * ((info.height + std::size_t{1}) / 2);
    const bool coloured = info.format == frames::PixelFormat::I420;
    QImage picture(static_cast<int>(info.width / 2), static_cast<int>(info.height / 2),
                   QImage::Format_RGB32);
    for (int y = 0; y < picture.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(picture.scanLine(y));
        const std::size_t upper = 2 * stride * static_cast<std::size_t>(y);
        const std::size_t chroma = half * static_cast<std::size_t>(y);
        for (int x = 0; x < picture.width(); ++x) {
            const auto column = static_cast<std::size_t>(x);
            const auto corner = upper + 2 * column;
            const int luminance = (at(pixels, corner) + at(pixels, corner + 1) +
                                   at(pixels, corner + stride) + at(pixels, corner + stride + 1)) /
                                  4;
            line[x] = coloured ? colour(luminance, at(pixels, firstU + chroma + column),
                                        at(pixels, firstV + chroma + column))
                               : qRgb(luminance, luminance, luminance);
        }
    }
    return picture;
}

} // namespace guichet::kiosk
