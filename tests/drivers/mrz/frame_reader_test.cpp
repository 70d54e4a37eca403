// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrz/frame_reader.h"

#include <catch2/catch.hpp>

#include "tests/drivers/mrz/page_shot.h"
#include "tests/drivers/mrz/page_text.h"

using namespace guichet;
using namespace guichet::mrz;
using namespace guichet::test;

namespace {

constexpr std::array kFormats{Format::Td1, Format::Td2, Format::Td3, Format::MrvA, Format::MrvB};

GrayView viewOf(const cv::Mat& gray)
{
    return {std::as_bytes(std::span(gray.data, gray.total())), gray.cols, gray.rows,
            static_cast<int>(gray.step)};
}

struct Scene {
    Page page;
    Shot shot;
};

Scene sceneOf(unsigned seed, Format format, const View& view)
{
    std::mt19937 random(seed);
    const auto text = pageText(random, format);
    auto page = printPage(random, format, text, printResolution(random, view));
    auto shot = photograph(random, page, view);
    return {std::move(page), std::move(shot)};
}

FrameReading read(const cv::Mat& gray)
{
    static const MrzFrameReader reader;
    auto reading = reader.read(viewOf(gray));
    REQUIRE(reading);
    return std::move(*reading);
}

} // namespace

TEST_CASE("mrz frames: all five formats are read letter for letter")
{
    const auto format = GENERATE(from_range(kFormats));
    const auto view = GENERATE(kClean, kEasy, kCamera);
    const auto scene = sceneOf(7, format, view);
    const auto reading = read(scene.shot.gray);
    INFO(view.name << ' ' << name(format));
    REQUIRE(reading.candidate);
    CHECK(reading.candidate->format == format);
    CHECK(reading.candidate->text.reveal() == scene.page.text);
    CHECK(reading.candidate->sound);
    CHECK(reading.advice == Advice::None);
}
