// SPDX-License-Identifier: Apache-2.0
// Drawn people before the cascades of Debian's opencv-data.
#include "drivers/face/face_verdict.h"

#include <catch2/catch.hpp>

#include "drivers/face/face_tools.h"
#include "tests/drivers/face/drawn_face.h"

using namespace guichet;
using namespace guichet::face;
using test::DrawnPicture;
using test::Sitter;

namespace {

constexpr double kGrain = 3; ///< of a usual sensor

FaceVerdict judged(DrawnPicture picture)
{
    auto tools = openFaceTools({});
    REQUIRE(tools);
    const auto frame = picture.frame();
    return judgeFaces(frame, tools->finder->find(frame));
}

DrawnPicture pictureOf(const Sitter& sitter)
{
    return DrawnPicture().add(sitter).noise(kGrain, 1);
}

/// A face of which nothing is to be said.
FoundFace plain(Box box)
{
    return {.box = box, .eyes = 2};
}

} // namespace

TEST_CASE("face: somebody who looks into the camera in good light is good", "[drivers][face]")
{
    const cv::Size size =
        GENERATE(cv::Size(640, 480), cv::Size(1280, 720), cv::Size(720, 1280), cv::Size(641, 481));
    const auto seen = judged(DrawnPicture(size).add({}).noise(kGrain, 1));
    CHECK(name(seen.verdict) == "good");
    CHECK(seen.faces == 1);
    REQUIRE(seen.face);
    CHECK(seen.face->eyes == 2);
    CHECK(seen.width == Approx(0.4).margin(0.02));
    CHECK(seen.face->box.x + seen.face->box.width / 2.0 == Approx(size.width / 2.0).epsilon(0.03));
}

TEST_CASE("face: each thing that is wrong has its verdict, with what to do about it",
          "[drivers][face]")
{
    struct Case {
        DrawnPicture picture;
        std::string_view verdict, advice;
    };
    const std::vector<Case> cases{
        {DrawnPicture().noise(kGrain, 1), "none", "showFace"},
        {DrawnPicture()
             .add({.at = {0.28, 0.5}})
             .add({.at = {0.75, 0.5}, .width = 0.35})
             .noise(kGrain, 1),
         "several", "onePerson"},
        {pictureOf({.width = 0.14}), "tooSmall", "comeCloser"},
        {pictureOf({.width = 0.9}), "tooLarge", "stepBack"},
        {pictureOf({.at = {0.18, 0.5}, .width = 0.3}), "offCentre", "moveToMiddle"},
        {pictureOf({.light = 0.25}), "tooDark", "moreLight"},
        {pictureOf({.light = 1.5}), "tooBright", "lessLight"},
        {pictureOf({.side = 0.4}), "uneven", "evenLight"},
        {pictureOf({.profile = true}), "turned", "lookStraight"},
        {DrawnPicture().add({}).blur(4).noise(kGrain, 1), "blurred", "holdStill"},
        {pictureOf({.glasses = true}), "eyesNotSeen", "showEyes"},
    };
    for (const auto& each : cases) {
        const auto seen = judged(each.picture);
        CHECK(name(seen.verdict) == each.verdict);
        CHECK(adviceFor(seen.verdict) == each.advice);
    }
}

TEST_CASE("face: who looks to the other side is turned as well", "[drivers][face]")
{
    auto picture = pictureOf({.profile = true});
    picture.mirror();
    CHECK(judged(picture).verdict == Verdict::Turned);
}

TEST_CASE("face: the tilt of a head is told, and is no fault", "[drivers][face]")
{
    const double tilt = GENERATE(-18.0, -8.0, 8.0, 18.0);
    const auto seen = judged(pictureOf({.tilt = tilt}));
    CHECK(seen.verdict == Verdict::Good);
    CHECK(seen.face->tilt == Approx(tilt).margin(3));
}

TEST_CASE("face: noise does not make a blurred face sharp", "[drivers][face]")
{
    const auto verdict = judged(DrawnPicture().add({}).blur(4).noise(10, 1)).verdict;
    CHECK(verdict == Verdict::Blurred);
}

TEST_CASE("face: people who pass by behind the customer do not count", "[drivers][face]")
{
    const CameraFrame frame = DrawnPicture().frame();
    const FoundFace customer = plain({220, 140, 200, 200});
    CHECK(judgeFaces(frame, {customer, plain({20, 100, 80, 80})}).faces == 1);
    const auto beside = judgeFaces(frame, {plain({20, 100, 120, 120}), customer});
    CHECK(beside.verdict == Verdict::Several);
    CHECK(beside.face == customer);
}

TEST_CASE("face: a frame without its pixels has no face, and a box outside nothing to measure",
          "[drivers][face]")
{
    DrawnPicture picture;
    auto frame = picture.frame();
    CHECK_FALSE(measureFace(frame, {700, 500, 100, 100}));
    CHECK_FALSE(measureFace(frame, {0, 0, 1, 1}));
    CHECK_FALSE(measureFace(frame, {0, 0, -5, 3}));
    frame.pixels = frame.pixels.first(frame.pixels.size() - 1);
    CHECK_FALSE(measureFace(frame, {220, 140, 200, 200}));
    CHECK(judgeFaces(frame, {plain({220, 140, 200, 200})}).verdict == Verdict::None);
    auto tools = openFaceTools({});
    REQUIRE(tools);
    CHECK(tools->finder->find(frame).empty());
    CHECK(tools->finder->find({}).empty());
}
