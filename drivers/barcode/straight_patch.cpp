// SPDX-License-Identifier: Apache-2.0
#include "drivers/barcode/straight_patch.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <optional>
#include <vector>

#include <opencv2/imgproc.hpp>

namespace guichet::barcode {

namespace {

constexpr int kMostSide = 640;     ///< pixels of the region's middle that its edges are taken from
constexpr double kSamples = 10000; ///< gradients that are looked at
constexpr double kLean = 0.35;     ///< an edge that leans more belongs to neither direction
constexpr double kSide = 440;      ///< pixels of a square patch
constexpr double kMostScale = 3;
constexpr float kMargin = 0.12F; ///< of the region
constexpr float kBeside = 20;    ///< pixels: a region is known to about a cell

/// A place where brightness changes, seen from the middle, and how.
struct Edge {
    std::complex<double> at, rise;
};

/// A straight line through points that weigh differently.
class LineFit {
public:
    void add(double at, double value, double weight)
    {
        m_sum += weight;
        m_at += weight * at;
        m_value += weight * value;
        m_atAt += weight * at * at;
        m_atValue += weight * at * value;
    }
    [[nodiscard]] double slope() const
    {
        const double spread = m_sum * m_atAt - m_at * m_at;
        return spread > 0 ? (m_sum * m_atValue - m_at * m_value) / spread : 0;
    }
    [[nodiscard]] double atZero() const
    {
        return m_sum > 0 ? (m_value - slope() * m_at) / m_sum : 0;
    }

private:
    double m_sum = 0, m_at = 0, m_value = 0, m_atAt = 0, m_atValue = 0;
};

std::vector<Edge> edgesOf(const cv::Mat& gray)
{
    cv::Mat smooth, across, down;
    cv::GaussianBlur(gray, smooth, {}, 1); // edges have steps where they cross the pixels' rows
    cv::Sobel(smooth, across, CV_16S, 1, 0);
    cv::Sobel(smooth, down, CV_16S, 0, 1);
    const int step = std::max(1, cvRound(std::sqrt(static_cast<double>(gray.total()) / kSamples)));
    std::vector<Edge> edges;
    for (int y = 0; y < gray.rows; y += step) {
        for (int x = 0; x < gray.cols; x += step) {
            const Edge edge{{x - gray.cols / 2.0, y - gray.rows / 2.0},
                            {static_cast<double>(across.at<short>(y, x)),
                             static_cast<double>(down.at<short>(y, x))}};
            if (std::norm(edge.rise) > 0) {
                edges.push_back(edge);
            }
        }
    }
    return edges;
}

/// By how much the edges are turned, in quarters of a turn: their directions times four agree.
double turnOf(const std::vector<Edge>& edges)
{
    std::complex<double> sum;
    for (const auto& [at, rise] : edges) {
        const auto twice = rise * rise;
        sum += twice * twice / std::abs(twice);
    }
    return std::arg(sum) / 4;
}

/// From the plane of the code to the picture of its edges, both seen from the middle. Where lines
/// that are level in the plane run more steeply the further down they are, the plane recedes: by
/// as much as their steepness grows. The same the other way round.
cv::Matx33d planeOf(const std::vector<Edge>& edges)
{
    const auto turn = std::polar(1.0, turnOf(edges));
    LineFit level, upright;
    for (const auto& edge : edges) {
        const auto at = edge.at * std::conj(turn);
        const auto rise = edge.rise * std::conj(turn);
        if (std::abs(rise.real()) < kLean * std::abs(rise.imag())) {
            level.add(at.imag(), -rise.real() / rise.imag(), std::norm(rise));
        } else if (std::abs(rise.imag()) < kLean * std::abs(rise.real())) {
            upright.add(at.real(), -rise.imag() / rise.real(), std::norm(rise));
        }
    }
    const cv::Matx33d lean(1, upright.atZero(), 0, level.atZero(), 1, 0, -level.slope(),
                           -upright.slope(), 1);
    const cv::Matx33d turned(turn.real(), -turn.imag(), 0, turn.imag(), turn.real(), 0, 0, 0, 1);
    return turned * lean;
}

cv::Matx33d shift(cv::Point2d by)
{
    return {1, 0, by.x, 0, 1, by.y, 0, 0, 1};
}

/// Where the region lies in the plane; nothing if part of it would be behind the viewer.
std::optional<cv::Rect2d> extentOf(const cv::RotatedRect& region, const cv::Matx33d& toPlane)
{
    std::vector<cv::Point2f> corners(4);
    region.points(corners.data());
    std::vector<cv::Point2f> inPlane;
    for (const auto& corner : corners) {
        const auto point = toPlane * cv::Vec3d(corner.x, corner.y, 1);
        if (!(point[2] > 0.2)) {
            return std::nullopt;
        }
        inPlane.emplace_back(static_cast<float>(point[0] / point[2]),
                             static_cast<float>(point[1] / point[2]));
    }
    return cv::Rect2d(cv::boundingRect(inPlane));
}

} // namespace

cv::Mat straightPatch(const cv::Mat& gray, const cv::RotatedRect& region)
{
    const cv::Point2d middle = region.center;
    const cv::Rect window(cvRound(middle.x) - kMostSide / 2, cvRound(middle.y) - kMostSide / 2,
                          kMostSide, kMostSide);
    const auto seen = region.boundingRect() & window & cv::Rect({0, 0}, gray.size());
    if (seen.empty()) {
        return {};
    }
    const auto edges = edgesOf(gray(seen));
    const auto plane =
        shift(cv::Point2d(seen.x + seen.width / 2.0, seen.y + seen.height / 2.0)) * planeOf(edges);
    auto wide = region;
    wide.size = wide.size * (1 + kMargin) + cv::Size2f(kBeside, kBeside);
    const auto extent = extentOf(wide, plane.inv());
    if (!extent) {
        return {};
    }
    const double scale = std::min(kMostScale, kSide / std::sqrt(extent->area()));
    const cv::Size size(cvRound(extent->width * scale), cvRound(extent->height * scale));
    if (size.empty()) {
        return {};
    }
    const auto fromPatch =
        plane * shift(extent->tl()) * cv::Matx33d::diag({1 / scale, 1 / scale, 1});
    cv::Mat patch;
    cv::warpPerspective(gray, patch, fromPatch, size, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                        cv::BORDER_REPLICATE);
    return patch;
}

} // namespace guichet::barcode
