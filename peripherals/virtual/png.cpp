// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include <png.h>

#include "peripherals/virtual/bitmap.h"

namespace guichet::virtualdevices {

Result<Bytes> toPng(const Bitmap& picture)
{
    if (picture.width() == 0 || picture.height() == 0) {
        return fail(Errc::Invalid, "a picture without dots");
    }
    // The simplified interface of libpng reports by value and never jumps.
    Bytes gray(picture.width() * picture.height());
    for (std::size_t y = 0; y < picture.height(); ++y) {
        for (std::size_t x = 0; x < picture.width(); ++x) {
            gray[y * picture.width() + x] = picture.dot(x, y) ? std::byte{0} : std::byte{0xFF};
        }
    }
    png_image image;
    std::memset(&image, 0, sizeof(image));
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(picture.width());
    image.height = static_cast<png_uint_32>(picture.height());
    image.format = PNG_FORMAT_GRAY;
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    Bytes file(size);
    if (png_image_write_to_memory(&image, file.data(), &size, 0, gray.data(), 0, nullptr) == 0) {
        return fail(Errc::Internal, std::string("libpng: ") + image.message);
    }
    file.resize(size);
    return file;
}

} // namespace guichet::virtualdevices
