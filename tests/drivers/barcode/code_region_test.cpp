// SPDX-License-Identifier: Apache-2.0
#include "drivers/barcode/code_region.h"

#include <catch2/catch.hpp>

#include "tests/drivers/barcode/code_scene.h"

using namespace guichet;
using test::Sight;

namespace {

std::optional<cv::RotatedRect> regionOf(test::Scene scene)
{
    return barcode::findRegion(
        cv::Mat(test::Scene::kHeight, test::Scene::kWidth, CV_8U, scene.pixels.data()));
}

} // namespace

TEST_CASE("code region: it is where the code is", "[barcode]")
{
    const auto sight =
        GENERATE(Sight{.size = 300, .right = -200, .down = 90}, Sight{.degrees = 30, .size = 300},
                 Sight{.size = 300, .right = 250, .inverted = true},
                 Sight{.size = 300, .light = 0.15, .noise = 4}, Sight{.size = 300, .noise = 40});
    const auto region = regionOf(test::sceneOf(test::qrModules("A042-2026"), sight));
    REQUIRE(region);
    CHECK(region->center.x == Approx(test::Scene::kWidth / 2.0 + sight.right).margin(24));
    CHECK(region->center.y == Approx(test::Scene::kHeight / 2.0 + sight.down).margin(24));
    CHECK(region->size.width == Approx(sight.size).margin(64));
    CHECK(region->size.height == Approx(sight.size).margin(64));
}

TEST_CASE("code region: things and noise have none", "[barcode]")
{
    const auto sight = GENERATE(Sight{}, Sight{.noise = 40}, Sight{.light = 0.15, .noise = 4},
                                Sight{.blur = 3}, Sight{.glare = 60});
    CHECK_FALSE(regionOf(test::sceneOf({}, sight)));
}
