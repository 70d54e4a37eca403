// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrz/cell_grid.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <span>

#include <opencv2/imgproc.hpp>

namespace guichet::mrz {

namespace {

constexpr double kLength = 704; ///< of the rows in the straightened picture: 44 times 16
constexpr int kMargin = 88;     ///< around them
constexpr double kLeastContrast = 0.12;

/// The block, turned straight: rows run along x from 0 to kLength, the first at y = 0; the picture
/// begins kMargin before.
struct Straight {
    cv::Matx33d toFrame;
    cv::Mat ink; ///< CV_32F
    double step = 0;

    /// There is a picture of a row so many steps below the first.
    [[nodiscard]] bool spans(double row) const
    {
        const double y = row * step + kMargin;
        return y > 10 && y < ink.rows - 10;
    }
    [[nodiscard]] Point inFrame(double x, double y) const
    {
        const auto at = toFrame * cv::Vec3d(x, y, 1);
        return {at[0] / at[2], at[1] / at[2]};
    }
};

Straight straighten(const cv::Mat& gray, const TextBlock& block)
{
    // A row may have lost its ends or have some too much: all are laid along the mean direction,
    // and begin and end together.
    cv::Point2d along(0, 0);
    cv::Point2d middle(0, 0);
    for (const auto& row : block) {
        along += row.right - row.left;
        middle += (row.left + row.right) * (0.5 / static_cast<double>(block.size()));
    }
    along /= cv::norm(along);
    double begin = 0;
    double end = 0;
    for (const auto& row : block) {
        begin += along.dot(row.left - middle) / static_cast<double>(block.size());
        end += along.dot(row.right - middle) / static_cast<double>(block.size());
    }
    const double scale = (end - begin) / kLength;
    const cv::Point2d across(-along.y, along.x);
    const auto beside = [&](const TextRow& row) {
        return across.dot((row.left + row.right) * 0.5 - middle);
    };
    const double height = (beside(block.back()) - beside(block.front())) / scale;
    const auto origin = middle + along * begin + across * beside(block.front());
    // Turned and sized, no more: two short sides are too little to tell the perspective by. The
    // grid follows each row by itself.
    Straight straight;
    straight.toFrame = {scale * along.x,
                        scale * across.x,
                        origin.x,
                        scale * along.y,
                        scale * across.y,
                        origin.y,
                        0,
                        0,
                        1};
    straight.step = height / static_cast<double>(block.size() - 1);
    const cv::Matx33d shift(1, 0, -kMargin, 0, 1, -kMargin, 0, 0, 1);
    cv::Mat picture;
    cv::warpPerspective(gray, picture, straight.toFrame * shift,
                        {static_cast<int>(kLength) + 2 * kMargin,
                         static_cast<int>(std::lround(height)) + 2 * kMargin},
                        cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
    cv::Mat ground;
    cv::morphologyEx(picture, ground, cv::MORPH_CLOSE,
                     cv::getStructuringElement(cv::MORPH_RECT, {15, 15}));
    cv::Mat(ground - picture).convertTo(straight.ink, CV_32F);
    return straight;
}

/// A straight line y = at + slope * x.
struct Line {
    double at = 0, slope = 0;

    [[nodiscard]] double operator()(double x) const { return at + slope * x; }
};

/// Follows the middle of the print from where the row is thought to be.
Line middleOf(const Straight& straight, double y, double pitch)
{
    constexpr int kParts = 8;
    Line line{.at = y};
    for (const double reach : {0.75, 0.62, 0.62}) {
        double n = 0;
        double sx = 0;
        double sy = 0;
        double sxx = 0;
        double sxy = 0;
        for (int part = 0; part < kParts; ++part) {
            const double from = kLength * part / kParts;
            const double middle = from + kLength / kParts / 2;
            double weight = 0;
            double moment = 0;
            const double centre = line(middle) + kMargin;
            const int top = std::max(0, static_cast<int>(std::lround(centre - reach * pitch)));
            const int bottom = std::min(straight.ink.rows - 1,
                                        static_cast<int>(std::lround(centre + reach * pitch)));
            for (int row = top; row <= bottom; ++row) {
                const auto* ink = straight.ink.ptr<float>(row) + kMargin + static_cast<int>(from);
                const double sum =
                    std::accumulate(ink, ink + static_cast<int>(kLength / kParts), 0.0);
                weight += sum;
                moment += sum * row;
            }
            if (weight <= 0) {
                continue;
            }
            const double found = moment / weight - kMargin;
            n += weight;
            sx += weight * middle;
            sy += weight * found;
            sxx += weight * middle * middle;
            sxy += weight * middle * found;
        }
        const double spread = n * sxx - sx * sx;
        if (spread <= 0) {
            return line;
        }
        line.slope = (n * sxy - sx * sy) / spread;
        line.at = (sy - line.slope * sx) / n;
    }
    return line;
}

/// How much print there is in each column of the row, from -kMargin on; smoothed.
std::vector<float> profileOf(const Straight& straight, const Line& line, double pitch)
{
    std::vector<float> profile(static_cast<std::size_t>(straight.ink.cols), 0.0F);
    const int reach = static_cast<int>(std::lround(0.5 * pitch));
    for (int x = 0; x < straight.ink.cols; ++x) {
        const int middle = static_cast<int>(std::lround(line(x - kMargin))) + kMargin;
        for (int y = std::max(0, middle - reach);
             y <= std::min(straight.ink.rows - 1, middle + reach); ++y) {
            profile[static_cast<std::size_t>(x)] += straight.ink.at<float>(y, x);
        }
    }
    auto smooth = profile;
    for (std::size_t x = 1; x + 1 < profile.size(); ++x) {
        smooth[x] = (profile[x - 1] + 2 * profile[x] + profile[x + 1]) / 4;
    }
    return smooth;
}

/// Where the letters' edges are along a row.
struct Comb {
    double left = 0, right = kLength; ///< outer edges of the first and the last cell
    double bow = 0;                   ///< how far the middle is off, as perspective makes it

    [[nodiscard]] double edge(double number, int columns) const
    {
        const double part = number / columns;
        return left + (right - left) * part + bow * 4 * part * (1 - part);
    }
};

double at(std::span<const float> profile, double x)
{
    const int place = static_cast<int>(x + kMargin);
    const int last = static_cast<int>(profile.size()) - 1;
    return static_cast<double>(profile.data()[std::clamp(place, 0, last)]);
}

/// Print in the middle of cells less print at their edges and beyond the ends; 1 is perfect.
double fitOf(std::span<const float> profile, const Comb& comb, int columns)
{
    double inside = 0;
    double edges = at(profile, comb.left);
    for (int column = 0; column < columns; ++column) {
        const double middle = comb.edge(column + 0.5, columns);
        const double next = comb.edge(column + 1, columns);
        const double quarter = (next - middle) / 2;
        inside +=
            at(profile, middle) + at(profile, middle - quarter) + at(profile, middle + quarter);
        edges += at(profile, next);
    }
    const double pitch = (comb.right - comb.left) / columns;
    double beyond = 0;
    for (const double way : {0.3, 0.5, 0.7}) {
        beyond += at(profile, comb.left - way * pitch) + at(profile, comb.right + way * pitch);
    }
    inside /= 3;
    return (inside - edges - beyond) / (inside + edges + beyond + 1);
}

struct Reach {
    double ends, endStep, bow, bowStep;
};

/// -reach to reach.
std::vector<double> stepsOf(double reach, double step)
{
    const int most = cvFloor(reach / step + 1e-6);
    std::vector<double> steps;
    for (int i = -most; i <= most; ++i) {
        steps.push_back(i * step);
    }
    return steps;
}

double improve(std::span<const float> profile, Comb& comb, int columns, Reach reach)
{
    const auto start = comb;
    double best = -2;
    const auto ends = stepsOf(reach.ends, reach.endStep);
    for (const double bow : stepsOf(reach.bow, reach.bowStep)) {
        for (const double left : ends) {
            for (const double right : ends) {
                const Comb tried{start.left + left, start.right + right, start.bow + bow};
                const double fit = fitOf(profile, tried, columns);
                if (fit > best) {
                    best = fit;
                    comb = tried;
                }
            }
        }
    }
    return best;
}

/// Where the rows of a zone are, in steps of the rows that were found, and how long they are.
struct Guess {
    std::vector<double> rows;
    int columns;
};

/// Two rows may also be what was found of three.
std::vector<Guess> guessesFor(std::size_t rows)
{
    if (rows == 3) {
        return {{{0, 1, 2}, 30}};
    }
    return {{{0, 1}, 36}, {{0, 1}, 44}, {{0, 0.5, 1}, 30}, {{-1, 0, 1}, 30}, {{0, 1, 2}, 30}};
}

CellGrid gridOf(const Straight& straight, const Guess& guess)
{
    const int columns = guess.columns;
    const auto rows = guess.rows.size();
    CellGrid grid{.rows = static_cast<int>(rows), .columns = columns};
    const double pitch = kLength / columns;
    std::vector<Line> lines;
    std::vector<std::vector<float>> profiles;
    std::vector<float> all(static_cast<std::size_t>(straight.ink.cols), 0.0F);
    for (std::size_t row = 0; row < rows; ++row) {
        lines.push_back(middleOf(straight, straight.step * guess.rows[row], pitch));
        profiles.push_back(profileOf(straight, lines.back(), pitch));
        std::ranges::transform(all, profiles.back(), all.begin(), std::plus());
    }
    Comb shared;
    improve(all, shared, columns, {2.5 * pitch, 0.15 * pitch, 0, 1});
    improve(all, shared, columns, {0.12 * pitch, 0.06 * pitch, 6, 1.5});
    grid.contrast = improve(all, shared, columns, {1, 0.5, 1, 0.5});
    for (std::size_t row = 0; row < rows; ++row) {
        auto comb = shared;
        improve(profiles[row], comb, columns, {0.35 * pitch, 0.07 * pitch, 0, 1});
        improve(profiles[row], comb, columns, {0.07 * pitch, 0.035 * pitch, 1.5, 0.75});
        const auto& line = lines[row];
        for (int column = 0; column < columns; ++column) {
            const double x = comb.edge(column + 0.5, columns);
            const double half = (comb.edge(column + 1, columns) - comb.edge(column, columns)) / 2;
            const double y = line(x);
            const auto left = straight.inFrame(x - half, line(x - half));
            const auto right = straight.inFrame(x + half, line(x + half));
            const auto above = straight.inFrame(x, y - half);
            const auto below = straight.inFrame(x, y + half);
            grid.cells.push_back({straight.inFrame(x, y),
                                  {right.x - left.x, right.y - left.y},
                                  {below.x - above.x, below.y - above.y}});
            grid.pitch += std::hypot(right.x - left.x, right.y - left.y);
        }
    }
    grid.pitch /= static_cast<double>(grid.cells.size());
    return grid;
}

} // namespace

std::vector<CellGrid> fitGrids(const cv::Mat& gray, const TextBlock& block)
{
    const auto straight = straighten(gray, block);
    std::vector<CellGrid> grids;
    for (const auto& guess : guessesFor(block.size())) {
        if (!straight.spans(guess.rows.front()) || !straight.spans(guess.rows.back())) {
            continue;
        }
        auto grid = gridOf(straight, guess);
        if (grid.contrast > kLeastContrast) {
            grids.push_back(std::move(grid));
        }
        constexpr double kPlain = 0.6;
        if (grids.size() == 1 && grids.front().contrast > kPlain) {
            break; // the others would only cost time
        }
    }
    std::ranges::sort(grids, std::greater(), &CellGrid::contrast);
    return grids;
}

} // namespace guichet::mrz
