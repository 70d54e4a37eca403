// SPDX-License-Identifier: Apache-2.0
#include "drivers/face/face_pose.h"

#include <array>
#include <limits>

#include <catch2/catch.hpp>

using namespace guichet::face;

namespace {

constexpr Box kFace{100, 100, 200, 200};
constexpr Box kLeft{135, 150, 50, 50}, kRight{215, 152, 50, 50};

/// What YuNet says of a face that looks into the camera.
std::array<float, 15> row()
{
    return {100, 80, 160, 200, 145, 160, 215, 160, 180, 195, 150, 235, 210, 235, 0.95F};
}

} // namespace

TEST_CASE("face: two eyes at one height on both sides of the middle are a pair", "[drivers][face]")
{
    CHECK(pairOfEyes({kRight, kLeft}, kFace) == std::pair(kLeft, kRight));
    const auto face = faceWithEyes(kFace, {kLeft, kRight});
    CHECK(face.eyes == 2);
    CHECK_FALSE(face.turned);
    CHECK(face.tilt == Approx(1.43).margin(0.01));
}

TEST_CASE("face: of what may be eyes, the most level pair is taken", "[drivers][face]")
{
    CHECK(pairOfEyes({{135, 120, 50, 50}, kLeft, kRight}, kFace) == std::pair(kLeft, kRight));
}

TEST_CASE("face: what is one eye, slanted, too close or of two sizes is no pair", "[drivers][face]")
{
    for (const Box& other :
         {kLeft, Box{215, 200, 50, 50}, Box{176, 150, 50, 50}, Box{200, 140, 95, 95}}) {
        CHECK_FALSE(pairOfEyes({kLeft, other}, kFace));
        CHECK(faceWithEyes(kFace, {kLeft, other}).eyes == 1);
    }
    CHECK(faceWithEyes(kFace, {}).eyes == 0);
}

TEST_CASE("face: a row of the detector is a face from the front", "[drivers][face]")
{
    CHECK(faceOfRow(row()) == FoundFace{.box = {100, 80, 160, 200}, .eyes = 2});
    auto tilted = row();
    tilted[7] += 20;
    CHECK(faceOfRow(tilted)->tilt == Approx(15.9).margin(0.1));
}

TEST_CASE("face: a nose beside the middle of the eyes is of a face that looks aside",
          "[drivers][face]")
{
    auto aside = row();
    aside[8] = GENERATE(150.0F, 210.0F, 260.0F);
    CHECK(faceOfRow(aside)->turned);
    auto hidden = row();
    hidden[6] = hidden[4];
    CHECK(faceOfRow(hidden)->turned);
}

TEST_CASE("face: a row that is no face is refused", "[drivers][face]")
{
    const auto whole = row();
    CHECK_FALSE(faceOfRow(std::span(whole).first(14)));
    CHECK_FALSE(faceOfRow({}));
    for (const float value :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), 1e9F}) {
        auto odd = row();
        odd[5] = value;
        CHECK_FALSE(faceOfRow(odd));
    }
    auto flat = row();
    flat[3] = 0;
    CHECK_FALSE(faceOfRow(flat));
}
