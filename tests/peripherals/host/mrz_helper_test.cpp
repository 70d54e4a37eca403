// SPDX-License-Identifier: Apache-2.0
// Made-up documents before a camera, with the real frames between it and the reader.
#include "peripherals/host/mrz_helper.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include <catch2/catch.hpp>
#include <opencv2/imgproc.hpp>

#include "peripherals/base/random.h"
#include "peripherals/frames/frame_writer.h"
#include "peripherals/host/camera_helper.h"
#include "peripherals/host/demo_key.h"
#include "peripherals/host/diag/picture_file.h"
#include "tests/drivers/mrz/page_shot.h"
#include "tests/drivers/mrz/page_text.h"
#include "tests/peripherals/host/bank.h"
#include "tests/peripherals/host/recording_line.h"

using namespace guichet;
using namespace guichet::host;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

/// Annex of ICAO Doc 9303-4.
constexpr const char* kSpecimenPage = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
                                      "L898902C36UTO7408122F1204159ZE184226B<<<<<10\n";

struct ScanDesk {
    ScanDesk() { std::filesystem::create_directories(folder); }
    ~ScanDesk() { std::filesystem::remove_all(folder); }

    MrzHelper helper()
    {
        return {folder / "camera.sock", clock,
                std::move(*SealingKey::fromFile(*demoSealingKey(folder)))};
    }
    /// Another picture of the same page in each frame; grey ones if there is no page.
    std::jthread film(std::optional<test::Page> page)
    {
        return film([page = std::move(page), random = std::mt19937(7)]() mutable {
            return page ? test::photograph(random, *page, test::kEasy).gray
                        : cv::Mat(720, 1280, CV_8UC1, cv::Scalar(120));
        });
    }
    /// The same picture again and again.
    std::jthread show(cv::Mat gray)
    {
        return film([gray = std::move(gray)] { return gray; });
    }

    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("guichet-" + randomUuid());
    SystemClock clock;

private:
    std::jthread film(std::function<cv::Mat()> picture)
    {
        return std::jthread([this, picture = std::move(picture)](const std::stop_token& stop) {
            auto writer = frames::FrameWriter::open(folder / "camera.sock", cameraRing());
            REQUIRE(writer);
            while (!stop.stop_requested()) {
                const auto gray = picture();
                const auto width = static_cast<std::uint32_t>(gray.cols);
                const frames::FrameInfo info{
                    .captureNs = std::chrono::steady_clock::now().time_since_epoch().count(),
                    .width = width,
                    .height = static_cast<std::uint32_t>(gray.rows),
                    .stride = width,
                    .format = frames::PixelFormat::Gray8};
                const auto* pixels = reinterpret_cast<const std::byte*>(gray.data);
                REQUIRE((*writer)->publish(info, ByteView(pixels, gray.total())));
            }
        });
    }
};

/// Asks a read to stop as soon as it tells something.
struct StoppingScan : test::RecordingLine {
    void event(std::string_view name, const json& data) override
    {
        RecordingLine::event(name, data);
        stop.request_stop();
    }
    std::stop_source stop;
};

test::Page specimen()
{
    std::mt19937 random(5);
    return test::printPage(random, mrz::Format::Td3, kSpecimenPage,
                           test::printResolution(random, test::kEasy));
}

} // namespace

TEST_CASE("document reader: a page that lies still is cut out, laid straight and upright", "[host]")
{
    ScanDesk desk;
    std::mt19937 random(3);
    const auto page =
        test::printPage(random, mrz::Format::Td1, test::pageText(random, mrz::Format::Td1), 6);
    cv::Mat table(720, 1280, CV_8UC1, cv::Scalar(60));
    cv::Mat upsideDown;
    cv::rotate(page.gray, upsideDown, cv::ROTATE_180);
    const auto middle = cv::Point2f(cv::Point2d(upsideDown.cols, upsideDown.rows) / 2);
    cv::Mat_<double> turn = cv::getRotationMatrix2D(middle, 10, 1);
    turn(0, 2) += (table.cols - upsideDown.cols) / 2.0;
    turn(1, 2) += (table.rows - upsideDown.rows) / 2.0;
    cv::warpAffine(upsideDown, table, turn, table.size(), cv::INTER_LINEAR, cv::BORDER_TRANSPARENT);
    const auto camera = desk.show(table);
    auto helper = desk.helper();
    test::RecordingLine line;
    const auto read = helper.perform("readImage", {{"colour", false}}, line, {});
    REQUIRE(read);
    CHECK(line.said.back() == "Printer.MediaInsertedEvent");
    const auto jpeg = fromBase64((*read)["picture"].get<std::string>());
    REQUIRE(jpeg);
    const auto file = desk.folder / "picture.jpg";
    std::ofstream(file, std::ios::binary) << asText(*jpeg);
    const auto gray = diag::readGrayPicture(file);
    REQUIRE(gray);
    CHECK(std::abs(gray->width - page.gray.cols) < 10);
    CHECK(std::abs(gray->height - page.gray.rows) < 10);
    const auto zone =
        mrz::MrzFrameReader().read({gray->pixels, gray->width, gray->height, gray->width});
    REQUIRE(zone);
    REQUIRE(zone->candidate);
    CHECK(zone->facts.turned == 0);
    CHECK(zone->candidate->text.reveal() == page.text);
}

