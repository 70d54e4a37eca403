// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace guichet::frames {

/// How the bytes of a frame are laid out. Rows of luminance come first in both, `stride` apart.
enum class PixelFormat : std::uint32_t {
    Gray8 = 1, ///< luminance only
    I420 = 2,  ///< then U and V at half width and height, rows (stride + 1) / 2 apart
};

/// What a frame is, beside its bytes.
struct FrameInfo {
    std::uint64_t sequence = 0; ///< from 1, counted anew by each writer
    std::int64_t captureNs = 0; ///< CLOCK_MONOTONIC (std::chrono::steady_clock) of this machine
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::uint32_t stride = 0;
    PixelFormat format = PixelFormat::Gray8;

    [[nodiscard]] bool operator==(const FrameInfo&) const = default;
};

/// Bytes that such a frame takes.
[[nodiscard]] constexpr std::size_t bytesFor(const FrameInfo& info)
{
    const std::size_t stride = info.stride;
    const std::size_t height = info.height;
    const auto luminance = stride * height;
    return info.format == PixelFormat::I420
               ? luminance + 2 * ((stride + 1) / 2) * ((height + 1) / 2)
               : luminance;
}

} // namespace guichet::frames
