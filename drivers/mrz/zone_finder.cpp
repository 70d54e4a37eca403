// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrz/zone_finder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include <optional>

#include <opencv2/imgproc.hpp>

namespace guichet::mrz {

namespace {

constexpr std::size_t kMostBlocks = 4;
constexpr std::size_t kMostPieces = 400; ///< of print that are looked at
constexpr int kJoin = 9;                 ///< pixels over which letters become a row
constexpr double kSteepest = 25 * std::numbers::pi / 180;

/// A connected stretch of print, by its moments: several can be added up.
struct Piece {
    double area = 0, x = 0, y = 0; ///< area, first moments
    double xx = 0, xy = 0, yy = 0; ///< second moments
    double first = 0, last = 0;    ///< ends along the row, set by `measure`
    cv::Point2d middle, along;     ///< set by `measure`
    double height = 0, length = 0; ///< set by `measure`

    void add(const Piece& other)
    {
        area += other.area;
        x += other.x;
        y += other.y;
        xx += other.xx;
        xy += other.xy;
        yy += other.yy;
    }

    /// From the moments: a bar of the same ones.
    void measure()
    {
        middle = {x / area, y / area};
        const double sxx = xx / area - middle.x * middle.x;
        const double sxy = xy / area - middle.x * middle.y;
        const double syy = yy / area - middle.y * middle.y;
        const double angle = std::atan2(2 * sxy, sxx - syy) / 2;
        along = {std::cos(angle), std::sin(angle)};
        const double spread = std::hypot((sxx - syy) / 2, sxy);
        const double mean = (sxx + syy) / 2;
        length = std::sqrt(12 * std::max(0.0, mean + spread));
        height = std::sqrt(12 * std::max(0.0, mean - spread));
        first = -length / 2;
        last = length / 2;
    }

