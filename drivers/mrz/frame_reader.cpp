// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrz/frame_reader.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

#include "drivers/mrz/cell_grid.h"
#include "drivers/mrz/document_outline.h"

namespace guichet::mrz {

namespace {

constexpr int kLeastSide = 64, kMostSide = 8192;
constexpr double kSmallestPitch = 8.5; ///< below, letters that look alike cannot be told apart
constexpr double kLargestPitch = 30;   ///< above, cells are cut from a smaller picture
constexpr double kBlurred = 0.75;      ///< below, the first letters are read wrong
constexpr double kUnreadable = 0.3;
constexpr double kGlare = 0.01;
constexpr float kLetters = 0.6F; ///< how sure the network is, on average, of what is a zone
constexpr std::size_t kMostGrids = 5;

cv::Mat matOf(const GrayView& view)
{
    // OpenCV has no view of constant pixels; nothing here writes.
    auto* pixels = const_cast<std::byte*>(view.pixels.data());
    return {view.height, view.width, CV_8U, pixels, static_cast<std::size_t>(view.stride)};
}

GrayView viewOf(const cv::Mat& picture)
{
    const auto height = static_cast<std::size_t>(picture.rows);
    const auto stride = picture.step[0];
    const auto size = (height - 1) * stride + static_cast<std::size_t>(picture.cols);
    return {std::as_bytes(std::span(picture.data, size)), picture.cols, picture.rows,
            static_cast<int>(stride)};
}

std::vector<CutCell> cutAll(const GrayView& view, const CellGrid& grid)
{
    std::vector<CutCell> cut;
    std::ranges::transform(grid.cells, std::back_inserter(cut),
                           [&view](const Cell& cell) { return cutCell(view, cell); });
    return cut;
}

template <typename Member> float medianOf(const std::vector<CutCell>& cells, Member member)
{
    std::vector<float> values;
    std::ranges::transform(cells, std::back_inserter(values), member);
    const auto middle = values.begin() + std::ssize(values) / 2;
    std::ranges::nth_element(values, middle);
    return *middle;
}

FrameFacts factsOf(const CellGrid& grid, const std::vector<CutCell>& cells)
{
    constexpr float kBright = 230;
    constexpr float kFaint = 0.4F;
    const float usual = medianOf(cells, &CutCell::deviation);
    const auto lost = std::ranges::count_if(cells, [usual](const CutCell& cell) {
        return cell.mean > kBright && cell.deviation < kFaint * usual;
    });
    return {.zoneFound = true,
            .pitch = grid.pitch,
            .sharpness = static_cast<double>(medianOf(cells, &CutCell::edge)),
            .glare = static_cast<double>(lost) / static_cast<double>(cells.size())};
}

Advice adviceFor(const FrameFacts& facts)
{
    return facts.glare > kGlare           ? Advice::Tilt
           : facts.pitch < kSmallestPitch ? Advice::MoveCloser
           : facts.sharpness < kBlurred   ? Advice::HoldStill
                                          : Advice::None;
}

struct Scored {
    std::vector<LetterScores> scores;
    float sureness = 0; ///< mean of the likeliest letters' scores
};

Scored scoreAll(const LetterNet& net, std::span<const CutCell> cells)
{
    Scored scored;
    LetterNet::Steps steps{};
    for (const auto& cell : cells) {
        net.run(cell.picture, steps);
        scored.scores.push_back(steps.scores);
        scored.sureness += *std::max_element(steps.scores.begin(), steps.scores.end() - 1);
    }
    scored.sureness /= static_cast<float>(cells.size());
    return scored;
}

CellGrid turned(CellGrid grid)
{
    std::ranges::reverse(grid.cells);
    for (auto& cell : grid.cells) {
        cell.right = {-cell.right.x, -cell.right.y};
        cell.down = {-cell.down.x, -cell.down.y};
    }
    return grid;
}

/// The whole zone, if the first cells of it look like letters.
std::optional<Scored> letters(const LetterNet& net, const std::vector<CutCell>& cells)
{
    constexpr std::size_t kFirst = 24;
    const std::span all(cells);
    auto scored = scoreAll(net, all.first(kFirst));
    if (scored.sureness < kLetters * 0.75F) {
        return std::nullopt;
    }
    const auto rest = scoreAll(net, all.subspan(kFirst));
    scored.scores.insert(scored.scores.end(), rest.scores.begin(), rest.scores.end());
    const auto count = static_cast<float>(cells.size());
    scored.sureness = (scored.sureness * kFirst + rest.sureness * (count - kFirst)) / count;
    return scored;
}

/// Reads what the grid holds, either way up; nothing if that is no zone.
std::optional<FrameReading> readGrid(const LetterNet& net, const GrayView& view,
                                     const CellGrid& grid)
{
    auto cells = cutAll(view, grid);
    FrameReading reading{.facts = factsOf(grid, cells)};
    reading.advice = adviceFor(reading.facts);
    if (reading.facts.sharpness < kUnreadable) {
        return reading;
    }
    auto upright = letters(net, cells);
    constexpr float kSure = 0.85F;
    if (!upright || upright->sureness < kSure) {
        auto other = letters(net, cutAll(view, turned(grid)));
        if (other && (!upright || other->sureness > upright->sureness)) {
            upright = std::move(other);
            reading.facts.turned = 180;
        }
    }
    if (!upright || upright->sureness < kLetters) {
        const bool blurred = reading.facts.sharpness < kBlurred;
        return blurred ? std::optional(std::move(reading)) : std::nullopt;
    }
    reading.candidate = readZone(upright->scores);
    return reading;
}

/// Pixels are averaged where there are more than the network looks at.
GrayView shrunk(const cv::Mat& picture, const GrayView& view, CellGrid& grid, cv::Mat& store)
{
    if (grid.pitch <= kLargestPitch) {
        return view;
    }
    const double scale = kCellPitch / grid.pitch;
    cv::resize(picture, store, {}, scale, scale, cv::INTER_AREA);
    const double across = static_cast<double>(store.cols) / picture.cols;
    const double down = static_cast<double>(store.rows) / picture.rows;
    for (auto& cell : grid.cells) {
        cell.middle = {(cell.middle.x + 0.5) * across - 0.5, (cell.middle.y + 0.5) * down - 0.5};
        cell.right = {cell.right.x * across, cell.right.y * down};
        cell.down = {cell.down.x * across, cell.down.y * down};
    }
    return viewOf(store);
}

FrameReading look(const LetterNet& net, const cv::Mat& picture)
{
    const auto view = viewOf(picture);
    const auto blocks = findBlocks(picture);
    FrameReading best{.advice = Advice::ShowDocument};
    std::size_t tried = 0;
    for (const auto& block : blocks) {
        for (auto& grid : fitGrids(picture, block)) {
            if (++tried > kMostGrids) {
                return best;
            }
            const double pitch = grid.pitch;
            cv::Mat store;
            const auto source = shrunk(picture, view, grid, store);
            if (auto reading = readGrid(net, source, grid)) {
                reading->facts.pitch = pitch;
                if (reading->candidate) {
                    return std::move(*reading);
                }
                best = std::move(*reading);
            }
        }
    }
    return best;
}

/// Upright and upside down first: a quarter turn costs a second search.
FrameReading lookBothWays(const LetterNet& net, const cv::Mat& picture)
{
    auto upright = look(net, picture);
    if (upright.candidate) {
        return upright;
    }
    cv::Mat turned;
    cv::rotate(picture, turned, cv::ROTATE_90_CLOCKWISE);
    auto aside = look(net, turned);
    if (!aside.candidate && (upright.facts.zoneFound || !aside.facts.zoneFound)) {
        return upright;
    }
    aside.facts.turned = aside.facts.turned == 0 ? 270 : 90;
    return aside;
}

/// A page that lies askew, or is seen from aside, is found by its edges and laid straight.
FrameReading lookAtAll(const LetterNet& net, const cv::Mat& picture)
{
    auto reading = lookBothWays(net, picture);
    if (reading.candidate || reading.facts.zoneFound) {
        return reading;
    }
    const auto outline = findOutline(picture);
    if (!outline) {
        return reading;
    }
    auto straight = lookBothWays(net, straightened(picture, *outline));
    const auto along = (*outline)[1] - (*outline)[0];
    const int lies = cvRound(std::atan2(along.y, along.x) / (CV_PI / 2)) * 90;
    straight.facts.turned = (straight.facts.turned + lies + 360) % 360;
    return straight;
}

} // namespace

std::string_view name(Advice advice)
{
    switch (advice) {
    case Advice::ShowDocument:
        return "showDocument";
    case Advice::MoveCloser:
        return "moveCloser";
    case Advice::HoldStill:
        return "holdStill";
    case Advice::Tilt:
        return "tiltDocument";
    case Advice::None:
        break;
    }
    return "none";
}

MrzFrameReader::MrzFrameReader()
    : m_net(std::make_unique<const LetterNet>(trainedNet()))
{
    // A frame is small: waking threads for it costs more than they save, and many times more when
    // the other cores are busy.
    cv::setNumThreads(0);
}

MrzFrameReader::~MrzFrameReader() = default;

Result<FrameReading> MrzFrameReader::read(const GrayView& view) const
{
    if (!view.whole() || view.width < kLeastSide || view.height < kLeastSide ||
        view.width > kMostSide || view.height > kMostSide) {
        return fail(Errc::Invalid,
                    fmt::format("mrz: a picture of {}x{}, {} bytes a row, in {} bytes; want all "
                                "rows of 64x64 to 8192x8192 pixels",
                                view.width, view.height, view.stride, view.pixels.size()));
    }
    try {
        return lookAtAll(*m_net, matOf(view));
    } catch (const cv::Exception& error) {
        return fail(Errc::Invalid, fmt::format("mrz: OpenCV: {}", error.what()));
    }
}

} // namespace guichet::mrz
