// SPDX-License-Identifier: Apache-2.0
#include "drivers/barcode/code_reader.h"

#include <algorithm>
#include <array>
#include <exception>
#include <mutex>
#include <utility>

#define ZX_USE_UTF8 // text() as in later versions
#include <ZXing/ReadBarcode.h>
#include <opencv2/imgproc.hpp>

#include "drivers/barcode/code_region.h"
#include "drivers/barcode/straight_patch.h"

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

/// `binarizer` says how zxing-cpp tells dark from light.
std::optional<Code> look(const cv::Mat& gray, ZXing::DecodeHints hints, ZXing::Binarizer binarizer)
{
    const ZXing::ImageView image(gray.data, gray.cols, gray.rows, ZXing::ImageFormat::Lum,
                                 static_cast<int>(gray.step));
    const auto result = ZXing::ReadBarcode(image, hints.setBinarizer(binarizer));
    const auto symbology = symbologyOf(result.format());
    if (!result.isValid() || !symbology) {
        return std::nullopt;
    }
    const auto bytes = std::as_bytes(std::span(result.bytes().data(), result.bytes().size()));
    return Code{*symbology, Bytes(bytes.begin(), bytes.end())};
}

/// Black and white, parted by what is in the middle: the ground around a code is neither.
cv::Mat inTwoTones(const cv::Mat& patch)
{
    const cv::Rect middle(patch.cols / 4, patch.rows / 4, patch.cols / 2, patch.rows / 2);
    cv::Mat tones;
    const double parting =
        cv::threshold(patch(middle), tones, 0, 255, cv::THRESH_BINARY | cv::THRESH_OTSU);
    cv::threshold(patch, tones, parting, 255, cv::THRESH_BINARY);
    return tones;
}

cv::Mat sharpened(const cv::Mat& patch)
{
    constexpr double kStrength = 4;
    cv::Mat smooth, sharp;
    cv::GaussianBlur(patch, smooth, {}, 2);
    cv::addWeighted(patch, 1 + kStrength, smooth, -kStrength, 0, sharp);
    return sharp;
}

/// In black and white, as it is, and sharpened: each look reads what the others miss.
std::optional<Code> lookAtPatch(const cv::Mat& patch, const ZXing::DecodeHints& hints)
{
    auto code = look(inTwoTones(patch), hints, ZXing::Binarizer::FixedThreshold);
    if (!code) {
        code = look(patch, hints, ZXing::Binarizer::LocalAverage);
    }
    if (!code) {
        code = look(inTwoTones(sharpened(patch)), hints, ZXing::Binarizer::FixedThreshold);
    }
    return code;
}

/// zxing-cpp 1.4 reads no light code on dark: what a phone shows in dark mode. The brightest
/// becomes black, not 255, because its binarizer expects black near 0 also where the light is dim.
cv::Mat negativeOf(const cv::Mat& gray)
{
    double brightest = 0;
    cv::minMaxLoc(gray, nullptr, &brightest);
    return brightest - gray;
}

/// Where a code seems to be first: there it costs little, and zxing-cpp 1.4 wants an Aztec Code in
/// the middle of its picture, PDF417 and Code 128 upright.
std::optional<Code> readFrom(const cv::Mat& gray, const ZXing::DecodeHints& hints)
{
    const auto region = findRegion(gray);
    const auto patch = region ? straightPatch(gray, *region) : cv::Mat();
    auto code = patch.empty() ? std::nullopt : lookAtPatch(patch, hints);
    if (!code) {
        code = look(gray, hints, ZXing::Binarizer::LocalAverage);
    }
    if (!code && !patch.empty()) {
        code = lookAtPatch(negativeOf(patch), hints);
    }
    return code;
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
    // A frame is small: waking threads for it costs more than they save.
    static std::once_flag first;
    std::call_once(first, [] { cv::setNumThreads(0); });
    try {
        ZXing::DecodeHints hints;
        hints.setFormats(formatsOf(wanted));
        // Only read: OpenCV has no view of constant pixels.
        auto* pixels = const_cast<std::byte*>(view.pixels.data());
        return readFrom(
            cv::Mat(view.height, view.width, CV_8U, pixels, static_cast<std::size_t>(view.stride)),
            hints);
    } catch (const std::exception&) { // a picture that the library stumbles over holds no code
        return std::nullopt;
    }
}

} // namespace guichet::barcode
