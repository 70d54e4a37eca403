// SPDX-License-Identifier: Apache-2.0
#include "drivers/face/face_networks.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect/face.hpp>

#include "drivers/face/face_pose.h"
#include "drivers/face/frame_picture.h"
#include "drivers/face/model_file.h"

namespace guichet::face {

namespace {

constexpr float kScore = 0.9F, kOverlap = 0.3F;
constexpr int kMostFaces = 50;
constexpr int kDetectorSide = 320; ///< of the picture that is searched
constexpr int kAligned = 112;      ///< side of what the recogniser looks at

using Detector = cv::Ptr<cv::FaceDetectorYN>;

/// A row a face, in pixels of `picture`; no row, no face.
cv::Mat rowsIn(cv::FaceDetectorYN& detector, const cv::Mat& picture)
{
    detector.setInputSize(picture.size());
    cv::Mat rows;
    detector.detect(picture, rows);
    return rows;
}

std::span<const float> rowOf(const cv::Mat& rows, int number)
{
    return {rows.ptr<float>(number), static_cast<std::size_t>(rows.cols)};
}

/// Whatever the library throws is said as one reason.
template <typename Attempt>
auto attempt(const std::filesystem::path& file, Attempt attempt) -> Result<decltype(attempt())>
{
    try {
        return attempt();
    } catch (const std::exception& error) {
        std::string reason = error.what();
        std::ranges::replace(reason, '\n', ' ');
        return fail(Errc::Unsupported,
                    file.string() + ": OpenCV " CV_VERSION " cannot run it: " + reason);
    }
}

Result<Detector> openDetector(const ModelFile& file)
{
    return checkModel(file).and_then([&file] {
        return attempt(file.path, [&file] {
            auto detector =
                cv::FaceDetectorYN::create(file.path.string(), "", {kDetectorSide, kDetectorSide},
                                           kScore, kOverlap, kMostFaces);
            // Newer files load here and fail when they are run.
            rowsIn(*detector, cv::Mat(kDetectorSide, kDetectorSide, CV_8UC3, cv::Scalar::all(0)));
            return detector;
        });
    });
}

class YuNet final : public FaceFinder {
public:
    explicit YuNet(Detector detector)
        : m_detector(std::move(detector))
    {
    }

    std::vector<FoundFace> find(const CameraFrame& frame) override
    {
        if (!isWhole(frame)) {
            return {};
        }
        try {
            return findIn(toBgr(frame));
        } catch (const std::exception&) { // a picture that the library stumbles over has no face
            return {};
        }
    }
    [[nodiscard]] std::string_view name() const override { return "yunet"; }

private:
    std::vector<FoundFace> findIn(const cv::Mat& picture)
    {
        const double scale =
            static_cast<double>(std::min(picture.cols, picture.rows)) / kDetectorSide;
        cv::Mat small;
        cv::resize(picture, small, {}, 1 / scale, 1 / scale, cv::INTER_AREA);
        auto rows = rowsIn(*m_detector, small);
        if (!rows.empty()) {
            rows.colRange(0, rows.cols - 1) *= scale; // all but the score are places
        }
        std::vector<FoundFace> faces;
        for (int number = 0; number < rows.rows; ++number) {
            if (const auto face = faceOfRow(rowOf(rows, number))) {
                faces.push_back(*face);
            }
        }
        return faces;
    }

    Detector m_detector;
};

class SFace final : public FaceMatcher {
public:
    SFace(Detector detector, cv::Ptr<cv::FaceRecognizerSF> recogniser)
        : m_detector(std::move(detector))
        , m_recogniser(std::move(recogniser))
    {
    }

    Result<double> compare(const CameraFrame& one, const CameraFrame& other) override
    {
        try {
            auto features = featuresOf(one), others = featuresOf(other);
            if (features.empty() || others.empty()) {
                return fail(Errc::NotFound, features.empty() ? "no face in the live picture"
                                                             : "no face in the document's picture");
            }
            const double score =
                m_recogniser->match(features, others, cv::FaceRecognizerSF::FR_COSINE);
            features.setTo(0); // what tells somebody from others
            others.setTo(0);
            return score;
        } catch (const std::exception& error) {
            return fail(Errc::Internal, std::string("faces: ") + error.what());
        }
    }

private:
    cv::Mat featuresOf(const CameraFrame& frame)
    {
        if (!isWhole(frame)) {
            return {};
        }
        const auto picture = toBgr(frame);
        const auto rows = rowsIn(*m_detector, picture);
        int widest = -1;
        for (int number = 0; number < rows.rows; ++number) {
            if (faceOfRow(rowOf(rows, number)) &&
                (widest < 0 || rows.at<float>(number, 2) > rows.at<float>(widest, 2))) {
                widest = number;
            }
        }
        if (widest < 0) {
            return {};
        }
        cv::Mat aligned, features;
        m_recogniser->alignCrop(picture, rows.row(widest), aligned);
        m_recogniser->feature(aligned, features);
        return features.clone(); // the next one is written over it
    }

    Detector m_detector;
    cv::Ptr<cv::FaceRecognizerSF> m_recogniser;
};

} // namespace

Result<std::unique_ptr<FaceFinder>> openYuNet(const ModelFile& detector)
{
    return openDetector(detector).map([](Detector opened) -> std::unique_ptr<FaceFinder> {
        return std::make_unique<YuNet>(std::move(opened));
    });
}

Result<std::unique_ptr<FaceMatcher>> openSFace(const ModelFile& detector,
                                               const ModelFile& recogniser)
{
    auto opened = openDetector(detector);
    if (!opened) {
        return tl::unexpected(std::move(opened).error());
    }
    return checkModel(recogniser)
        .and_then([&recogniser] {
            return attempt(recogniser.path, [&recogniser] {
                auto made = cv::FaceRecognizerSF::create(recogniser.path.string(), "");
                cv::Mat features;
                made->feature(cv::Mat(kAligned, kAligned, CV_8UC3, cv::Scalar::all(0)), features);
                return made;
            });
        })
        .map([&opened](cv::Ptr<cv::FaceRecognizerSF> made) -> std::unique_ptr<FaceMatcher> {
            return std::make_unique<SFace>(std::move(*opened), std::move(made));
        });
}

} // namespace guichet::face