    [[nodiscard]] double angle() const { return std::atan2(along.y, along.x); }
    [[nodiscard]] cv::Point2d end(double at) const { return middle + at * along; }
    /// How far a point lies beside the row.
    [[nodiscard]] double beside(cv::Point2d point) const { return along.cross(point - middle); }
};

struct Print {
    cv::Mat ink;  ///< how much darker than the ground, CV_8U
    cv::Mat rows; ///< 255 where there is more of it around a pixel than in its surroundings
};

/// Below it is the pattern of the paper, not print: a part of what the darkest hundredth is.
double faintest(const cv::Mat& ink)
{
    std::array<int, 256> counts{};
    for (int y = 0; y < ink.rows; ++y) {
        const auto* row = ink.ptr<unsigned char>(y);
        std::for_each(row, row + ink.cols, [&counts](unsigned char each) { ++counts.at(each); });
    }
    const int wanted = ink.rows * ink.cols / 100;
    std::size_t level = counts.size() - 1;
    for (int sum = 0; level > 0 && (sum += counts.at(level)) < wanted; --level) {
    }
    return 0.3 * static_cast<double>(level);
}

Print printIn(const cv::Mat& small)
{
    cv::Mat ground;
    cv::morphologyEx(small, ground, cv::MORPH_CLOSE,
                     cv::getStructuringElement(cv::MORPH_RECT, {7, 7}));
    cv::Mat ink = ground - small;
    cv::add(ground, 24, ground); // where it is dark, print is faint
    cv::divide(ink, ground, ink, 255);
    ink -= faintest(ink);
    cv::Mat here;
    cv::Mat around;
    cv::boxFilter(ink, here, CV_16S, {kJoin, 3}, {-1, -1}, false);
    cv::boxFilter(ink, around, CV_32F, {75, 61});
    around.convertTo(around, CV_16S, 1.15 * 3 * kJoin, 6 * 3 * kJoin);
    return {ink, here > around};
}

std::vector<Piece> piecesOf(const cv::Mat& print)
{
    std::vector<std::vector<cv::Point>> contours;
    cv::findContours(print, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
    std::vector<Piece> pieces;
    for (const auto& contour : contours) {
        if (contour.size() < 16) {
            continue;
        }
        const auto moments = cv::moments(contour);
        if (moments.m00 < 10) {
            continue;
        }
        Piece piece{.area = moments.m00,
                    .x = moments.m10,
                    .y = moments.m01,
                    .xx = moments.m20,
                    .xy = moments.m11,
                    .yy = moments.m02};
        piece.measure();
        piece.first = piece.last = 0;
        for (const auto& point : contour) {
            const double at = piece.along.dot(cv::Point2d(point) - piece.middle);
            piece.first = std::min(piece.first, at);
            piece.last = std::max(piece.last, at);
        }
        piece.length = piece.last - piece.first;
        if (piece.length > 1.2 * piece.height && std::abs(piece.angle()) < 2 * kSteepest) {
            pieces.push_back(piece);
        }
    }
    std::ranges::sort(pieces, std::greater(), &Piece::length);
    pieces.resize(std::min(pieces.size(), kMostPieces));
    return pieces;
}

/// Grows the longest pieces by what continues them, until each is a whole row.
std::vector<Piece> rowsOf(std::vector<Piece> pieces)
{
    std::vector<bool> used(pieces.size(), false);
    std::vector<Piece> rows;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        if (used[i] || pieces[i].length < 4 * pieces[i].height) {
            continue;
        }
        Piece row = pieces[i];
        used[i] = true;
        for (bool grown = true; grown;) {
            grown = false;
            for (std::size_t j = 0; j < pieces.size(); ++j) {
                const auto& other = pieces[j];
                if (used[j] || other.height > 1.7 * row.height || other.height < 0.4 * row.height) {
                    continue;
                }
                const double at = row.along.dot(other.middle - row.middle);
                const double gap =
                    std::max(at + other.first - row.last, row.first - at - other.last);
                // A glare's hole is bridged only between stretches that lie in one line.
                const bool inLine =
                    other.length > 6 * other.height && std::abs(other.angle() - row.angle()) < 0.05;
                const double reach = inLine ? 12 : 3;
                if (std::abs(row.beside(other.middle)) > 0.5 * row.height ||
                    gap > reach * row.height || gap < -row.height) {
                    continue;
                }
                const auto firstEnd = row.end(std::min(row.first, at + other.first));
                const auto lastEnd = row.end(std::max(row.last, at + other.last));
                const double height = row.height;
                row.add(other);
                row.measure();
                row.first = row.along.dot(firstEnd - row.middle);
                row.last = row.along.dot(lastEnd - row.middle);
                row.length = row.last - row.first;
                row.height = std::min(row.height, height * 1.2);
                used[j] = true;
                grown = true;
            }
        }
        if (row.length > 12 * row.height && std::abs(row.angle()) < kSteepest) {
            rows.push_back(row);
        }
    }
    return rows;
}

/// How far `lower` lies below `upper`, if the two lie like neighbours in a zone.
std::optional<double> stepBetween(const Piece& upper, const Piece& lower)
{
    const double length = std::max(upper.length, lower.length);
    const double shorter = std::min(upper.length, lower.length);
    const auto between =
        lower.end((lower.first + lower.last) / 2) - upper.end((upper.first + upper.last) / 2);
    const double step = upper.along.cross(between);
    const double shift = upper.along.dot(between);
    const bool fits = std::abs(upper.angle() - lower.angle()) < 0.05 && shorter > 0.9 * length &&
                      std::abs(shift) < 0.06 * length && step > 0.026 * length &&
                      step < 0.12 * length;
    return fits ? std::optional(step) : std::nullopt;
}

/// Mean print along the row.
double strengthOf(const Piece& row, const cv::Mat& ink)
{
    double sum = 0;
    int count = 0;
    const cv::Rect all({0, 0}, ink.size());
    const int pixels = cvFloor(row.last - row.first);
    for (int i = 0; i <= pixels; ++i) {
        const double at = row.first + i;
        for (const double beside : {-0.25, 0.0, 0.25}) {
            const auto point =
                row.end(at) + cv::Point2d(-row.along.y, row.along.x) * (beside * row.height);
            const cv::Point pixel(cvRound(point.x), cvRound(point.y));
            if (all.contains(pixel)) {
                sum += ink.at<unsigned char>(pixel);
                ++count;
            }
        }
    }
    return count > 0 ? sum / count : 0;
}

/// Print around one place of the row.
double printAt(const Piece& row, double at, const cv::Mat& ink)
{
    const cv::Rect all({0, 0}, ink.size());
    double sum = 0;
    constexpr int kReach = 10;
    for (int way = -kReach; way <= kReach; ++way) {
        for (const double beside : {-0.3, -0.1, 0.1, 0.3}) {
            const auto point =
                row.end(at + way) + cv::Point2d(-row.along.y, row.along.x) * (beside * row.height);
            const cv::Point pixel(cvRound(point.x), cvRound(point.y));
            sum += all.contains(pixel) ? ink.at<unsigned char>(pixel) : 0;
        }
    }
    return sum;
}

/// Cuts off ends that are fainter than the rest: lines of the paper that lead up to the row.
void trim(Piece& row, const cv::Mat& ink)
{
    std::vector<double> print;
    const int pixels = cvFloor(row.last - row.first);
    for (int i = 0; i <= pixels; ++i) {
        print.push_back(printAt(row, row.first + i, ink));
    }
    auto sorted = print;
    std::ranges::nth_element(sorted, sorted.begin() + std::ssize(sorted) / 2);
    const double enough = 0.25 * sorted[sorted.size() / 2];
    const auto isEnough = [enough](double each) { return each >= enough; };
    const auto first = std::ranges::find_if(print, isEnough) - print.begin();
    const auto last = std::find_if(print.rbegin(), print.rend(), isEnough) - print.rbegin();
    row.first += static_cast<double>(first);
    row.last -= static_cast<double>(last);
    row.length = row.last - row.first;
}

TextRow rowOf(const Piece& piece, double scale)
{
    const cv::Point2d half(0.5, 0.5); // the middle of a pixel, in both resolutions
    constexpr int kGrown = kJoin / 2; // by joining, at either end
    const double first = piece.first + kGrown;
    const double last = piece.last - kGrown;
    return {(piece.end(first) + half) * scale - half, (piece.end(last) + half) * scale - half,
            piece.height * scale};
}

std::vector<TextBlock> blocksOf(std::vector<Piece> rows, const cv::Mat& ink, double scale)
{
    std::ranges::for_each(rows, [&ink](Piece& row) { trim(row, ink); });
    std::vector<double> weights;
    std::ranges::transform(rows, std::back_inserter(weights),
                           [&ink](const Piece& row) { return strengthOf(row, ink) * row.length; });
    struct Found {
        double rank;
        TextBlock block;
    };
    std::vector<Found> found;
    const auto weightOf = [&](const Piece& row) {
        return weights[static_cast<std::size_t>(&row - rows.data())];
    };
    for (const auto& upper : rows) {
        for (const auto& lower : rows) {
            const auto step = stepBetween(upper, lower);
            if (!step) {
                continue;
            }
            found.push_back(
                {weightOf(upper) + weightOf(lower), {rowOf(upper, scale), rowOf(lower, scale)}});
            for (const auto& third : rows) {
                const auto next = stepBetween(lower, third);
                if (next && std::abs(*next - *step) < 0.15 * *step) {
                    found.push_back(
                        {1.2 * (weightOf(upper) + weightOf(lower) + weightOf(third)),
                         {rowOf(upper, scale), rowOf(lower, scale), rowOf(third, scale)}});
                }
            }
        }
    }
    std::ranges::sort(found, std::greater(), &Found::rank);
    std::vector<TextBlock> blocks;
    for (auto& each : found) {
        if (blocks.size() < kMostBlocks) {
            blocks.push_back(std::move(each.block));
        }
    }
    return blocks;
}

} // namespace

std::vector<TextBlock> findBlocks(const cv::Mat& gray)
{
    for (const int width : {640, 320}) {
        const double scale = std::max(1.0, static_cast<double>(gray.cols) / width);
        cv::Mat small;
        cv::resize(gray, small, {}, 1 / scale, 1 / scale, cv::INTER_AREA);
        const auto print = printIn(small);
        auto blocks = blocksOf(rowsOf(piecesOf(print.rows)), print.ink, scale);
        if (!blocks.empty()) {
            return blocks;
        }
    }
    return {};
}

} // namespace guichet::mrz
