// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/receipt_printer.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::virtualdevices;

namespace {

struct PaperBench {
    ReceiptPrinter printer{std::make_unique<BoxGlyphs>()};

    void send(std::string_view hex)
    {
        printer.receive(*fromHex(hex));
        printer.work();
    }
    void write(std::string_view text)
    {
        printer.receive(asBytes(text));
        printer.work();
    }
    std::string answers() { return toHex(printer.takeAnswers()); }
};

const std::string kCut = "1D564200";

/// `rows` rows of 8 black dots.
std::string raster(unsigned rows)
{
    std::string hex = "1D7630000100" + toHex(Bytes{static_cast<std::byte>(rows)}) + "00";
    for (unsigned i = 0; i < rows; ++i) {
        hex += "FF";
    }
    return hex;
}

std::size_t blackRows(const Bitmap& picture)
{
    std::size_t count = 0;
    for (std::size_t y = 0; y < picture.height(); ++y) {
        bool black = false;
        for (std::size_t x = 0; x < picture.width(); ++x) {
            black = black || picture.dot(x, y);
        }
        count += black ? 1 : 0;
    }
    return count;
}

/// A job with a little of everything, one command after another.
const std::string kJob = "1B401B61011B4501"                   // initialise, centre, bold
                         "413031320A"                         // A012
                         "1C26D2F8D0D00A1C2E"                 // Chinese
                         "1B33181B2A210200FFFFFFFFFFFF0A1B32" // column picture
                         "1D7630000200030041424344"
                         "4546" // raster
                         "1D284C0B0030703001013108000100AA1D284C02003032"
                         "1D286B0500315030 4142"
                         "1D286B0300315130"
                         "1B44081000" // tab stops
                         "1D6B04414200"
                         "1D6B49037B4241" // bar codes
                         "1C71011 100100"
                         "0102030405060708"
                         "1D564200"
                         "1D284806003030313233341D7231";

Bytes job()
{
    std::string hex;
    for (const char digit : kJob) {
        if (digit != ' ') {
            hex += digit;
        }
    }
    // FS q: one picture of 1 x 1 bytes, 8 rows
    const auto at = hex.find("1C71011100100");
    hex.replace(at, 13, "1C710101000100");
    return *fromHex(hex);
}

} // namespace

TEST_CASE("receipt printer: a cut makes a piece of paper with what was printed")
{
    PaperBench bench;
    bench.write("\x1b@A012\n");
    CHECK(bench.printer.takePaper().empty());
    bench.send(kCut);
    const auto paper = bench.printer.takePaper();
    REQUIRE(paper.size() == 1);
    CHECK(paper[0].text == "A012\n");
    CHECK(paper[0].end == TicketEnd::PartialCut);
    CHECK(paper[0].picture.width() == ReceiptPrinter::kWidth);
    CHECK(blackRows(paper[0].picture) > 10);
    CHECK(bench.printer.cuts() == 1);
}

TEST_CASE("receipt printer: a cut without a feed goes through the last lines")
{
    PaperBench bench;
    bench.send(raster(100) + "1D5600");
    const auto paper = bench.printer.takePaper();
    REQUIRE(paper.size() == 1);
    CHECK(blackRows(paper[0].picture) == 100 - ReceiptPrinter::kKnifeDistance);
    CHECK(paper[0].end == TicketEnd::FullCut);
}

TEST_CASE("receipt printer: Chinese text is understood")
{
    PaperBench bench;
    bench.send("1B40D2F8D0D00A" + kCut);
    CHECK(bench.printer.takePaper().at(0).text == "银行\n");
}

TEST_CASE("receipt printer: a GB18030 character of four bytes is one character")
{
    PaperBench bench;
    bench.send("1B408139EE390A" + kCut);
    CHECK(bench.printer.takePaper().at(0).text == "㐀\n");
}

TEST_CASE("receipt printer: UTF-8 is understood when it was chosen")
{
    PaperBench bench;
    bench.send("1C284302003032");
    bench.write("银é\n");
    bench.send(kCut);
    CHECK(bench.printer.takePaper().at(0).text == "银é\n");
}

TEST_CASE("receipt printer: code pages are obeyed outside Chinese mode")
{
    PaperBench bench;
    bench.send("1C2E1B7410E90A" + kCut);
    CHECK(bench.printer.takePaper().at(0).text == "é\n");
}

