// SPDX-License-Identifier: Apache-2.0
#include "drivers/escpos/escpos_protocol.h"

#include <catch2/catch.hpp>

#include "tests/drivers/support/hex_text.h"

using namespace guichet;
using test::bytes;

namespace {

std::vector<escpos::Reply> replies(std::string_view hex)
{
    return escpos::ReplyTokenizer().feed(bytes(hex));
}

} // namespace

TEST_CASE("escpos: a normal printer answers 12 to all pages and is ready", "[drivers][escpos]")
{
    PrinterStatus status;
    for (const auto page : escpos::kStatusPages) {
        status = *escpos::decodeStatus(page, std::byte{0x12}, status);
    }
    CHECK(status == PrinterStatus{});
    CHECK(status.ready());
    CHECK(status.remedy() == Remedy::None);
}

TEST_CASE("escpos: a status byte with wrong fixed bits is refused", "[drivers][escpos]")
{
    const auto value = GENERATE(0x00, 0xff, 0x10, 0x92, 0x13);
    const auto status =
        escpos::decodeStatus(escpos::StatusPage::Paper, static_cast<std::byte>(value));
    REQUIRE_FALSE(status);
    CHECK(status.error().code == Errc::Protocol);
    CHECK(status.error().remedy == Remedy::CallStaff);
}

TEST_CASE("escpos: each page sets what it knows", "[drivers][escpos]")
{
    using escpos::StatusPage;
    const auto decoded = [](StatusPage page, int value) {
        return *escpos::decodeStatus(page, static_cast<std::byte>(value));
    };
    CHECK_FALSE(decoded(StatusPage::Printer, 0x1a).online);
    CHECK(decoded(StatusPage::OfflineCause, 0x16).coverOpen);
    CHECK(decoded(StatusPage::OfflineCause, 0x32).paperOut);
    CHECK(decoded(StatusPage::ErrorCause, 0x1a).cutterError);
    CHECK(decoded(StatusPage::ErrorCause, 0x32).needsService);
    CHECK(decoded(StatusPage::Paper, 0x1e).paperNearEnd);
    CHECK_FALSE(decoded(StatusPage::Paper, 0x1e).paperOut);
    CHECK(decoded(StatusPage::Paper, 0x7e).paperOut);
}

TEST_CASE("escpos: the remedy names what a person can do first", "[drivers][escpos]")
{
    PrinterStatus status;
    status.paperOut = true;
    CHECK(status.remedy() == Remedy::ReloadPaper);
    status.coverOpen = true;
    CHECK(status.remedy() == Remedy::CloseCover);
    status.cutterError = true;
    CHECK(status.remedy() == Remedy::CallStaff);
}

TEST_CASE("escpos: on every head the resynchronisation is longer than a strip", "[drivers][escpos]")
{
    const auto width = GENERATE(384, 576, 832, 2000);
    const int height = 200;
    const auto picture = escpos::encodeRaster(Bitmap(width, height));
    const auto at = [&picture](std::size_t i) { return std::to_integer<std::size_t>(picture[i]); };
    std::size_t rows = 0;
    for (std::size_t strip = 0; strip < picture.size();) {
        const auto stripRows = at(strip + 6) + 256 * at(strip + 7);
        const auto length = 8 + (at(strip + 4) + 256 * at(strip + 5)) * stripRows;
        CHECK(length < escpos::kResynchronisationZeros);
        rows += stripRows;
        strip += length;
    }
    CHECK(rows == height);
}

TEST_CASE("escpos: each job asks for automatic status again", "[drivers][escpos]")
{
    CHECK(escpos::encodeInitialise() == bytes("1B40 1D61FF"));
}

TEST_CASE("escpos: all kinds of replies on one line are told apart", "[drivers][escpos]")
{
    const auto found = replies("12 11 10000F00 3722 41424344 00 03 13 372500 5F4550534F4E00 FF 16");
    const std::vector<escpos::Reply> expected{
        escpos::RealTimeStatus{std::byte{0x12}},
        escpos::AutomaticStatus{{std::byte{0x10}, std::byte{}, std::byte{0x0f}, std::byte{}}},
        escpos::ProcessIdReply{{'A', 'B', 'C', 'D'}},
        escpos::InOrderReply{std::byte{0x03}},
        escpos::Cleared{},
        escpos::TextBlock{std::byte{0x5f}, "EPSON"},
        escpos::Noise{std::byte{0xff}},
        escpos::RealTimeStatus{std::byte{0x16}},
    };
    CHECK(found == expected);
}

TEST_CASE("escpos: replies are the same however they were cut on the way", "[drivers][escpos]")
{
    const auto line = bytes("12 10000F00 3722 41424344 00 03 372500 5F4550534F4E00 16");
    const auto whole = escpos::ReplyTokenizer().feed(line);
    for (std::size_t cut = 0; cut <= line.size(); ++cut) {
        escpos::ReplyTokenizer tokenizer;
        auto found = tokenizer.feed(ByteView(line).first(cut));
        const auto rest = tokenizer.feed(ByteView(line).subspan(cut));
        found.insert(found.end(), rest.begin(), rest.end());
        CHECK(found == whole);
        CHECK(tokenizer.pending() == 0);
    }
}

TEST_CASE("escpos: a block without an end is given up after 128 bytes", "[drivers][escpos]")
{
    escpos::ReplyTokenizer tokenizer;
    for (int i = 0; i < 4000; ++i) {
        (void)tokenizer.feed(bytes("5F"));
        CHECK(tokenizer.pending() <= 128);
    }
}

