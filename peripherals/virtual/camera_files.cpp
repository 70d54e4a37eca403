// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>

#include <png.h>
#include <turbojpeg.h>

#include "peripherals/base/unique_handle.h"
#include "peripherals/virtual/camera_scene.h"

namespace guichet::virtualdevices {

namespace {

constexpr int kFittedWidth = 1280, kFittedHeight = 720;
constexpr int kMostSide = 8192;
constexpr int kQuality = 85;

void destroy(tjhandle handle)
{
    tjDestroy(handle);
}
using Codec = UniqueHandle<tjhandle, destroy>;

void freeJpeg(unsigned char* buffer)
{
    tjFree(buffer);
}

std::vector<std::uint8_t> pixelsFor(int width, int height)
{
    return std::vector<std::uint8_t>(3 * static_cast<std::size_t>(width) *
                                     static_cast<std::size_t>(height));
}

Result<ColourPicture> fromJpeg(const std::vector<unsigned char>& file)
{
    const Codec codec(tjInitDecompress());
    ColourPicture picture;
    int sampling = 0;
    int space = 0;
    if (tjDecompressHeader3(codec.get(), file.data(), file.size(), &picture.width, &picture.height,
                            &sampling, &space) != 0 ||
        picture.width > kMostSide || picture.height > kMostSide) {
        return fail(Errc::Invalid, "not a JPEG that can be read");
    }
    picture.rgb = pixelsFor(picture.width, picture.height);
    if (tjDecompress2(codec.get(), file.data(), file.size(), picture.rgb.data(), picture.width, 0,
                      picture.height, TJPF_RGB, 0) != 0) {
        return fail(Errc::Invalid, "not a JPEG that can be read");
    }
    return picture;
}

Result<ColourPicture> fromPng(const std::vector<unsigned char>& file)
{
    png_image image;
    std::memset(&image, 0, sizeof(image));
    image.version = PNG_IMAGE_VERSION;
    if (png_image_begin_read_from_memory(&image, file.data(), file.size()) == 0) {
        return fail(Errc::Invalid, "not a PNG that can be read");
    }
    if (image.width > kMostSide || image.height > kMostSide) {
        png_image_free(&image);
        return fail(Errc::Invalid, "a PNG that is too large");
    }
    image.format = PNG_FORMAT_RGB;
    ColourPicture picture{static_cast<int>(image.width), static_cast<int>(image.height), {}};
    picture.rgb = pixelsFor(picture.width, picture.height);
    const png_color paper{255, 255, 255};
    if (png_image_finish_read(&image, &paper, picture.rgb.data(), 0, nullptr) == 0) {
        return fail(Errc::Invalid, "not a PNG that can be read");
    }
    return picture;
}

/// As large as it can be within the frame, on black.
ColourPicture fitted(const ColourPicture& from)
{
    ColourPicture frame{kFittedWidth, kFittedHeight, pixelsFor(kFittedWidth, kFittedHeight)};
    const double scale = std::min(static_cast<double>(kFittedWidth) / from.width,
                                  static_cast<double>(kFittedHeight) / from.height);
    const int width = std::min(static_cast<int>(from.width * scale), kFittedWidth);
    const int height = std::min(static_cast<int>(from.height * scale), kFittedHeight);
    const int left = (kFittedWidth - width) / 2;
    const int top = (kFittedHeight - height) / 2;
    for (int y = 0; y < height; ++y) {
        const int fromY = std::min(static_cast<int>(y / scale), from.height - 1);
        for (int x = 0; x < width; ++x) {
            const int fromX = std::min(static_cast<int>(x / scale), from.width - 1);
            const auto source = from.rgb.begin() + 3 * (std::ptrdiff_t{fromY} * from.width + fromX);
            std::copy_n(source, 3,
                        frame.rgb.begin() +
                            3 * (std::ptrdiff_t{top + y} * kFittedWidth + left + x));
        }
    }
    return frame;
}

} // namespace

Result<Bytes> toJpeg(const ColourPicture& picture)
{
    const Codec codec(tjInitCompress());
    unsigned char* file = nullptr;
    unsigned long size = 0;
    const int failed = tjCompress2(codec.get(), picture.rgb.data(), picture.width, 0,
                                   picture.height, TJPF_RGB, &file, &size, TJSAMP_420, kQuality, 0);
    const UniqueHandle<unsigned char*, freeJpeg> owner(file);
    if (failed != 0) {
        return fail(Errc::Internal, std::string("JPEG: ") + tjGetErrorStr2(codec.get()));
    }
    const auto bytes = std::as_bytes(std::span(file, size));
    return Bytes(bytes.begin(), bytes.end());
}

Result<ColourPicture> pictureFrom(const std::filesystem::path& file)
{
    constexpr std::size_t kMostBytes = 64UL * 1024 * 1024;
    std::error_code failed;
    const auto size = std::filesystem::file_size(file, failed);
    std::ifstream stream(file, std::ios::binary);
    if (failed || !stream) {
        return fail(Errc::NotFound, "no such picture");
    }
    if (size > kMostBytes) {
        return fail(Errc::Invalid, "a picture that is too large");
    }
    const std::vector<unsigned char> bytes{std::istreambuf_iterator<char>(stream), {}};
    constexpr std::array<unsigned char, 4> kPng{0x89, 'P', 'N', 'G'};
    const bool png =
        bytes.size() > kPng.size() && std::equal(kPng.begin(), kPng.end(), bytes.begin());
    const auto picture = png ? fromPng(bytes) : fromJpeg(bytes);
    return picture ? Result<ColourPicture>(fitted(*picture)) : picture;
}

} // namespace guichet::virtualdevices
