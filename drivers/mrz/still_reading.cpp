// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrz/still_reading.h"

#include <algorithm>
#include <span>
#include <utility>

#include <opencv2/imgproc.hpp>

#include "drivers/mrz/agreement.h"

namespace guichet::mrz {

namespace {

cv::Mat matOf(const GrayView& view)
{
    auto* pixels = const_cast<std::byte*>(view.pixels.data()); // OpenCV has no constant view
    return {view.height, view.width, CV_8U, pixels, static_cast<std::size_t>(view.stride)};
}

Result<FrameReading> read(const MrzFrameReader& reader, const cv::Mat& picture)
{
    return reader.read({std::as_bytes(std::span(picture.data, picture.total())), picture.cols,
                        picture.rows, static_cast<int>(picture.step)});
}

/// A zone that was cut out close to its letters is not found without some paper around it.
cv::Mat withMargin(const cv::Mat& picture)
{
    const int margin = std::max(32, std::min(picture.cols, picture.rows) / 4);
    cv::Mat larger;
    cv::copyMakeBorder(picture, larger, margin, margin, margin, margin, cv::BORDER_REPLICATE);
    return larger;
}

cv::Mat smaller(const cv::Mat& picture)
{
    constexpr double kScale = 0.9;
    cv::Mat scaled;
    cv::resize(picture, scaled, {}, kScale, kScale, cv::INTER_AREA);
    return scaled;
}

} // namespace

Result<StillReading> readStill(const MrzFrameReader& reader, const GrayView& view)
{
    auto first = reader.read(view);
    if (!view.whole()) {
        return tl::unexpected(std::move(first.error()));
    }
    auto picture = matOf(view);
    if (!first || !first->candidate) {
        picture = withMargin(picture);
        if (auto other = read(reader, picture); !first || (other && other->candidate)) {
            first = std::move(other);
        }
    }
    if (!first) {
        return tl::unexpected(std::move(first.error()));
    }
    StillReading still{.facts = first->facts, .advice = first->advice};
    if (!first->candidate) {
        return still;
    }
    auto text = first->candidate->text.reveal();
    still.text = Secret<std::string>(std::move(text));
    if (!first->candidate->sound) {
        return still;
    }
    still.verdict = StillVerdict::Confirm;
    if (still.advice != Advice::None) { // both looks would see the same light or blur
        return still;
    }
    MrzAgreement agreement;
    if (auto second = read(reader, smaller(picture)); second && second->candidate) {
        static_cast<void>(agreement.see(std::move(*second->candidate)));
    }
    if (agreement.see(std::move(*first->candidate))) {
        still.verdict = StillVerdict::Accepted;
    }
    return still;
}

} // namespace guichet::mrz
