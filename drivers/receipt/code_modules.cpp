// SPDX-License-Identifier: Apache-2.0
#include "drivers/receipt/code_modules.h"

#include <algorithm>
#include <cstring>
#include <exception>

#include <cairo.h>
#include <fmt/format.h>
#define ZX_USE_UTF8
#include <ZXing/BarcodeFormat.h>
#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>

#include <qrencode.h>

#include "peripherals/base/unique_handle.h"

namespace guichet::receipt {
namespace {

constexpr int kHighestPicture = 4000;
constexpr std::size_t kLongestCode128 = 80;

using QrSymbol = UniqueHandle<QRcode*, QRcode_free, nullptr>;
using Surface = UniqueHandle<cairo_surface_t*, cairo_surface_destroy, nullptr>;

Result<Bitmap> qrModules(const Code& code, Position at)
{
    constexpr QRecLevel kLevels[] = {QR_ECLEVEL_L, QR_ECLEVEL_M, QR_ECLEVEL_Q, QR_ECLEVEL_H};
    const auto level = kLevels[static_cast<std::size_t>(code.correction)];
    const bool plain = code.data.find('\0') == std::string::npos;
    const QrSymbol symbol(
        plain ? QRcode_encodeString(code.data.c_str(), 0, level, QR_MODE_8, 1)
              : QRcode_encodeData(static_cast<int>(code.data.size()),
                                  reinterpret_cast<const unsigned char*>(code.data.data()), 0,
                                  level));
    if (!symbol) {
        return failAt(at, fmt::format("{} bytes for a QR code", code.data.size()),
                      "what one can hold");
    }
    const int size = symbol.get()->width;
    Bitmap modules(size, size);
    for (int y = 0; y < size; ++y) {
        for (int x = 0; x < size; ++x) {
            if ((symbol.get()->data[y * size + x] & 1) != 0) {
                modules.setBlack(x, y);
            }
        }
    }
    return modules;
}

Result<Bitmap> code128Modules(const Code& code, Position at)
{
    const bool ascii = std::all_of(code.data.begin(), code.data.end(),
                                   [](char c) { return c >= ' ' && c <= '~'; });
    if (!ascii || code.data.size() > kLongestCode128) {
        return failAt(at,
                      fmt::format("{} bytes{} for a Code 128", code.data.size(),
                                  ascii ? "" : " that are not all printable ASCII"),
                      fmt::format("at most {} of printable ASCII", kLongestCode128));
    }
    try {
        const auto matrix = ZXing::MultiFormatWriter(ZXing::BarcodeFormat::Code128)
                                .setMargin(0)
                                .encode(std::wstring(code.data.begin(), code.data.end()), 0, 1);
        Bitmap modules(std::max(1, matrix.width()), 1);
        for (int x = 0; x < matrix.width(); ++x) {
            if (matrix.get(x, 0)) {
                modules.setBlack(x, 0);
            }
        }
        return modules;
    } catch (const std::exception& refused) {
        return failAt(at, refused.what(), "what a Code 128 can hold");
    }
}

cairo_status_t readFrom(void* rest, unsigned char* data, unsigned int count)
{
    auto& from = *static_cast<std::string_view*>(rest);
    if (from.size() < count) {
        return CAIRO_STATUS_READ_ERROR;
    }
    std::memcpy(data, from.data(), count);
    from.remove_prefix(count);
    return CAIRO_STATUS_SUCCESS;
}

std::uint32_t bigEndian(std::string_view bytes)
{
    std::uint32_t value = 0;
    for (const char byte : bytes.substr(0, 4)) {
        value = value << 8 | static_cast<unsigned char>(byte);
    }
    return value;
}

/// Grey of each pixel upon white paper, 0 to 255.
std::vector<int> greysOf(cairo_surface_t* picture, int width, int height)
{
    Surface paper(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height));
    auto* cairo = cairo_create(paper.get());
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_set_source_surface(cairo, picture, 0, 0);
    cairo_paint(cairo);
    cairo_destroy(cairo);
    cairo_surface_flush(paper.get());
    std::vector<int> greys;
    const auto* data = cairo_image_surface_get_data(paper.get());
    const auto stride = cairo_image_surface_get_stride(paper.get());
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const auto* pixel = data + static_cast<std::ptrdiff_t>(y) * stride + x * 4;
            greys.push_back((pixel[0] * 11 + pixel[1] * 59 + pixel[2] * 30) / 100);
        }
    }
    return greys;
}

/// Floyd and Steinberg's error diffusion.
Bitmap dithered(std::vector<int> greys, int width, int height)
{
    Bitmap dots(width, height);
    const auto greyAt = [&](int x, int y) -> int& {
        return greys[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                     static_cast<std::size_t>(x)];
    };
    const auto spread = [&](int x, int y, int error) {
        if (x >= 0 && x < width && y < height) {
            greyAt(x, y) += error;
        }
    };
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const int grey = greyAt(x, y);
            const int error = grey < 128 ? grey : grey - 255;
            if (grey < 128) {
                dots.setBlack(x, y);
            }
            spread(x + 1, y, error * 7 / 16);
            spread(x - 1, y + 1, error * 3 / 16);
            spread(x, y + 1, error * 5 / 16);
            spread(x + 1, y + 1, error / 16);
        }
    }
    return dots;
}

} // namespace

Result<Bitmap> codeModules(const Code& code, Position at)
{
    return code.kind == Code::Kind::Qr ? qrModules(code, at) : code128Modules(code, at);
}

Result<Bitmap> ditheredPng(std::string_view file, int widest, Position at)
{
    constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
    constexpr std::size_t kWidthAt = 16, kHeightAt = 20, kHeader = 24;
    if (!file.starts_with(kSignature) || file.size() < kHeader) {
        return failAt(at, fmt::format("an image of {} bytes that is no PNG", file.size()), "a PNG");
    }
    const auto width = bigEndian(file.substr(kWidthAt)), height = bigEndian(file.substr(kHeightAt));
    if (width < 1 || height < 1 || width > static_cast<std::uint32_t>(widest) ||
        height > kHighestPicture) {
        return failAt(at, fmt::format("an image of {} by {} dots", width, height),
                      fmt::format("at most {} by {}", widest, kHighestPicture));
    }
    const Surface picture(cairo_image_surface_create_from_png_stream(readFrom, &file));
    if (cairo_surface_status(picture.get()) != CAIRO_STATUS_SUCCESS) {
        return failAt(at, "a broken image", "a whole PNG");
    }
    const int w = static_cast<int>(width), h = static_cast<int>(height);
    return dithered(greysOf(picture.get(), w, h), w, h);
}

} // namespace guichet::receipt
