// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrz/frame_reader.h"

#include <catch2/catch.hpp>
#include <opencv2/imgproc.hpp>

#include "tests/drivers/mrz/page_shot.h"
#include "tests/drivers/mrz/page_text.h"

using namespace guichet;
using namespace guichet::mrz;
using namespace guichet::test;

namespace {

constexpr std::array kAllFormats{Format::Td1, Format::Td2, Format::Td3, Format::MrvA, Format::MrvB};

struct PhotographedPage {
    Page page;
    Shot shot;
};

PhotographedPage sceneOf(unsigned seed, Format format, const View& view)
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
    const auto format = GENERATE(from_range(kAllFormats));
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

TEST_CASE("mrz frames: a page is read on whichever side it lies, and said to")
{
    const auto format = GENERATE(from_range(kAllFormats));
    const auto [turned, rotation] =
        GENERATE(std::pair(90, cv::ROTATE_90_CLOCKWISE), std::pair(180, cv::ROTATE_180),
                 std::pair(270, cv::ROTATE_90_COUNTERCLOCKWISE));
    const auto scene = sceneOf(8, format, kCamera);
    cv::Mat picture;
    cv::rotate(scene.shot.gray, picture, rotation);
    const auto reading = read(picture);
    REQUIRE(reading.candidate);
    CHECK(reading.facts.turned == turned);
    CHECK(reading.candidate->text.reveal() == scene.page.text);
    CHECK(read(scene.shot.gray).facts.turned == 0);
}

TEST_CASE("mrz frames: a page that lies askew is found by its edges and read")
{
    const auto format = GENERATE(Format::Td1, Format::Td2, Format::Td3);
    const auto angle = GENERATE(35.0, 50.0, 130.0, 215.0, 320.0);
    const auto scene = sceneOf(8, format, kClean);
    cv::Mat page;
    const double scale = 15 / scene.page.pitch;
    cv::resize(scene.page.gray, page, {}, scale, scale, cv::INTER_AREA);
    cv::Mat desk(1000, 1280, CV_8U, cv::Scalar(70));
    const cv::Point2f middle(cv::Point2d(page.cols, page.rows) / 2);
    cv::Mat_<double> turn = cv::getRotationMatrix2D(middle, -angle, 1);
    turn(0, 2) += (desk.cols - page.cols) / 2.0;
    turn(1, 2) += (desk.rows - page.rows) / 2.0;
    cv::warpAffine(page, desk, turn, desk.size(), cv::INTER_LINEAR, cv::BORDER_TRANSPARENT);
    const auto reading = read(desk);
    INFO(name(format) << ' ' << angle);
    REQUIRE(reading.candidate);
    CHECK(reading.candidate->text.reveal() == scene.page.text);
    CHECK(reading.facts.turned == cvRound(angle / 90) * 90 % 360);
}

TEST_CASE("mrz frames: a page seen from aside is read")
{
    const auto scene = sceneOf(9, Format::Td3, kClean);
    const auto width = static_cast<float>(scene.page.gray.cols);
    const auto height = static_cast<float>(scene.page.gray.rows);
    const std::array page{cv::Point2f(0, 0), cv::Point2f(width, 0), cv::Point2f(width, height),
                          cv::Point2f(0, height)};
    const std::array seen{cv::Point2f(330, 100), cv::Point2f(1000, 110), cv::Point2f(1080, 640),
                          cv::Point2f(240, 645)};
    cv::Mat desk(720, 1280, CV_8U, cv::Scalar(70));
    cv::warpPerspective(scene.page.gray, desk,
                        cv::getPerspectiveTransform(page.data(), seen.data()), desk.size(),
                        cv::INTER_AREA, cv::BORDER_TRANSPARENT);
    const auto reading = read(desk);
    REQUIRE(reading.candidate);
    CHECK(reading.candidate->text.reveal() == scene.page.text);
}

TEST_CASE("mrz frames: a zone without a filler in its second line is found")
{
    const std::string text = "POCHNZHENGJIAN<<YANGBEN<<<<<<<<<<<<<<<<<<<<<\n"
                             "E000000000CHN8008082F2205071111111111111112M\n"; // no check digits
    std::mt19937 random(3);
    const auto page = printPage(random, Format::Td3, text, printResolution(random, kCamera));
    const auto reading = read(photograph(random, page, kCamera).gray);
    REQUIRE(reading.candidate);
    CHECK(reading.candidate->text.reveal().substr(45, 42) == text.substr(45, 42));
}

TEST_CASE("mrz frames: letters are read from nine pixels on, or the advice is to move closer")
{
    View view = kEasy;
    view.pitchLow = view.pitchHigh = 10;
    const auto near = sceneOf(4, Format::Td2, view);
    const auto reading = read(near.shot.gray);
    REQUIRE(reading.candidate);
    CHECK(reading.candidate->text.reveal() == near.page.text);
    CHECK(reading.facts.pitch == Approx(10).margin(0.3));
    view.pitchLow = view.pitchHigh = 7;
    CHECK(read(sceneOf(4, Format::Td2, view).shot.gray).advice == Advice::MoveCloser);
}

TEST_CASE("mrz frames: a picture far larger than needed is read")
{
    View view = kEasy;
    view.width = 2560;
    view.height = 1440;
    view.pitchLow = view.pitchHigh = 44;
    const auto scene = sceneOf(4, Format::Td3, view);
    const auto reading = read(scene.shot.gray);
    REQUIRE(reading.candidate);
    CHECK(reading.candidate->text.reveal() == scene.page.text);
}

TEST_CASE("mrz frames: light over letters is told, with the advice to tilt")
{
    auto scene = sceneOf(5, Format::Td3, kEasy);
    const auto at = scene.shot.fromPage * cv::Vec3d(scene.page.firstCell.x + 8 * scene.page.pitch,
                                                    scene.page.firstCell.y, 1);
    cv::ellipse(scene.shot.gray, cv::Point2d(at[0], at[1]), {50, 20}, 0, 0, 360, 255, cv::FILLED);
    const auto reading = read(scene.shot.gray);
    CHECK(reading.facts.glare > 0.01);
    CHECK(reading.advice == Advice::Tilt);
    CHECK((!reading.candidate || reading.candidate->certainty(Part::Name) < 0.9F));
}

TEST_CASE("mrz frames: blurred letters are told, with the advice to hold still")
{
    const auto scene = sceneOf(5, Format::Td3, kEasy);
    cv::Mat blurred;
    cv::GaussianBlur(scene.shot.gray, blurred, {}, 3);
    const auto reading = read(blurred);
    CHECK(reading.facts.zoneFound);
    CHECK(reading.facts.sharpness < read(scene.shot.gray).facts.sharpness / 2);
    CHECK(reading.advice == Advice::HoldStill);
}

TEST_CASE("mrz frames: what is no zone is not read")
{
    SECTION("an empty desk")
    {
        CHECK(read(cv::Mat(720, 1280, CV_8U, cv::Scalar(128))).advice == Advice::ShowDocument);
    }
    SECTION("noise")
    {
        cv::Mat noise(720, 1280, CV_8U);
        cv::RNG(5).fill(noise, cv::RNG::UNIFORM, 0, 256);
        CHECK_FALSE(read(noise).candidate);
    }
    SECTION("the upper half of a page")
    {
        auto scene = sceneOf(6, Format::Td3, kClean);
        const auto at =
            scene.shot.fromPage * cv::Vec3d(scene.page.firstCell.x, scene.page.firstCell.y, 1);
        scene.shot.gray.rowRange(static_cast<int>(at[1]) - 30, 720).setTo(128);
        CHECK_FALSE(read(scene.shot.gray).candidate);
    }
}

TEST_CASE("mrz frames: a picture that is larger than its bytes is refused")
{
    const MrzFrameReader reader;
    const Bytes bytes(100 * 100);
    const auto view = GENERATE_REF(GrayView{bytes, 100, 101, 100}, GrayView{bytes, 100, 100, 99},
                                   GrayView{bytes, -100, 100, 100}, GrayView{bytes, 63, 63, 63},
                                   GrayView{{}, 100, 100, 100});
    const auto reading = reader.read(view);
    REQUIRE_FALSE(reading);
    CHECK(reading.error().code == Errc::Invalid);
}
