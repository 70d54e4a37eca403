// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/still_picture.h"

#include <array>

#include <turbojpeg.h>

#include "peripherals/base/unique_handle.h"

namespace guichet::camera {

namespace {

void destroyCompressor(tjhandle handle)
{
    tjDestroy(handle);
}
void freeBuffer(unsigned char* buffer)
{
    tjFree(buffer);
}

Result<Bytes> compress(const CameraFrame& frame, int quality)
{
    const UniqueHandle<tjhandle, destroyCompressor> compressor(tjInitCompress());
    const auto* luminance = reinterpret_cast<const unsigned char*>(frame.pixels.data());
    const int half = (frame.stride + 1) / 2;
    const auto* u = luminance + static_cast<std::ptrdiff_t>(frame.stride) * frame.height;
    const auto* v = u + static_cast<std::ptrdiff_t>(half) * ((frame.height + 1) / 2);
    std::array<const unsigned char*, 3> planes{luminance, u, v};
    const std::array<int, 3> strides{frame.stride, half, half};
    unsigned char* file = nullptr;
    unsigned long size = 0;
    const int failed =
        tjCompressFromYUVPlanes(compressor.get(), planes.data(), frame.width, strides.data(),
                                frame.height, TJSAMP_420, &file, &size, quality, 0);
    const UniqueHandle<unsigned char*, freeBuffer> owner(file);
    if (failed != 0) {
        return fail(Errc::Internal, std::string("JPEG: ") + tjGetErrorStr2(compressor.get()));
    }
    const auto bytes = std::as_bytes(std::span(file, size));
    return Bytes(bytes.begin(), bytes.end());
}

} // namespace

Result<Bytes> toJpeg(const CameraFrame& frame, std::size_t mostBytes)
{
    const auto stride = static_cast<std::size_t>(frame.stride);
    const auto height = static_cast<std::size_t>(frame.height);
    if (frame.width <= 0 || frame.height <= 0 || frame.stride < frame.width ||
        frame.pixels.size() < stride * height + 2 * ((stride + 1) / 2) * ((height + 1) / 2)) {
        return fail(Errc::Invalid, "JPEG: a frame without its pixels");
    }
    for (const int quality : {88, 70, 45, 20}) {
        auto file = compress(frame, quality);
        if (!file || file->size() <= mostBytes) {
            return file;
        }
    }
    return fail(Errc::Internal, "JPEG: too large at any quality");
}

} // namespace guichet::camera
