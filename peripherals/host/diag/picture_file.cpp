// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/diag/picture_file.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <gdk-pixbuf/gdk-pixbuf.h>

namespace guichet::host::diag {

namespace {

constexpr int kMostSide = 8192;

struct Release {
    void operator()(std::FILE* stream) const { std::fclose(stream); }
    void operator()(void* object) const { g_object_unref(object); }
};
using Pixbuf = std::unique_ptr<GdkPixbuf, Release>;

/// What a loader found out before it made room for pixels.
struct Size {
    int width = 0, height = 0;

    [[nodiscard]] bool tooLarge() const { return width > kMostSide || height > kMostSide; }
};

void onSize(GdkPixbufLoader* loader, int width, int height, void* size)
{
    auto& found = *static_cast<Size*>(size);
    found = {width, height};
    if (found.tooLarge()) {
        gdk_pixbuf_loader_set_size(loader, 0, 0); // loaders give up before they make room
    }
}

Result<Pixbuf> decode(std::FILE* stream)
{
    const std::unique_ptr<GdkPixbufLoader, Release> loader(gdk_pixbuf_loader_new());
    Size size;
    g_signal_connect(loader.get(), "size-prepared", G_CALLBACK(onSize), &size);
    std::array<unsigned char, 65536> piece{};
    bool good = true;
    while (good && !size.tooLarge()) {
        const auto read = std::fread(piece.data(), 1, piece.size(), stream);
        if (read == 0) {
            break;
        }
        good = gdk_pixbuf_loader_write(loader.get(), piece.data(), read, nullptr) != FALSE;
    }
    if (std::ferror(stream) != 0) {
        good = false;
    }
    good = gdk_pixbuf_loader_close(loader.get(), nullptr) != FALSE && good;
    if (size.tooLarge()) {
        return fail(Errc::Invalid, fmt::format("{}x{} pixels; want at most {} a side", size.width,
                                               size.height, kMostSide));
    }
    auto* decoded = good ? gdk_pixbuf_loader_get_pixbuf(loader.get()) : nullptr;
    if (decoded == nullptr) {
        return fail(Errc::Invalid, "no picture; want PNG, JPEG, TIFF, BMP or PGM");
    }
    return Pixbuf(gdk_pixbuf_apply_embedded_orientation(decoded));
}

/// ITU-R BT.601, in 65536ths; transparent parts are paper.
GrayPicture toGray(const GdkPixbuf* picture)
{
    GrayPicture gray{.width = gdk_pixbuf_get_width(picture),
                     .height = gdk_pixbuf_get_height(picture)};
    const auto channels = gdk_pixbuf_get_n_channels(picture);
    const auto stride = gdk_pixbuf_get_rowstride(picture);
    const bool alpha = gdk_pixbuf_get_has_alpha(picture) != FALSE;
    const auto* rows = gdk_pixbuf_read_pixels(picture);
    gray.pixels.reserve(static_cast<std::size_t>(gray.width) *
                        static_cast<std::size_t>(gray.height));
    for (int y = 0; y < gray.height; ++y) {
        const auto* pixel = rows + static_cast<std::ptrdiff_t>(y) * stride;
        for (int x = 0; x < gray.width; ++x, pixel += channels) {
            auto luminance =
                (pixel[0] * 19595U + pixel[1] * 38470U + pixel[2] * 7471U + 32768U) >> 16U;
            if (alpha) {
                luminance = (luminance * pixel[3] + 255U * (255U - pixel[3])) / 255U;
            }
            gray.pixels.push_back(static_cast<std::byte>(luminance));
        }
    }
    return gray;
}

} // namespace

Result<GrayPicture> readGrayPicture(const std::filesystem::path& file)
{
    const std::unique_ptr<std::FILE, Release> stream(std::fopen(file.c_str(), "rbe"));
    if (!stream) {
        return fail(errno == EACCES ? Errc::Denied : Errc::NotFound, systemMessage(errno));
    }
    return decode(stream.get()).map([](const Pixbuf& picture) { return toGray(picture.get()); });
}

} // namespace guichet::host::diag
