// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/face/drawn_face.h"

#include <algorithm>
#include <span>
#include <vector>

#include <opencv2/imgproc.hpp>

namespace guichet::test {

namespace {

constexpr double kDrawnWidth = 233; ///< of the face on its sheet
const cv::Size kSheet(400, 440);
const cv::Point2d kMiddle(200, 203); ///< of the face there

/// In sixteenths of a pixel, so that lines stay smooth.
void oval(cv::Mat& sheet, cv::Point2d middle, cv::Size2d half, double shade, double degrees = 0)
{
    constexpr int kShift = 4, kParts = 1 << kShift;
    cv::ellipse(sheet, cv::Point(cvRound(middle.x * kParts), cvRound(middle.y * kParts)),
                cv::Size(cvRound(half.width * kParts), cvRound(half.height * kParts)), degrees, 0,
                360, cv::Scalar::all(shade), cv::FILLED, cv::LINE_AA, kShift);
}

void soften(cv::Mat& sheet, double sigma)
{
    cv::GaussianBlur(sheet, sheet, {}, sigma);
}

void drawHead(cv::Mat& sheet)
{
    const auto& c = kMiddle;
    oval(sheet, {c.x, c.y - 35}, {112, 135}, 45);                                     // hair
    cv::rectangle(sheet, cv::Rect2d(c.x - 40, c.y + 90, 80, 100), {150}, cv::FILLED); // neck
    oval(sheet, c, {92, 128}, 190);
    oval(sheet, {c.x, c.y - 70}, {70, 40}, 200); // forehead
    soften(sheet, 6);
}

/// Where light does not reach: around the eyes, below nose and mouth.
void drawHollows(cv::Mat& sheet)
{
    const auto& c = kMiddle;
    for (const int side : {-1, 1}) {
        oval(sheet, {c.x + side * 38, c.y - 24}, {28, 17}, 135);
    }
    oval(sheet, {c.x, c.y + 30}, {20, 10}, 140);
    oval(sheet, {c.x, c.y + 68}, {38, 14}, 150);
    soften(sheet, 5);
}

void drawEyes(cv::Mat& sheet, bool glasses)
{
    const auto& c = kMiddle;
    for (const int side : {-1, 1}) {
        const cv::Point2d eye(c.x + side * 38, c.y - 22);
        oval(sheet, {eye.x, eye.y - 22}, {26, 5}, 60, -6 * side); // brow
        if (glasses) {
            oval(sheet, eye, {32, 24}, 30);
            continue;
        }
        oval(sheet, eye, {18, 8}, 215);
        oval(sheet, eye, {8, 8}, 50);
        oval(sheet, eye, {4, 4}, 20);
        oval(sheet, {eye.x - 2, eye.y - 3}, {1.5, 1.5}, 250);
        cv::ellipse(sheet, eye, {19, 10}, 0, 180, 360, {60}, 2, cv::LINE_AA); // lid
    }
}

void drawNoseAndMouth(cv::Mat& sheet)
{
    const auto& c = kMiddle;
    oval(sheet, {c.x, c.y + 5}, {9, 34}, 205);
    for (const int side : {-1, 1}) {
        oval(sheet, {c.x + side * 9, c.y + 34}, {5, 3}, 80);
    }
    oval(sheet, {c.x, c.y + 68}, {32, 9}, 110);
    cv::line(sheet, cv::Point2d(c.x - 32, c.y + 68), cv::Point2d(c.x + 32, c.y + 68), {60}, 2,
             cv::LINE_AA);
    soften(sheet, 1.2);
}

void drawFront(cv::Mat& sheet, const Sitter& sitter)
{
    drawHead(sheet);
    drawHollows(sheet);
    drawEyes(sheet, sitter.glasses);
    drawNoseAndMouth(sheet);
}

void drawProfile(cv::Mat& sheet)
{
    oval(sheet, {230, 163}, {125, 130}, 45);                               // hair
    cv::rectangle(sheet, cv::Rect(210, 263, 100, 120), {140}, cv::FILLED); // neck
    const std::vector<cv::Point> face{{130, 93},  {120, 153}, {123, 168}, {102, 208}, {123, 221},
                                      {120, 238}, {114, 248}, {122, 255}, {116, 268}, {125, 275},
                                      {128, 308}, {155, 325}, {210, 303}, {270, 253}, {275, 163},
                                      {250, 103}, {180, 73}};
    cv::fillPoly(sheet, std::vector{face}, {190}, cv::LINE_AA);
    soften(sheet, 4);
    oval(sheet, {148, 163}, {24, 16}, 135);
    oval(sheet, {138, 221}, {14, 8}, 140);
    oval(sheet, {132, 261}, {16, 12}, 150);
    oval(sheet, {260, 193}, {14, 24}, 150); // ear
    soften(sheet, 4);
    oval(sheet, {146, 141}, {22, 5}, 60, 5); // brow
    oval(sheet, {144, 163}, {12, 6}, 215);
    oval(sheet, {139, 163}, {5, 6}, 40);
    oval(sheet, {130, 219}, {6, 3}, 80); // nostril
    cv::line(sheet, {118, 255}, {148, 257}, {60}, 2, cv::LINE_AA);
    soften(sheet, 1.2);
}

void lightUp(cv::Mat& sheet, const Sitter& sitter)
{
    auto right = sheet.colRange(cvRound(kMiddle.x), sheet.cols);
    right.convertTo(right, -1, sitter.side);
    sheet.convertTo(sheet, -1, sitter.light);
}

} // namespace

DrawnPicture::DrawnPicture(cv::Size size)
    : m_gray(size, CV_8UC1, cv::Scalar(95))
{
}

DrawnPicture& DrawnPicture::add(const Sitter& sitter)
{
    cv::Mat sheet(kSheet, CV_8UC1, cv::Scalar(95));
    cv::Mat cover(kSheet, CV_8UC1, cv::Scalar(0));
    if (sitter.profile) {
        drawProfile(sheet);
    } else {
        drawFront(sheet, sitter);
    }
    oval(cover, {kMiddle.x, kMiddle.y - 15}, {sitter.profile ? 180.0 : 125.0, 170}, 255);
    soften(cover, 8);
    lightUp(sheet, sitter);

    const double scale = sitter.width * std::min(m_gray.cols, m_gray.rows) / kDrawnWidth;
    cv::Mat_<double> place = cv::getRotationMatrix2D(kMiddle, -sitter.tilt, scale);
    place(0, 2) += sitter.at.x * m_gray.cols - kMiddle.x;
    place(1, 2) += sitter.at.y * m_gray.rows - kMiddle.y;
    if (scale < 1) { // what the warp would skip
        soften(sheet, 0.5 / scale);
    }
    cv::Mat person, mask;
    cv::warpAffine(sheet, person, place, m_gray.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    cv::warpAffine(cover, mask, place, m_gray.size());
    cv::Mat blended, weight, rest;
    mask.convertTo(weight, CV_32F, 1.0 / 255);
    cv::subtract(cv::Scalar(1), weight, rest);
    cv::blendLinear(person, m_gray, weight, rest, blended);
    m_gray = blended;
    return *this;
}

DrawnPicture& DrawnPicture::blur(double sigma)
{
    soften(m_gray, sigma);
    return *this;
}

DrawnPicture& DrawnPicture::noise(double sigma, unsigned seed)
{
    cv::Mat grain(m_gray.size(), CV_16S), sum;
    cv::RNG(seed).fill(grain, cv::RNG::NORMAL, 0, sigma);
    m_gray.convertTo(sum, CV_16S);
    sum += grain;
    sum.convertTo(m_gray, CV_8U);
    return *this;
}

DrawnPicture& DrawnPicture::mirror()
{
    cv::flip(m_gray, m_gray, 1);
    return *this;
}

CameraFrame DrawnPicture::frame()
{
    const auto luminance = std::as_bytes(std::span(m_gray.data, m_gray.total()));
    m_pixels.assign(luminance.begin(), luminance.end());
    const auto half = static_cast<std::size_t>((m_gray.cols + 1) / 2) *
                      static_cast<std::size_t>((m_gray.rows + 1) / 2);
    m_pixels.resize(m_pixels.size() + 2 * half, std::byte{128}); // no colour
    return {.width = m_gray.cols, .height = m_gray.rows, .stride = m_gray.cols, .pixels = m_pixels};
}

} // namespace guichet::test
