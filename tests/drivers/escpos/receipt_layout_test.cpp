// SPDX-License-Identifier: Apache-2.0
#include "drivers/escpos/receipt_layout.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include <catch2/catch.hpp>

using namespace guichet;

namespace {

escpos::TicketText ticket()
{
    return {.outlet = "示范网点 Demo outlet",
            .number = "A012",
            .service = "现金业务 Cash",
            .rows = {{"前面人数 Ahead", "3"},
                     {"预计等候 Wait", "8-15 分钟 min"},
                     {"取号时间 Taken", "2026-11-24 10:15"}},
            .footer = {"请留意叫号屏 Please watch the display"},
            .qrText = "https://demo.example/t/3kJ9-x_2"};
}

int blackDots(const Bitmap& picture, int fromX, int toX)
{
    int count = 0;
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = fromX; x < toX; ++x) {
            count += picture.black(x, y) ? 1 : 0;
        }
    }
    return count;
}

const escpos::TicketRenderer& renderer()
{
    static const auto opened = escpos::TicketRenderer::open();
    if (!opened) {
        throw std::runtime_error(opened.error().detail);
    }
    return *opened;
}

} // namespace

TEST_CASE("receipt: a ticket fills the paper's width and keeps its margins white",
          "[drivers][escpos]")
{
    const auto picture = renderer().render(ticket());
    REQUIRE(picture);
    CHECK(picture->width() == 576);
    CHECK(picture->height() > 600);
    CHECK(picture->height() < 1400);
    CHECK(blackDots(*picture, 0, 24) == 0);
    CHECK(blackDots(*picture, 552, 576) == 0);
    CHECK(blackDots(*picture, 24, 552) > 10000);
}

TEST_CASE("receipt: a copy says so, the first print does not", "[drivers][escpos]")
{
    auto text = ticket();
    const auto first = *renderer().render(text);
    text.copyIndex = 2;
    const auto second = *renderer().render(text);
    CHECK(second.height() > first.height());
}

TEST_CASE("receipt: large letters make a longer ticket inside the same margins",
          "[drivers][escpos]")
{
    auto large = ticket();
    large.large = true;
    const auto picture = renderer().render(large);
    const auto standard = renderer().render(ticket());
    REQUIRE(picture);
    REQUIRE(standard);
    CHECK(picture->height() > standard->height());
    CHECK(blackDots(*picture, 0, 20) == 0);
    CHECK(blackDots(*picture, 576 - 20, 576) == 0);
}

TEST_CASE("receipt: long words and long Chinese wrap inside the margins", "[drivers][escpos]")
{
    auto text = ticket();
    text.outlet = std::string(200, 'W');
    text.service.clear();
    for (int i = 0; i < 60; ++i) {
        text.service += "业";
    }
    text.number = "LONGNUMBER0123456789";
    text.rows.push_back({std::string(90, 'M'), std::string(90, 'W')});
    const auto picture = renderer().render(text);
    REQUIRE(picture);
    CHECK(blackDots(*picture, 0, 22) == 0);
    CHECK(blackDots(*picture, 554, 576) == 0);
}

TEST_CASE("receipt: broken UTF-8 and control characters do no harm", "[drivers][escpos]")
{
    auto text = ticket();
    text.outlet = "\xff\xc3\x1b@\xe5\x8f";
    CHECK(renderer().render(text));
}

TEST_CASE("receipt: what does not fit the paper is refused", "[drivers][escpos]")
{
    auto text = ticket();
    CHECK(renderer().render(text, 100).error().code == Errc::Invalid);
    text.qrText = std::string(3000, 'x');
    CHECK(renderer().render(text).error().code == Errc::Invalid);
    text.qrText.clear();
    text.footer.assign(400, "line");
    CHECK(renderer().render(text).error().code == Errc::Invalid);
}

TEST_CASE("receipt: an independent reader decodes the code", "[drivers][escpos]")
{
    REQUIRE(std::filesystem::exists("/usr/bin/zbarimg")); // package zbar-tools
    const auto text = ticket();
    const auto width = GENERATE(576, 384);
    const auto folder = std::filesystem::temp_directory_path() / "guichet-receipt-test";
    std::filesystem::create_directories(folder);
    const auto file =
        folder / ("ticket-" + std::to_string(width) + "-" + std::to_string(getpid()) + ".pbm");
    const auto picture = toPbm(*renderer().render(text, width));
    std::ofstream(file, std::ios::binary) << asText(picture);

    const auto command = "zbarimg -q --raw " + file.string() + " 2>/dev/null";
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::array<char, 200> line{};
    REQUIRE(std::fgets(line.data(), static_cast<int>(line.size()), pipe.get()) != nullptr);
    CHECK(std::string(line.data()) == text.qrText + "\n");
    std::filesystem::remove(file);
}