TEST_CASE("receipt printer: a job is the same however its bytes are split")
{
    const auto bytes = job();
    PaperBench whole;
    whole.printer.receive(bytes);
    whole.printer.work();
    const auto expected = whole.printer.takePaper();
    const auto answers = whole.answers();
    REQUIRE(expected.size() == 1);
    CHECK(answers == "3722313233340000");

    for (std::size_t split = 0; split <= bytes.size(); ++split) {
        INFO("split after byte " << split);
        PaperBench bench;
        bench.printer.receive(ByteView(bytes).first(split));
        bench.printer.work();
        bench.printer.receive(ByteView(bytes).subspan(split));
        bench.printer.work();
        const auto paper = bench.printer.takePaper();
        REQUIRE(paper.size() == 1);
        CHECK(paper[0].text == expected[0].text);
        CHECK(*toPng(paper[0].picture) == *toPng(expected[0].picture));
        CHECK(bench.answers() == answers);
    }
}

TEST_CASE("receipt printer: each state has its status bytes")
{
    struct Row {
        std::string name;
        std::function<void(ReceiptPrinter&)> set;
        std::string pages; ///< DLE EOT 1 to 4
        std::string block; ///< automatic status
    };
    const auto row = GENERATE(values<Row>({
        {"well", [](auto&) {}, "12121212", "10000000"},
        {"near end", [](auto& p) { p.loadPaper(true); }, "1212121E", "10000300"},
        {"no paper", [](auto& p) { p.removePaper(); }, "1A32127E", "18000F00"},
        {"cover open", [](auto& p) { p.setCover(true); }, "1A161212", "38000000"},
        {"off-line", [](auto& p) { p.setOffline(true); }, "1A121212", "18000000"},
        {"jam", [](auto& p) { p.setJam(true); }, "1A521A12", "18080000"},
    }));
    INFO(row.name);
    PaperBench bench;
    row.set(bench.printer);
    bench.send("100401100402100403100404");
    CHECK(bench.answers() == row.pages);
    bench.send("10140701");
    CHECK(bench.answers() == row.block);
}

TEST_CASE("receipt printer: automatic status comes at once and at every change")
{
    PaperBench bench;
    bench.send("1D61FF");
    CHECK(bench.answers() == "10000000");
    bench.printer.setCover(true);
    CHECK(bench.answers() == "38000000");
    bench.printer.setCover(true);
    CHECK(bench.answers().empty());
    bench.printer.setCover(false);
    CHECK(bench.answers() == "10000000");
    bench.send("1D6100");
    bench.printer.setCover(true);
    CHECK(bench.answers().empty());
}

TEST_CASE("receipt printer: queued questions wait for the printer to be ready")
{
    PaperBench bench;
    bench.printer.setCover(true);
    bench.send("1D7231");
    CHECK(bench.answers().empty());
    bench.printer.setCover(false);
    bench.printer.work();
    CHECK(bench.answers() == "00");
}

TEST_CASE("receipt printer: the process id is answered when all before it is printed")
{
    PaperBench bench;
    bench.printer.loadPaper(false, 50);
    bench.send(raster(100) + kCut + "1D2848060030304A303031");
    CHECK(bench.answers().empty());
    bench.printer.loadPaper(false);
    bench.printer.work();
    CHECK(bench.answers() == "37224A30303100");
}

TEST_CASE(
    "receipt printer: a roll that ends in the middle of a job keeps the rest for the next roll")
{
    PaperBench bench;
    bench.printer.loadPaper(false, 40);
    bench.send(raster(100) + kCut);
    CHECK(bench.printer.sensors().paperOut);
    CHECK(bench.printer.takePaper().empty());

    bench.printer.loadPaper(false);
    bench.printer.work();
    const auto paper = bench.printer.takePaper();
    REQUIRE(paper.size() == 2);
    CHECK(paper[0].end == TicketEnd::PaperEnd);
    CHECK(blackRows(paper[0].picture) == 40);
    CHECK(paper[1].end == TicketEnd::PartialCut);
    CHECK(blackRows(paper[1].picture) == 60);
}

TEST_CASE("receipt printer: jobs sent without paper all come out after the refill")
{
    PaperBench bench;
    bench.printer.removePaper();
    bench.write("one\n");
    bench.send(kCut);
    bench.write("two\n");
    bench.send(kCut);
    CHECK(bench.printer.takePaper().empty());
    bench.printer.loadPaper(false);
    bench.printer.work();
    const auto paper = bench.printer.takePaper();
    REQUIRE(paper.size() == 2);
    CHECK(paper[0].text == "one\n");
    CHECK(paper[1].text == "two\n");
}

TEST_CASE("receipt printer: clearing the buffers in real time throws the waiting job away")
{
    PaperBench bench;
    bench.printer.removePaper();
    bench.write("old\n");
    bench.send("10140801031401060208");
    CHECK(bench.answers() == "372500");
    bench.printer.loadPaper(false);
    bench.write("new\n");
    bench.send(kCut);
    CHECK(bench.printer.takePaper().at(0).text == "new\n");
}

