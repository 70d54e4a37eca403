// SPDX-License-Identifier: Apache-2.0
// What the made-up pages promise to those who measure with them.
#include "tests/drivers/mrz/page_shot.h"

#include <catch2/catch.hpp>

#include "tests/drivers/mrz/page_text.h"

using namespace guichet;
using namespace guichet::test;

namespace {

constexpr std::array kFormats{mrz::Format::Td1, mrz::Format::Td2, mrz::Format::Td3,
                              mrz::Format::MrvA, mrz::Format::MrvB};

} // namespace

TEST_CASE("mrz pages: a made-up zone of each format is sound")
{
    using namespace std::chrono_literals;
    std::mt19937 random(11);
    for (const auto format : kFormats) {
        for (int i = 0; i < 20; ++i) {
            const auto text = pageText(random, format);
            INFO(text);
            const auto zone = mrz::parseMrz(text, 2026y / 11 / 26);
            REQUIRE(zone);
            CHECK(zone->format == format);
            CHECK(zone->sound());
        }
    }
}

TEST_CASE("mrz pages: a seed makes the same picture each time, another seed another")
{
    const auto pictureOf = [](unsigned seed) {
        std::mt19937 random(seed);
        const auto page = printPage(random, mrz::Format::Td1, pageText(random, mrz::Format::Td1),
                                    printResolution(random, kCamera));
        return photograph(random, page, kCamera).gray;
    };
    CHECK(cv::norm(pictureOf(1), pictureOf(1), cv::NORM_L1) == 0);
    CHECK(cv::norm(pictureOf(1), pictureOf(2), cv::NORM_L1) > 0);
}

TEST_CASE("mrz pages: letters are in the picture where the shot says")
{
    std::mt19937 random(5);
    const auto page = printPage(random, mrz::Format::Td3, pageText(random, mrz::Format::Td3),
                                printResolution(random, kClean));
    const auto shot = photograph(random, page, kClean);
    for (int column = 0; column < page.columns; ++column) {
        const auto at =
            shot.fromPage * cv::Vec3d(page.firstCell.x + page.pitch * column, page.firstCell.y, 1);
        const int side = 21;
        const cv::Rect cell(cvRound(at[0] / at[2]) - side / 2, cvRound(at[1] / at[2]) - side / 2,
                            side, side);
        double darkest = 0;
        double brightest = 0;
        cv::minMaxLoc(shot.gray(cell), &darkest, &brightest);
        CHECK(brightest - darkest > 60);
    }
}
