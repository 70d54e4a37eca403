// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrz/document_outline.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <opencv2/imgproc.hpp>

namespace guichet::mrz {

namespace {

using Contour = std::vector<cv::Point>;

constexpr int kSearchSide = 640; ///< edges of a document are found in less than the whole picture
constexpr double kLeastPart = 1.0 / 16, kMostPart = 0.95; ///< of the picture; all of it is the desk
/// ID-1 is 1.59 to 1, ID-3 1.42, an open booklet 1.41 upright; slanted they look shorter.
constexpr double kLeastAspect = 1.05, kMostAspect = 2.1;
constexpr double kMostCosine = 0.5; ///< corners of 60 to 120 degrees

double side(const Contour& quad, std::size_t at)
{
    return cv::norm(quad[at] - quad[(at + 1) % quad.size()]);
}

double aspectOf(const Contour& quad)
{
    const double first = (side(quad, 0) + side(quad, 2)) / 2;
    const double second = (side(quad, 1) + side(quad, 3)) / 2;
    return std::max(first, second) / std::max(1.0, std::min(first, second));
}

double steepestCosine(const Contour& quad)
{
    double most = 0;
    for (std::size_t i = 0; i < quad.size(); ++i) {
        const auto& corner = quad[i];
        const cv::Point2d before = quad[(i + 3) % 4] - corner;
        const cv::Point2d after = quad[(i + 1) % 4] - corner;
        most = std::max(most, std::abs(before.dot(after)) /
                                  std::max(1.0, cv::norm(before) * cv::norm(after)));
    }
    return most;
}

bool looksLikeDocument(const Contour& quad, double pictureArea)
{
    const double aspect = quad.size() == 4 && cv::isContourConvex(quad) ? aspectOf(quad) : 0;
    const double part = aspect > 0 ? cv::contourArea(quad) / pictureArea : 0;
    return aspect > kLeastAspect && aspect < kMostAspect && steepestCosine(quad) < kMostCosine &&
           part > kLeastPart && part < kMostPart;
}

/// Adds the four-sided shapes of a picture of edges or of areas.
void collect(const cv::Mat& shapes, std::vector<Contour>& quads)
{
    std::vector<Contour> contours;
    cv::findContours(shapes, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_SIMPLE);
    const double area = static_cast<double>(shapes.total());
    for (const auto& contour : contours) {
        Contour hull;
        cv::convexHull(contour, hull); // a finger or a lamp may have bitten a piece off
        Contour quad;
        for (const double tolerance : {0.02, 0.04}) {
            cv::approxPolyDP(hull, quad, tolerance * cv::arcLength(hull, true), true);
            if (looksLikeDocument(quad, area)) {
                quads.push_back(quad);
                break;
            }
        }
    }
}

std::vector<Contour> findQuads(const cv::Mat& picture)
{
    std::vector<Contour> quads;
    cv::Mat smooth;
    cv::GaussianBlur(picture, smooth, {5, 5}, 0);
    const auto kernel = cv::getStructuringElement(cv::MORPH_RECT, {5, 5});
    cv::Mat shapes;
    cv::Canny(smooth, shapes, 30, 90);
    cv::morphologyEx(shapes, shapes, cv::MORPH_CLOSE, kernel);
    collect(shapes, quads);
    cv::threshold(smooth, shapes, 0, 255, cv::THRESH_BINARY | cv::THRESH_OTSU);
    cv::morphologyEx(shapes, shapes, cv::MORPH_OPEN, kernel);
    collect(shapes, quads);
    cv::bitwise_not(shapes, shapes); // a dark cover on a light desk
    collect(shapes, quads);
    return quads;
}

} // namespace

std::optional<DocumentOutline> findOutline(const cv::Mat& gray)
{
    const double scale =
        std::min(1.0, static_cast<double>(kSearchSide) / std::max(gray.cols, gray.rows));
    cv::Mat small;
    cv::resize(gray, small, {}, scale, scale, cv::INTER_AREA);
    const auto quads = findQuads(small);
    if (quads.empty()) {
        return std::nullopt;
    }
    const auto& quad = *std::ranges::max_element(
        quads, {}, [](const Contour& each) { return cv::contourArea(each); });
    DocumentOutline outline;
    const bool longFirst = side(quad, 0) + side(quad, 2) >= side(quad, 1) + side(quad, 3);
    const bool clockwise = cv::contourArea(quad, true) > 0;
    for (std::size_t i = 0; i < outline.size(); ++i) {
        // Against the clock, the turn around starts with the other end of the same side.
        const auto from = clockwise ? i + (longFirst ? 0 : 1) : (longFirst ? 5 : 6) - i;
        const auto& corner = quad[from % quad.size()];
        outline.at(i) = {(static_cast<float>(corner.x) + 0.5F) / static_cast<float>(scale) - 0.5F,
                         (static_cast<float>(corner.y) + 0.5F) / static_cast<float>(scale) - 0.5F};
    }
    return outline;
}

cv::Mat straightened(const cv::Mat& gray, const DocumentOutline& outline)
{
    const auto width = static_cast<float>(
        std::max(cv::norm(outline[0] - outline[1]), cv::norm(outline[2] - outline[3])));
    const auto height = static_cast<float>(
        std::max(cv::norm(outline[1] - outline[2]), cv::norm(outline[3] - outline[0])));
    const DocumentOutline straight{cv::Point2f(0, 0), cv::Point2f(width - 1, 0),
                                   cv::Point2f(width - 1, height - 1), cv::Point2f(0, height - 1)};
    cv::Mat result;
    cv::warpPerspective(gray, result, cv::getPerspectiveTransform(outline.data(), straight.data()),
                        cv::Size(cvRound(width), cvRound(height)), cv::INTER_LINEAR,
                        cv::BORDER_REPLICATE);
    return result;
}

} // namespace guichet::mrz
