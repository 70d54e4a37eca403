// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/mrz/page_picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <sstream>
#include <vector>

#include <opencv2/imgproc.hpp>

#include "tests/drivers/mrz/ocr_b.h"

namespace guichet::test {

namespace {

using mrz::Format;

bool oneIn(std::mt19937& random, unsigned count)
{
    return random() % count == 0;
}

cv::Size2d sizeMm(Format format)
{
    switch (format) {
    case Format::Td1:
        return {85.6, 54};
    case Format::Td3:
        return {125, 88};
    case Format::MrvA:
        return {120, 80};
    case Format::Td2:
    case Format::MrvB:
        break;
    }
    return {105, 74};
}

/// Fine curved lines all over, as on security paper: in families of waves, or around points.
void drawGuilloche(std::mt19937& random, cv::Mat& gray, double pxPerMm)
{
    const auto families = 1 + random() % 3;
    for (unsigned family = 0; family < families; ++family) {
        const double depth = between(random, 4, 28);
        const double step = between(random, 0.6, 3) * pxPerMm;
        const double swing = between(random, 0.2, 6) * pxPerMm;
        const double length = between(random, 6, 50) * pxPerMm;
        const double width = between(random, 0.12, 0.4);
        const double tilt = between(random, -1.5, 1.5);
        const bool round = oneIn(random, 3);
        const cv::Point2d middle(between(random, 0, gray.cols), between(random, 0, gray.rows));
        std::vector<double> waves(static_cast<std::size_t>(gray.cols + gray.rows));
        for (std::size_t at = 0; at < waves.size(); ++at) {
            waves[at] = swing * std::sin(static_cast<double>(at) / length * 2 * std::numbers::pi);
        }
        for (int y = 0; y < gray.rows; ++y) {
            auto* row = gray.ptr<float>(y);
            for (int x = 0; x < gray.cols; ++x) {
                const double wave = waves[static_cast<std::size_t>(x + y / 3)];
                const double along = round ? std::hypot(x - middle.x, y - middle.y) + wave * 0.3
                                           : y + tilt * x + wave;
                const double phase = along / step - std::floor(along / step);
                const double away = std::abs(phase - 0.5) / width;
                row[x] -= static_cast<float>(away < 1 ? depth * (1 - away * away) : 0.0);
            }
        }
    }
}

void drawPhoto(std::mt19937& random, cv::Mat& gray, cv::Rect place)
{
    const double wall = between(random, 120, 220);
    cv::rectangle(gray, place, wall, cv::FILLED);
    const cv::Point middle(place.x + place.width / 2, place.y + place.height / 2);
    cv::ellipse(gray, {middle.x, place.y + place.height}, {place.width * 2 / 5, place.height / 3},
                0, 180, 360, between(random, 20, 110), cv::FILLED, cv::LINE_AA);
    cv::ellipse(gray, {middle.x, middle.y - place.height / 12}, {place.width / 4, place.height / 3},
                0, 0, 360, between(random, 20, 70), cv::FILLED, cv::LINE_AA);
    cv::ellipse(gray, middle, {place.width / 5, place.height / 4}, 0, 0, 360,
                between(random, 100, 190), cv::FILLED, cv::LINE_AA);
}

std::string words(std::mt19937& random)
{
    std::string text;
    const auto count = 4 + random() % 18;
    for (unsigned i = 0; i < count; ++i) {
        text += oneIn(random, 7) ? ' ' : static_cast<char>('A' + random() % 26);
    }
    return text;
}

/// Captions and entries beside the photo, some in the zone's own type: what is not the zone.
void drawEntries(std::mt19937& random, cv::Mat& gray, double pxPerMm, double left, double bottom)
{
    const OcrB type(kPitchMm * pxPerMm * between(random, 0.7, 1.0), OcrB::Style::Round, 0);
    const double ink = between(random, 20, 90);
    const double step = between(random, 5, 9) * pxPerMm;
    for (double y = 8 * pxPerMm; y < bottom - 3 * pxPerMm; y += step) {
        const double x = left + between(random, 0, 4) * pxPerMm;
        if (oneIn(random, 4)) {
            type.print(gray, words(random), {x + type.pitch(), y}, ink);
            continue;
        }
        const auto font = oneIn(random, 2) ? cv::FONT_HERSHEY_SIMPLEX : cv::FONT_HERSHEY_DUPLEX;
        cv::putText(gray, words(random), {cvRound(x), cvRound(y)}, font,
                    pxPerMm * between(random, 0.05, 0.13), ink, 1, cv::LINE_AA);
    }
}

} // namespace

double between(std::mt19937& random, double low, double high)
{
    return low + (high - low) * static_cast<double>(random()) / 4294967296.0;
}

Page printPage(std::mt19937& random, Format format, const std::string& text, double pxPerMm)
{
    const auto size = sizeMm(format);
    Page page;
    page.pxPerMm = pxPerMm;
    page.text = text;
    page.rows = static_cast<int>(std::ranges::count(text, '\n'));
    page.columns = static_cast<int>(text.find('\n'));
    page.pitch = kPitchMm * pxPerMm;
    page.spacing = pxPerMm * between(random, 4.1, page.rows == 3 ? 6.0 : 6.8);
    const cv::Size pixels(cvRound(size.width * pxPerMm), cvRound(size.height * pxPerMm));
    cv::Mat gray(pixels, CV_32F, cv::Scalar(between(random, 165, 235)));
    drawGuilloche(random, gray, pxPerMm);

    const double left = (size.width - (page.columns - 1) * kPitchMm) / 2 + between(random, -1, 1);
    const double lastLine = size.height - between(random, 5, 8);
    page.firstCell = {left * pxPerMm, lastLine * pxPerMm - page.spacing * (page.rows - 1)};
    const double above = page.firstCell.y - between(random, 3.2, 6) * pxPerMm;
    const double photo = std::min(45 * pxPerMm, above - 10 * pxPerMm);
    drawPhoto(random, gray,
              {cvRound(4 * pxPerMm), cvRound(6 * pxPerMm), cvRound(photo * 0.78), cvRound(photo)});
    drawEntries(random, gray, pxPerMm, photo * 0.78 + 8 * pxPerMm, above);
    if (oneIn(random, 3)) { // a plain ground behind the zone, with an edge above it
        cv::rectangle(gray, {0, cvRound(above)}, {gray.cols, gray.rows}, between(random, 190, 240),
                      cv::FILLED);
        if (oneIn(random, 2)) {
            cv::line(gray, {0, cvRound(above)}, {gray.cols, cvRound(above)}, 60, 1, cv::LINE_AA);
        }
    }
    const OcrB type(page.pitch, static_cast<OcrB::Style>(random() % OcrB::kStyles),
                    between(random, -0.006, 0.03));
    const double ink = between(random, 15, 85);
    std::istringstream lines(text);
    std::string line;
    for (cv::Point2d at = page.firstCell; std::getline(lines, line); at.y += page.spacing) {
        type.print(gray, line, at, ink);
    }
    gray.convertTo(page.gray, CV_8U);
    return page;
}

} // namespace guichet::test
