// SPDX-License-Identifier: Apache-2.0
// guichet-diag as an engineer runs it: words in, lines out.
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "peripherals/base/random.h"
#include "peripherals/host/device_host.h"
#include "tests/drivers/face/drawn_face.h"
#include "tests/drivers/mrz/page_shot.h"
#include "tests/peripherals/host/waiting.h"

using namespace guichet;
using namespace guichet::host;
using nlohmann::json;

namespace {

/// Annex of ICAO Doc 9303-4.
constexpr const char* kSpecimen = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
                                  "L898902C36UTO7408122F1204159ZE184226B<<<<<10\n";

struct Run {
    int status = -1;
    std::string out;

    [[nodiscard]] std::vector<json> lines() const
    {
        std::vector<json> lines;
        std::istringstream stream(out);
        for (std::string line; std::getline(stream, line);) {
            lines.push_back(json::parse(line));
        }
        return lines;
    }
};

/// `words` are for a shell.
Run diag(const std::string& words)
{
    Run run;
    const auto command = std::string(GUICHET_BIN_DIR "/guichet-diag ") + words;
    std::FILE* pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
        run.out.push_back(static_cast<char>(c));
    }
    run.status = WEXITSTATUS(::pclose(pipe));
    return run;
}

/// Pictures in a folder of their own.
struct Pictures {
    Pictures() { std::filesystem::create_directories(folder); }
    ~Pictures() { std::filesystem::remove_all(folder); }

    std::string save(const std::string& name, const cv::Mat& gray) const
    {
        const auto file = folder / name;
        std::ofstream stream(file, std::ios::binary);
        stream << "P5 " << gray.cols << ' ' << gray.rows << " 255\n";
        stream.write(reinterpret_cast<const char*>(gray.data),
                     static_cast<std::streamsize>(gray.total()));
        return file;
    }
    std::string page(const std::string& name, const std::string& text, const test::View& view) const
    {
        std::mt19937 random(11);
        const auto page =
            test::printPage(random, mrz::Format::Td3, text, test::printResolution(random, view));
        return save(name, test::photograph(random, page, view).gray);
    }

    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("guichet-" + randomUuid());
};

} // namespace

