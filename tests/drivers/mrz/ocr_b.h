// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include <opencv2/core.hpp>

namespace guichet::test {

/// OCR-B (Debian's fonts-ocr-b) at one size, drawn by FreeType. Thread-bound.
class OcrB {
public:
    enum class Style { Round, Square }; ///< the ends of its strokes
    static constexpr unsigned kStyles = 2;

    /// `pitch`: from letter to letter, in pixels; `bolder`: of a pitch, negative for thinner.
    /// Throws std::runtime_error if the font is not installed.
    OcrB(double pitch, Style style, double bolder);
    ~OcrB();
    OcrB(const OcrB&) = delete;
    OcrB& operator=(const OcrB&) = delete;

    [[nodiscard]] double pitch() const;
    /// Prints `line` in gray `ink` on a CV_32F picture; `first` is the middle of its first letter.
    void print(cv::Mat& gray, std::string_view line, cv::Point2d first, double ink) const;

private:
    struct Face;
    std::unique_ptr<Face> m_face;
};

} // namespace guichet::test
