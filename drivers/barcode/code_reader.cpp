// SPDX-License-Identifier: Apache-2.0
#include "drivers/barcode/code_reader.h"

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#define ZX_USE_UTF8 // text() as in later versions
#include <ZXing/ReadBarcode.h>

namespace guichet::barcode {

namespace {

constexpr std::array kKinds{
    std::pair(Symbology::QrCode, ZXing::BarcodeFormat::QRCode),
    std::pair(Symbology::Aztec, ZXing::BarcodeFormat::Aztec),
    std::pair(Symbology::DataMatrix, ZXing::BarcodeFormat::DataMatrix),
    std::pair(Symbology::Pdf417, ZXing::BarcodeFormat::PDF417),
    std::pair(Symbology::Code128, ZXing::BarcodeFormat::Code128),
};

std::optional<Symbology> symbologyOf(ZXing::BarcodeFormat format)
{
    for (const auto& [symbology, theirs] : kKinds) {
        if (theirs == format) {
            return symbology;
        }
    }
    return std::nullopt;
}

/// Only what is asked for: each further format costs time and reads patterns that are no code.
ZXing::BarcodeFormats formatsOf(const std::vector<Symbology>& wanted)
{
    ZXing::BarcodeFormats formats;
    for (const auto& [symbology, theirs] : kKinds) {
        if (std::find(wanted.begin(), wanted.end(), symbology) != wanted.end()) {
            formats |= theirs;
        }
    }
    return formats;
}

std::optional<Code> look(const LuminanceView& view, const ZXing::DecodeHints& hints)
{
    const ZXing::ImageView image(reinterpret_cast<const std::uint8_t*>(view.pixels.data()),
                                 view.width, view.height, ZXing::ImageFormat::Lum, view.stride);
    const auto result = ZXing::ReadBarcode(image, hints);
    const auto symbology = symbologyOf(result.format());
    if (!result.isValid() || !symbology) {
        return std::nullopt;
    }
    const auto bytes = std::as_bytes(std::span(result.bytes().data(), result.bytes().size()));
    return Code{*symbology, Bytes(bytes.begin(), bytes.end())};
}

/// zxing-cpp 1.4 reads no light code on dark: what a phone shows in dark mode. The brightest
/// becomes black, not 255, because its binarizer expects black near 0 also where the light is dim.
std::optional<Code> lookAtNegative(const LuminanceView& view, const ZXing::DecodeHints& hints)
{
    const auto width = static_cast<std::size_t>(view.width);
    const auto line = [&view, width](std::size_t row) {
        return view.pixels.subspan(row * static_cast<std::size_t>(view.stride), width);
    };
    const auto rows = static_cast<std::size_t>(view.height);
    auto brightest = std::byte{0};
    for (std::size_t row = 0; row < rows; ++row) {
        brightest = std::max(brightest, *std::max_element(line(row).begin(), line(row).end()));
    }
    Bytes negative(width * rows);
    for (std::size_t row = 0; row < rows; ++row) {
        std::transform(line(row).begin(), line(row).end(),
                       negative.begin() + static_cast<std::ptrdiff_t>(row * width),
                       [brightest](std::byte each) {
                           return static_cast<std::byte>(std::to_integer<int>(brightest) -
                                                         std::to_integer<int>(each));
                       });
    }
    return look({negative, view.width, view.height, view.width}, hints);
}

bool isWhole(const LuminanceView& view)
{
    if (view.width <= 0 || view.height <= 0 || view.stride < view.width) {
        return false;
    }
    const auto rows = static_cast<std::size_t>(view.height) - 1;
    return rows * static_cast<std::size_t>(view.stride) + static_cast<std::size_t>(view.width) <=
           view.pixels.size();
}

} // namespace

std::optional<Code> readCode(const LuminanceView& view, const std::vector<Symbology>& wanted)
{
    if (wanted.empty() || !isWhole(view)) {
        return std::nullopt;
    }
    try {
        ZXing::DecodeHints hints;
        hints.setFormats(formatsOf(wanted));
        auto code = look(view, hints);
        return code ? code : lookAtNegative(view, hints);
    } catch (const std::exception&) { // a picture that the library stumbles over holds no code
        return std::nullopt;
    }
}

} // namespace guichet::barcode