TEST_CASE("diag: a clear page is read letter by letter and accepted", "[host]")
{
    const Pictures pictures;
    const auto file = pictures.page("page.pgm", kSpecimen, test::kEasy);
    const auto run = diag("read-mrz " + file);
    CHECK(run.status == 0);
    REQUIRE(run.lines().size() == 1);
    const auto report = run.lines().front();
    INFO(report.dump());
    CHECK(report["file"] == file);
    CHECK(report["verdict"] == "accepted");
    CHECK(report["lines"] == json{"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                                  "L898902C36UTO7408122F1204159ZE184226B<<<<<10"});
    CHECK(report["fields"]["surname"] == "ERIKSSON");
    CHECK(report["fields"]["givenName"] == "ANNA MARIA");
    CHECK(report["fields"]["number"] == "L898902C3");
    CHECK(report["fields"]["birth"] == "1974-08-12");
    CHECK(report["fields"]["checks"]["composite"] == "right");
    CHECK(report["ms"].is_number());
}

TEST_CASE("diag: a page whose check digits are wrong is never accepted", "[host]")
{
    const Pictures pictures;
    const auto file = pictures.page("forged.pgm",
                                    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
                                    "L898902C30UTO7408125F1204153ZE184226B<<<<<18\n",
                                    test::kEasy);
    const auto report = diag("read-mrz " + file).lines().at(0);
    INFO(report.dump());
    CHECK(report["verdict"] == "unreadable");
    CHECK(report["lines"].size() == 2);
    CHECK(report["fields"]["checks"]["birth"] == "wrong");
}

TEST_CASE("diag: each file has its line of JSON, whatever is in it", "[host]")
{
    const Pictures pictures;
    const auto gray = pictures.save("gray.pgm", cv::Mat(720, 1280, CV_8UC1, cv::Scalar(120)));
    const auto text = (pictures.folder / "text.png").string();
    std::ofstream(text) << "no picture";
    const auto run = diag("read-mrz " + gray + ' ' + text + ' ' + text + "-missing 2> /dev/null");
    CHECK(run.status == 1);
    const auto lines = run.lines();
    REQUIRE(lines.size() == 3);
    for (const auto& line : lines) {
        INFO(line.dump());
        CHECK(line["verdict"] == "unreadable");
        CHECK(line["lines"].empty());
        CHECK(line["fields"].empty());
    }
    CHECK(lines[0]["advice"] == "showDocument");
    CHECK(lines[1]["error"].get<std::string>().starts_with("no picture"));
    CHECK(lines[2]["error"] == "No such file or directory");
}

TEST_CASE("diag: whether a customer stands well in a picture is a line of JSON", "[host]")
{
    const Pictures pictures;
    const auto good = pictures.save("good.pgm", test::DrawnPicture().add({}).noise(3, 1).gray());
    const auto empty = pictures.save("empty.pgm", test::DrawnPicture({801, 603}).gray());
    const auto run = diag("face " + good + ' ' + empty + ' ' + empty + "-missing 2> /dev/null");
    CHECK(run.status == 1);
    const auto lines = run.lines();
    REQUIRE(lines.size() == 3);
    CHECK(lines[0]["file"] == good);
    CHECK(lines[0]["verdict"] == "good");
    CHECK(lines[0]["advice"] == "holdStill");
    CHECK(lines[0]["finder"] == "cascades");
    CHECK(lines[0]["ms"].is_number());
    CHECK(lines[1]["verdict"] == "none");
    CHECK(lines[1]["advice"] == "showFace");
    CHECK_FALSE(lines[1].contains("error"));
    CHECK(lines[2]["verdict"] == "none");
    CHECK(lines[2]["error"] == "No such file or directory");
}

TEST_CASE("diag: a picture that is too large is refused before it is decoded", "[host]")
{
    const Pictures pictures;
    const auto file = (pictures.folder / "bomb.pgm").string();
    std::ofstream(file) << "P5 60000 60000 255\n";
    const auto report = diag("read-mrz " + file + " 2> /dev/null").lines().at(0);
    CHECK(report["error"] == "60000x60000 pixels; want at most 8192 a side");
}

TEST_CASE("diag: devices are listed with what they say of themselves", "[host]")
{
    const SystemClock clock;
    const Pictures data;
    DeviceHostConfig config;
    config.ports = {0};
    config.data = data.folder;
    config.devices.push_back({DeviceClass::ReceiptPrinter, test::FakeHelper::configuration()});
    config.devices.back().helper.name = "receiptprinter";
    config.devices.push_back({DeviceClass::ResidentReader, test::FakeHelper::configuration()});
    config.devices.back().helper.name = "residentreader";
    const auto host = DeviceHost::start(std::move(config), clock);
    REQUIRE(host);
    const auto publisher = "--publisher 127.0.0.1:" + std::to_string((*host)->port());

    const auto run = diag("--json " + publisher + " devices");
    CHECK(run.status == 0);
    const auto lines = run.lines();
    REQUIRE(lines.size() == 3);
    CHECK(lines[0]["device"] == "receiptprinter");
    CHECK(lines[0]["model"] != "");
    CHECK(lines[0]["status"].contains("printer"));
    CHECK(lines[1]["device"] == "residentreader");
    CHECK(lines[2]["device"] == "vendormode");
    CHECK(lines[2]["status"]["vendorMode"]["service"] == "inactive");
    CHECK(diag(publisher + " devices").out.starts_with("receiptprinter "));
}

TEST_CASE("diag: a terminal that is not there is said in one line", "[host]")
{
    const auto run = diag("--publisher 127.0.0.1:1 devices 2>&1");
    CHECK(run.status == 1);
    CHECK(std::ranges::count(run.out, '\n') == 1);
    CHECK(run.out.starts_with("guichet-diag: guichet-devices at 127.0.0.1:1: "));
}

TEST_CASE("diag: wrong words are answered with what is legal", "[host]")
{
    const auto words = GENERATE("", "frobnicate", "read-mrz", "devices extra", "--publisher x card",
                                "--frobnicate devices");
    const auto run = diag(std::string(words) + " 2>&1");
    CHECK(run.status == 2);
    CHECK(run.out.find("usage: guichet-diag") != std::string::npos);
}