TEST_CASE("receipt printer: a jam is recovered by DLE ENQ")
{
    const bool discard = GENERATE(true, false);
    PaperBench bench;
    bench.printer.setJam(true);
    bench.write("job\n");
    bench.send(kCut);
    bench.send(discard ? "100502" : "100501");
    CHECK(bench.printer.sensors().ready());
    CHECK(bench.printer.takePaper().size() == (discard ? 0 : 1));
}

TEST_CASE("receipt printer: power off empties the buffers and leaves the paper hanging")
{
    PaperBench bench;
    bench.send(raster(20) + "1D7630000100FF00AA");
    bench.printer.powerOff();
    bench.write("after\n");
    bench.send(kCut);
    const auto paper = bench.printer.takePaper();
    REQUIRE(paper.size() == 1);
    CHECK(paper[0].text == "after\n");
    CHECK(blackRows(paper[0].picture) > 20);
}

TEST_CASE("receipt printer: an unfinished command swallows the next bytes as its data")
{
    PaperBench bench;
    bench.send("1D76300001000400AA");
    bench.write("abc");
    bench.write("d\n");
    bench.send(kCut);
    CHECK(bench.printer.takePaper().at(0).text == "d\n");
}

TEST_CASE("receipt printer: status questions are answered in the middle of a picture")
{
    PaperBench bench;
    bench.send("1D7630000100040010");
    bench.send("0404");
    CHECK(bench.answers() == "12");
}

TEST_CASE("receipt printer: a hand tears off what is not cut")
{
    PaperBench bench;
    CHECK_FALSE(bench.printer.tear());
    bench.send(raster(120));
    CHECK(bench.printer.tear());
    const auto paper = bench.printer.takePaper();
    REQUIRE(paper.size() == 1);
    CHECK(paper[0].end == TicketEnd::Torn);
}

TEST_CASE("receipt printer: it says who it is")
{
    PaperBench bench;
    bench.send("1D49421D4943");
    CHECK(bench.answers() == "5F4755494348455400"
                             "5F5649525455414C2D383000");
}

TEST_CASE("receipt printer: unknown extended commands are skipped by their length")
{
    PaperBench bench;
    bench.send("1D285A030041424344"
               "0A" +
               kCut);
    CHECK(bench.printer.takePaper().at(0).text == "D\n");
}

TEST_CASE("receipt printer: stored graphics are printed as sent")
{
    PaperBench bench;
    bench.send("1D284C0C0030703001013108000200AA55"
               "1D284C02003032" +
               kCut);
    const auto paper = bench.printer.takePaper();
    REQUIRE(paper.size() == 1);
    const auto& picture = paper[0].picture;
    const auto y = ReceiptPrinter::kKnifeDistance;
    CHECK(picture.dot(0, y));
    CHECK_FALSE(picture.dot(1, y));
    CHECK(picture.dot(1, y + 1));
}

TEST_CASE("receipt printer: a presenter keeps what is cut inside until it is told where to")
{
    const auto [command, place] = GENERATE(std::pair("1D6502", PaperPlace::Retracted),
                                           std::pair("1D6505", PaperPlace::Expelled),
                                           std::pair("1D650308", PaperPlace::HeldOut));
    PaperBench bench;
    bench.printer.fitPresenter(true);
    bench.send(raster(120) + "1D564100");
    CHECK(bench.printer.place() == PaperPlace::Inside);
    bench.send("100414");
    CHECK(bench.answers() == "100F00000000");
    bench.send(command);
    CHECK(bench.printer.place() == place);
    bench.send("100414");
    CHECK(bench.answers() == (place == PaperPlace::HeldOut ? "100F20000000" : "100F00000000"));
    bench.send("1D650308"); // what is gone is not held out
    CHECK(bench.printer.place() == place);
}

TEST_CASE("receipt printer: without a presenter paper hangs out, and nobody knows its mouth")
{
    PaperBench bench;
    bench.send(raster(120) + kCut + "1D650308" + "100414");
    CHECK(bench.printer.place() == PaperPlace::Hanging);
    CHECK(bench.answers().empty());
}

TEST_CASE("receipt printer: a stopped presenter moves nothing until it goes on")
{
    PaperBench bench;
    bench.printer.fitPresenter(true);
    bench.send(raster(120) + "1D564100");
    bench.printer.setCover(true);
    bench.send("1D650308");
    bench.send("100414");
    CHECK(bench.answers() == "100F00030000");
    CHECK(bench.printer.place() == PaperPlace::Inside);
    bench.printer.setCover(false);
    bench.printer.work();
    CHECK(bench.printer.place() == PaperPlace::HeldOut);
}