TEST_CASE("document reader: an empty desk is told, and cancelling ends the wait", "[host]")
{
    ScanDesk desk;
    const auto camera = desk.show(cv::Mat(720, 1280, CV_8UC1, cv::Scalar(120)));
    auto helper = desk.helper();
    StoppingScan line;
    const auto read = helper.perform("readImage", json::object(), line, line.stop.get_token());
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Errc::Cancelled);
    CHECK(line.said == std::vector<std::string>{"Printer.NoMediaEvent"});
}

TEST_CASE("document reader: for the reader of its chip the zone is sealed, and nothing else told",
          "[host]")
{
    ScanDesk desk;
    test::RecordingLine line;
    auto helper = desk.helper();
    const auto camera = desk.film(specimen());
    const auto chipReader = OpeningKey::generate();
    const auto read = helper.perform(
        "readImage", {{"front", false}, {"recipients", {{"cardreader", *chipReader->publicPem()}}}},
        line, {});
    REQUIRE(read);
    CHECK(read->size() == 1);
    const auto zone = chipReader->open((*read)["zoneFor"]["cardreader"].get<std::string>());
    REQUIRE(zone);
    CHECK(zone->reveal() == kSpecimenPage);
    CHECK(line.said.front() == "showDocument");
    CHECK(line.said.back() == "reading");
}

TEST_CASE("zone helper: frames that agree give names and dates, the number is the bank's", "[host]")
{
    ScanDesk desk;
    test::RecordingLine line;
    auto helper = desk.helper();
    const auto camera = desk.film(specimen());
    const auto chipReader = OpeningKey::generate();
    const auto read = helper.perform(
        "readMrz",
        {{"timeoutMs", 20'000}, {"recipients", {{"cardreader", *chipReader->publicPem()}}}}, line,
        {});
    REQUIRE(read);
    auto shown = *read;
    CHECK(shown["format"] == "TD3");
    CHECK(shown["surname"] == "ERIKSSON");
    CHECK(shown["givenName"] == "ANNA MARIA");
    CHECK(shown["birth"] == "1974-08-12");
    CHECK(shown["validTo"] == "2012-04-15");
    CHECK(shown["expired"] == true);
    CHECK(shown["maskedNumber"] == "L******C3");
    CHECK(shown["repaired"] == false);
    CHECK(line.said.front() == "showDocument");
    CHECK(line.said.back() == "reading");
    CHECK(line.current.empty());
    const auto sealed = shown["sealed"].get<std::string>();
    shown.erase("sealed");
    CHECK(shown.dump().find("898902") == std::string::npos);
    const auto content = json::parse(test::openAsBank(desk.folder / "bank-demo.pem", sealed));
    CHECK(content["number"] == "L898902C3");
    CHECK(content["mrz"] == kSpecimenPage);
    const auto zone = chipReader->open(shown["zoneFor"]["cardreader"].get<std::string>());
    REQUIRE(zone);
    CHECK(zone->reveal() == kSpecimenPage);
}

TEST_CASE("zone helper: without a document the time runs out", "[host]")
{
    ScanDesk desk;
    test::RecordingLine line;
    auto helper = desk.helper();
    const auto camera = desk.film(std::nullopt);
    const auto read = helper.perform("readMrz", {{"timeoutMs", 300}}, line, {});
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Errc::Timeout);
    CHECK(line.said == std::vector<std::string>{"showDocument"});
}

TEST_CASE("zone helper: a stop ends the read at once, also without a camera", "[host]")
{
    ScanDesk desk;
    test::RecordingLine line;
    auto helper = desk.helper();
    helper.watch(line);
    CHECK(line.lastStatus["common"]["device"] == "offline");
    std::stop_source stop;
    stop.request_stop();
    const auto read = helper.perform("readMrz", {{"timeoutMs", 600'000}}, line, stop.get_token());
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Errc::Cancelled);
}
