// SPDX-License-Identifier: Apache-2.0
#include "drivers/face/cascade_finder.h"

#include <algorithm>
#include <array>
#include <string>

#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>

#include "drivers/face/face_pose.h"
#include "drivers/face/frame_picture.h"

namespace guichet::face {

namespace {

constexpr int kSearchedSide = 180; ///< of the picture that is searched
constexpr int kLeastFace = 20;     ///< in it; what the cascades were learnt at
constexpr int kEyesWidth = 120;    ///< of a face whose eyes are searched
constexpr int kLeastEye = 18;
constexpr double kStep = 1.1;
constexpr int kNeighbours = 4;
constexpr double kSame = 0.3; ///< of the smaller one, that boxes of one face share

struct Cascades {
    cv::CascadeClassifier front, side, eyes, glasses;
};

Result<void> load(cv::CascadeClassifier& cascade, const std::filesystem::path& file)
{
    std::error_code failed;
    if (!std::filesystem::is_regular_file(file, failed)) {
        return fail(Errc::NotFound,
                    "faces: " + file.string() + " is missing; it is in Debian's opencv-data",
                    Remedy::CallStaff);
    }
    try {
        if (cascade.load(file.string())) {
            return {};
        }
    } catch (const cv::Exception&) { // said below
    }
    return fail(Errc::Invalid, "faces: " + file.string() + " is no cascade", Remedy::CallStaff);
}

Box boxOf(const cv::Rect& area, double scale)
{
    const auto scaled = [scale](int value) { return cvRound(value * scale); };
    return {scaled(area.x), scaled(area.y), scaled(area.width), scaled(area.height)};
}

cv::Rect areaOf(const Box& box)
{
    return {box.x, box.y, box.width, box.height};
}

bool sameFace(const Box& one, const Box& other)
{
    const int shared = (areaOf(one) & areaOf(other)).area();
    return shared > kSame * std::min(areaOf(one).area(), areaOf(other).area());
}

std::vector<cv::Rect> search(cv::CascadeClassifier& cascade, const cv::Mat& picture, int least)
{
    std::vector<cv::Rect> found;
    cascade.detectMultiScale(picture, found, kStep, kNeighbours, 0, {least, least});
    return found;
}

class CascadeFinder final : public FaceFinder {
public:
    explicit CascadeFinder(Cascades cascades)
        : m_cascades(std::move(cascades))
    {
    }

    std::vector<FoundFace> find(const CameraFrame& frame) override
    {
        if (!isWhole(frame)) {
            return {};
        }
        try {
            return findIn(luminanceOf(frame));
        } catch (const cv::Exception&) { // a picture that the library stumbles over has no face
            return {};
        }
    }
    [[nodiscard]] std::string_view name() const override { return "cascades"; }

private:
    std::vector<FoundFace> findIn(const cv::Mat& luminance)
    {
        const double scale =
            static_cast<double>(std::min(luminance.cols, luminance.rows)) / kSearchedSide;
        cv::Mat small;
        cv::resize(luminance, small, {}, 1 / scale, 1 / scale, cv::INTER_AREA);
        std::vector<FoundFace> faces;
        for (const auto& area : search(m_cascades.front, small, kLeastFace)) {
            const auto box = boxOf(area, scale);
            faces.push_back(faceWithEyes(box, eyesIn(luminance, box)));
        }
        const auto bothEyes = [](const FoundFace& face) { return face.eyes == 2; };
        if (std::ranges::none_of(faces, bothEyes)) { // only then: it takes as long again, twice
            addSides(small, scale, faces);
        }
        return faces;
    }

    /// In the upper part of a face, enlarged or reduced to one size.
    std::vector<Box> eyesIn(const cv::Mat& luminance, const Box& face)
    {
        const auto upper = cv::Rect(face.x, face.y, face.width, face.height * 3 / 5) &
                           cv::Rect(0, 0, luminance.cols, luminance.rows);
        const double scale = static_cast<double>(face.width) / kEyesWidth;
        cv::Mat picture;
        cv::resize(luminance(upper), picture, {}, 1 / scale, 1 / scale,
                   scale > 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
        std::vector<Box> eyes;
        for (auto* cascade : {&m_cascades.eyes, &m_cascades.glasses}) {
            for (const auto& area : search(*cascade, picture, kLeastEye)) {
                auto eye = boxOf(area, scale);
                eye.x += upper.x;
                eye.y += upper.y;
                eyes.push_back(eye);
            }
            if (pairOfEyes(eyes, face)) {
                break;
            }
        }
        return eyes;
    }

    /// The cascade knows faces that look to one side; the others are found in the mirror. A face
    /// from the front looks a little like both.
    void addSides(const cv::Mat& small, double scale, std::vector<FoundFace>& faces)
    {
        cv::Mat mirrored;
        cv::flip(small, mirrored, 1);
        std::vector<Box> one, other;
        for (const auto& area : search(m_cascades.side, small, kLeastFace)) {
            one.push_back(boxOf(area, scale));
        }
        for (auto area : search(m_cascades.side, mirrored, kLeastFace)) {
            area.x = small.cols - area.x - area.width;
            other.push_back(boxOf(area, scale));
        }
        for (const auto& box : one) {
            addSide(box, !holdsFace(other, box), faces);
        }
        for (const auto& box : other) {
            addSide(box, !holdsFace(one, box), faces);
        }
    }

    static bool holdsFace(const std::vector<Box>& boxes, const Box& face)
    {
        return std::ranges::any_of(boxes, [&face](const Box& box) { return sameFace(box, face); });
    }

    static void addSide(const Box& box, bool turned, std::vector<FoundFace>& faces)
    {
        const auto known = std::ranges::find_if(
            faces, [&box](const FoundFace& face) { return sameFace(face.box, box); });
        if (known == faces.end()) {
            faces.push_back({.box = box, .turned = true});
        } else if (turned) {
            known->turned = true;
        }
    }

    Cascades m_cascades;
};

} // namespace

Result<std::unique_ptr<FaceFinder>> openCascades(const std::filesystem::path& folder)
{
    Cascades cascades;
    const std::array files{std::pair(&cascades.front, "haarcascade_frontalface_alt2.xml"),
                           std::pair(&cascades.side, "haarcascade_profileface.xml"),
                           std::pair(&cascades.eyes, "haarcascade_eye.xml"),
                           std::pair(&cascades.glasses, "haarcascade_eye_tree_eyeglasses.xml")};
    for (const auto& [cascade, file] : files) {
        if (auto loaded = load(*cascade, folder / file); !loaded) {
            return tl::unexpected(std::move(loaded).error());
        }
    }
    return std::make_unique<CascadeFinder>(std::move(cascades));
}

} // namespace guichet::face