TEST_CASE("escpos: a status block that breaks off is noise, and what follows is read",
          "[drivers][escpos]")
{
    const auto found = replies("10 12");
    REQUIRE(found.size() == 2);
    CHECK(std::holds_alternative<escpos::Noise>(found[0]));
    CHECK(std::holds_alternative<escpos::RealTimeStatus>(found[1]));
}

TEST_CASE("escpos: an automatic block says the same as the pages", "[drivers][escpos]")
{
    const auto block = std::get<escpos::AutomaticStatus>(replies("38 2C 0F 00").at(0));
    const auto status = escpos::decodeStatus(block);
    CHECK_FALSE(status.online);
    CHECK(status.coverOpen);
    CHECK(status.paperOut);
    CHECK(status.paperNearEnd);
    CHECK(status.cutterError);
    CHECK(status.needsService);
}

TEST_CASE("escpos: a picture becomes strips that end before the zeros of a resynchronisation do",
          "[drivers][escpos]")
{
    Bitmap picture(576, 200);
    picture.fill(0, 0, 576, 200);
    const auto data = escpos::encodeRaster(picture);
    CHECK(toHex(ByteView(data).first(8)) == "1D76300048006000");
    CHECK(toHex(ByteView(data).subspan(8 + 72 * 96, 8)) == "1D76300048006000");
    CHECK(toHex(ByteView(data).subspan(2 * (8 + 72 * 96), 8)) == "1D76300048000800");
    CHECK(data.size() == 3 * 8 + 72 * 200);
    CHECK(72 * 96 < escpos::kResynchronisationZeros);
}

TEST_CASE("escpos: no picture holds what a printer obeys in real time", "[drivers][escpos]")
{
    const auto second = GENERATE(0x04, 0x05, 0x14);
    Bitmap picture(32, 100);
    for (int y = 0; y < picture.height(); ++y) {
        picture.setBlack(24 + 3, y); // the row's last byte is 10, the next row's first the second
        for (int bit = 0; bit < 8; ++bit) {
            if ((second & (0x80 >> bit)) != 0) {
                picture.setBlack(bit, y);
            }
        }
    }
    const auto data = escpos::encodeRaster(picture);
    for (std::size_t i = 1; i < data.size(); ++i) {
        const bool obeyed = data[i - 1] == std::byte{0x10} &&
                            (data[i] == std::byte{0x04} || data[i] == std::byte{0x05} ||
                             data[i] == std::byte{0x14});
        CHECK_FALSE(obeyed);
    }
}

TEST_CASE("escpos: a stored picture is printed strip by strip", "[drivers][escpos]")
{
    Bitmap picture(16, 3);
    picture.fill(0, 0, 8, 3);
    CHECK(escpos::encodeRaster(picture, escpos::RasterCommand::GsL, 2) ==
          bytes("1D284C 0E00 307030 0101 31 1000 0200 FF00 FF00 1D284C 0200 3032"
                "1D284C 0C00 307030 0101 31 1000 0100 FF00 1D284C 0200 3032"));
}

TEST_CASE("escpos: each kind of cut feeds to the knife first", "[drivers][escpos]")
{
    CHECK(escpos::encodeCut(CutKind::Partial) == bytes("1D5642 00"));
    CHECK(escpos::encodeCut(CutKind::Full) == bytes("1D5641 00"));
    CHECK(escpos::encodeCut(CutKind::None) == bytes("1B4A78"));
}

TEST_CASE("escpos: a kiosk printer's full status is told from an automatic block",
          "[drivers][escpos]")
{
    const auto line = bytes("10000000 100F20000000 12 100F00000000");
    const std::vector<escpos::Reply> expected{
        escpos::AutomaticStatus{{std::byte{0x10}}}, escpos::TicketStatus{{std::byte{0x20}}},
        escpos::RealTimeStatus{std::byte{0x12}}, escpos::TicketStatus{{}}};
    CHECK(escpos::ReplyTokenizer(true).feed(line) == expected);
    escpos::ReplyTokenizer pieces(true);
    std::vector<escpos::Reply> found;
    for (const auto byte : line) {
        for (auto& reply : pieces.feed(ByteView(&byte, 1))) {
            found.push_back(std::move(reply));
        }
    }
    CHECK(found == expected);
    CHECK(escpos::paperAtOutlet(std::get<escpos::TicketStatus>(expected[1])));
    CHECK_FALSE(escpos::paperAtOutlet(std::get<escpos::TicketStatus>(expected[3])));
}

TEST_CASE("escpos: how many answers raw bytes can draw is known or said to be unknown",
          "[drivers][escpos]")
{
    const auto [hex, most] =
        GENERATE(std::pair<const char*, std::optional<int>>{"", 0}, std::pair{"48656C6C6F0A", 0},
                 std::pair{"1D7201", 1}, std::pair{"1D7201 1B76 1B7500 1D4901", 4},
                 std::pair{"1D7630000100 0200 1D72", 1}, // dots that could be a question
                 std::pair{"1D284B0200 3100", 0}, std::pair{"100401", 0}, // answered in other forms
                 std::pair{"1D4943", std::nullopt}, std::pair{"1D49", std::nullopt},
                 std::pair{"1D5E010100", std::nullopt}, std::pair{"1D3A", std::nullopt},
                 std::pair{"1D6732000000", std::nullopt}, std::pair{"1DE001", std::nullopt},
                 std::pair{"100414", std::nullopt}, std::pair{"1004", std::nullopt});
    INFO(hex);
    CHECK(escpos::mostAnswers(bytes(hex)) == most);
    Bytes many;
    for (int i = 0; i < 65; ++i) {
        many.insert(many.end(), {std::byte{0x1d}, std::byte{0x72}, std::byte{1}});
    }
    CHECK_FALSE(escpos::mostAnswers(many));
}
