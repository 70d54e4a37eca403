// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/mrz/training/letter_samples.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "drivers/mrz/cell_picture.h"
#include "tests/drivers/mrz/page_shot.h"
#include "tests/drivers/mrz/page_text.h"

namespace guichet::test {

namespace {

constexpr float kSteps = 32; ///< of a pixel, in one deviation
constexpr int kShotsOfPage = 4;
/// What still reads as some letter when it stands on its head.
constexpr std::string_view kEitherWay = "0123456789BHIKLMNOPQSUWXZ";

double between(std::mt19937& random, double low, double high)
{
    return low + (high - low) * static_cast<double>(random()) / 4294967296.0;
}

View anyView(std::mt19937& random)
{
    View view;
    view.width = 1280;
    view.height = 240;
    view.pitchLow = random() % 3 == 0 ? 9 : 13;
    view.pitchHigh = 26;
    view.turn = 5;
    view.perspective = between(random, 0, 0.02);
    view.blur = between(random, 0, 1.4);
    view.motion = random() % 3 == 0 ? between(random, 0, 4) : 0;
    view.noise = between(random, 1, 12);
    view.shade = between(random, 0, 0.6);
    view.glare = 0.15;
    view.jpeg = random() % 4 == 0 ? 0 : 50 + static_cast<int>(random() % 46);
    return view;
}

mrz::Point pointOf(const Shot& shot, double x, double y)
{
    const auto at = shot.fromPage * cv::Vec3d(x, y, 1);
    return {at[0] / at[2], at[1] / at[2]};
}

/// The cell whose middle lies at (x, y) of the page, turned and stretched as a careless fit would.
mrz::Cell cellAt(std::mt19937& random, const Shot& shot, double pitch, double x, double y)
{
    const auto middle = pointOf(shot, x, y);
    const auto right = pointOf(shot, x + pitch, y);
    const auto down = pointOf(shot, x, y + pitch);
    const double turn = between(random, -0.04, 0.04);
    const double wide = between(random, 0.95, 1.05);
    const double high = between(random, 0.92, 1.08);
    const double lean = between(random, -0.05, 0.05);
    mrz::Cell cell{.middle = middle};
    const mrz::Point alongRow{right.x - middle.x, right.y - middle.y};
    const mrz::Point acrossRow{down.x - middle.x, down.y - middle.y};
    cell.right = {wide * (alongRow.x + turn * acrossRow.x),
                  wide * (alongRow.y + turn * acrossRow.y)};
    cell.down = {high * (acrossRow.x - (turn + lean) * alongRow.x),
                 high * (acrossRow.y - (turn + lean) * alongRow.y)};
    return cell;
}

LetterSample sampleOf(const mrz::GrayView& view, const mrz::Cell& cell, std::size_t letter)
{
    LetterSample sample{.letter = static_cast<std::uint8_t>(letter)};
    const auto picture = mrz::cutCell(view, cell).picture;
    std::ranges::transform(picture, sample.pixels.begin(), [](float pixel) {
        return static_cast<std::int8_t>(std::clamp(std::lround(pixel * kSteps), -127L, 127L));
    });
    return sample;
}

void addShot(std::mt19937& random, const Page& page, const Shot& shot,
             std::vector<LetterSample>& samples)
{
    const mrz::GrayView view{std::as_bytes(std::span(shot.gray.data, shot.gray.total())),
                             shot.gray.cols, shot.gray.rows, static_cast<int>(shot.gray.step)};
    for (int row = 0; row < page.rows; ++row) {
        for (int column = 0; column < page.columns; ++column) {
            const char letter =
                page.text[static_cast<std::size_t>(row * (page.columns + 1) + column)];
            double x = page.firstCell.x + page.pitch * (column + between(random, -0.09, 0.09));
            double y =
                page.firstCell.y + page.spacing * row + page.pitch * between(random, -0.09, 0.09);
            auto cell = cellAt(random, shot, page.pitch, x, y);
            auto shown = mrz::kZoneLetters.find(letter);
            const auto kind = random() % 24;
            if (kind == 0) { // between two letters
                x += page.pitch * (random() % 2 == 0 ? 1 : -1) * between(random, 0.38, 0.5);
                cell = cellAt(random, shot, page.pitch, x, y);
                shown = mrz::kNoLetter;
            } else if (kind == 1) { // above or below
                y += page.pitch * (random() % 2 == 0 ? 1 : -1) * between(random, 0.45, 1);
                cell = cellAt(random, shot, page.pitch, x, y);
                shown = mrz::kNoLetter;
            } else if (kind == 2 && kEitherWay.find(letter) == std::string_view::npos) {
                cell.right = {-cell.right.x, -cell.right.y};
                cell.down = {-cell.down.x, -cell.down.y};
                shown = mrz::kNoLetter;
            }
            samples.push_back(sampleOf(view, cell, shown));
        }
    }
}

} // namespace

mrz::CellPicture LetterSample::picture() const
{
    mrz::CellPicture picture;
    std::ranges::transform(pixels, picture.begin(),
                           [](std::int8_t pixel) { return static_cast<float>(pixel) / kSteps; });
    return picture;
}

std::vector<LetterSample> letterSamples(unsigned seed, int pages)
{
    std::mt19937 random(seed);
    std::vector<LetterSample> samples;
    for (int i = 0; i < pages; ++i) {
        const auto format = static_cast<mrz::Format>(random() % 5);
        auto view = anyView(random);
        const auto page =
            printPage(random, format, evenText(random, format), printResolution(random, view));
        for (int each = 0; each < kShotsOfPage; ++each) {
            addShot(random, page, photograph(random, page, view), samples);
            const auto [low, high] = std::pair(view.pitchLow, view.pitchHigh);
            view = anyView(random);
            view.pitchLow = low;
            view.pitchHigh = high;
        }
    }
    return samples;
}

} // namespace guichet::test
