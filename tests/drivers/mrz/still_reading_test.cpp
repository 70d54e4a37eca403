// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrz/still_reading.h"

#include <catch2/catch.hpp>
#include <opencv2/imgproc.hpp>

#include "tests/drivers/mrz/page_shot.h"
#include "tests/drivers/mrz/page_text.h"

using namespace guichet;
using namespace guichet::mrz;
using namespace guichet::test;

namespace {

Result<StillReading> readStillOf(const cv::Mat& gray)
{
    static const MrzFrameReader reader;
    return readStill(reader, viewOf(gray));
}

struct StillScene {
    Page page;
    Shot shot;
};

StillScene sceneOf(unsigned seed, const View& view)
{
    std::mt19937 random(seed);
    const auto text = pageText(random, Format::Td3);
    auto page = printPage(random, Format::Td3, text, printResolution(random, view));
    auto shot = photograph(random, page, view);
    return {std::move(page), std::move(shot)};
}

} // namespace

TEST_CASE("mrz stills: one clear picture is accepted")
{
    const auto scene = sceneOf(7, kCamera);
    const auto still = readStillOf(scene.shot.gray);
    REQUIRE(still);
    CHECK(still->verdict == StillVerdict::Accepted);
    CHECK(still->text.reveal() == scene.page.text);
}

TEST_CASE("mrz stills: light over letters that no check digit protects is left to a person")
{
    auto scene = sceneOf(5, kEasy);
    const auto& page = scene.page;
    const auto at =
        scene.shot.fromPage * cv::Vec3d(page.firstCell.x + 24 * page.pitch, page.firstCell.y, 1);
    cv::ellipse(scene.shot.gray, cv::Point2d(at[0], at[1]), {50, 20}, 0, 0, 360, 255, cv::FILLED);
    const auto still = readStillOf(scene.shot.gray);
    REQUIRE(still);
    REQUIRE(still->advice == Advice::Tilt);
    CHECK(still->verdict != StillVerdict::Accepted);
}

TEST_CASE("mrz stills: a zone cut out close to its letters is found")
{
    const auto scene = sceneOf(7, kEasy);
    const auto& page = scene.page;
    const double scale = 20 / page.pitch;
    const cv::Rect2d zone(page.firstCell.x - page.pitch, page.firstCell.y - 0.9 * page.pitch,
                          (page.columns + 1) * page.pitch, page.spacing + 1.8 * page.pitch);
    cv::Mat cut;
    cv::resize(page.gray(zone), cut, {}, scale, scale, cv::INTER_AREA);
    const auto low = GENERATE(false, true);
    if (low) {
        cv::resize(cut, cut, {}, 0.55, 0.55, cv::INTER_AREA);
        REQUIRE(cut.rows < 64); // what a reader of frames refuses
    }
    const auto still = readStillOf(cut);
    REQUIRE(still);
    CHECK(still->text.reveal() == page.text);
}

TEST_CASE("mrz stills: a picture that is larger than its bytes is refused")
{
    const MrzFrameReader reader;
    const Bytes bytes(100 * 100);
    CHECK_FALSE(readStill(reader, {bytes, 100, 101, 100}));
    CHECK_FALSE(readStill(reader, {bytes, 0, 0, 0}));
}
