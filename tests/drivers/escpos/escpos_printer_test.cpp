// SPDX-License-Identifier: Apache-2.0
#include "drivers/escpos/escpos_printer.h"

#include <limits>

#include <catch2/catch.hpp>

#include "tests/drivers/support/fake_printer_channel.h"
#include "tests/drivers/support/hex_text.h"

using namespace guichet;
using namespace std::chrono_literals;
using test::bytes;

namespace {

/// A printer with our driver in front of it, and what the driver told on the way.
struct Bench {
    ManualClock clock{Instant{}};
    test::FakePrinter device;
    escpos::PrinterProfile profile = {};
    escpos::EscposPrinter printer{[this] { return open(); }, clock, profile};
    bool refuseConnections = false;
    int begun = 0, accepted = 0, printed = 0, stops = 0;
    std::size_t announced = 0;
    int rows = 240;
    bool remains = false;

    Result<std::unique_ptr<Channel>> open()
    {
        if (refuseConnections) {
            return fail(Errc::Disconnected, "refused", Remedy::ReconnectCable);
        }
        return std::make_unique<test::FakePrinterChannel>(device, clock);
    }

    PrintReport print(std::stop_token stop = {}, const std::function<void()>& atBegin = {})
    {
        Bitmap picture(576, rows);
        picture.fill(10, 10, 300, 100);
        PrintProgress progress;
        progress.beforeFirstByte = [this, &atBegin](std::size_t bytes) -> Result<void> {
            ++begun;
            announced = bytes;
            if (atBegin) {
                atBegin();
            }
            return {};
        };
        progress.allAccepted = [this] { ++accepted; };
        progress.printed = [this] { ++printed; };
        progress.stopped = [this](const PrinterStatus&) { ++stops; };
        return printer.print({.id = "job", .content = std::move(picture), .remains = remains},
                             progress, stop);
    }
};

} // namespace

TEST_CASE("escpos: a job is printed, cut once and proven by its own number", "[drivers][escpos]")
{
    Bench bench;
    const auto report = bench.print();
    CHECK(report.outcome == PrintOutcome::Printed);
    CHECK(report.proof == PrintProof::ProcessId);
    CHECK(report.bytesSent == report.bytesTotal);
    CHECK(bench.announced == report.bytesTotal);
    CHECK(bench.begun == 1);
    CHECK(bench.accepted == 1);
    CHECK(bench.printed == 1);
    CHECK(bench.device.cuts == 1);
    CHECK(bench.device.pictures == 3);
}

TEST_CASE("escpos: many jobs share one connection, and no answer is taken for the next",
          "[drivers][escpos]")
{
    Bench bench;
    for (int job = 1; job <= 20; ++job) {
        CHECK(bench.print().outcome == PrintOutcome::Printed);
        CHECK(bench.device.cuts == job);
    }
    CHECK(bench.device.connections == 1);
}

TEST_CASE("escpos: a clone without process ids proves a job by its answer in order",
          "[drivers][escpos]")
{
    Bench bench;
    bench.device.knowsProcessId = false;
    bench.device.automaticStatus = GENERATE(true, false);
    const auto report = bench.print();
    CHECK(report.outcome == PrintOutcome::Printed);
    CHECK(report.proof == PrintProof::InOrderReply);
}

TEST_CASE("escpos: what one printer could is not asked of the next one", "[drivers][escpos]")
{
    Bench bench;
    REQUIRE(bench.print().proof == PrintProof::ProcessId);
    bench.device.connected = false; // and a clone is plugged in
    bench.device.knowsProcessId = false;
    const auto report = bench.print();
    CHECK(report.outcome == PrintOutcome::Printed);
    CHECK(report.proof == PrintProof::InOrderReply);
}

TEST_CASE("escpos: a printer that proves nothing leaves the outcome unknown", "[drivers][escpos]")
{
    Bench bench;
    bench.device.knowsProcessId = false;
    bench.device.knowsInOrderQuestion = false;
    const auto report = bench.print();
    CHECK(report.outcome == PrintOutcome::Unknown);
    CHECK(report.bytesSent == report.bytesTotal);
    CHECK(report.error->code == Errc::Timeout);
    CHECK(bench.printed == 0);
    CHECK(bench.device.cleared == 0); // it may just have printed all of it
}

TEST_CASE("escpos: a slow printer that answers is waited for", "[drivers][escpos]")
{
    Bench bench;
    REQUIRE(bench.printer.status());
    bench.device.allowance = escpos::kResynchronisationZeros + 100;
    const auto begun = bench.clock.ticks();
    bench.device.whileWaiting = [&](test::FakePrinter& device) {
        if (bench.clock.ticks() - begun > 38s) {
            device.allowance = std::numeric_limits<std::size_t>::max();
        }
    };
    const auto report = bench.print();
    CHECK(report.outcome == PrintOutcome::Printed);
    CHECK(bench.clock.ticks() - begun > 38s);
    CHECK(bench.device.cleared == 0);
    CHECK(bench.device.cuts == 1);
}

TEST_CASE("escpos: a printer that neither answers nor proves is given up soon", "[drivers][escpos]")
{
    Bench bench;
    bench.device.allowance = escpos::kResynchronisationZeros + 100;
    const auto begun = bench.clock.ticks();
    const auto report = bench.print({}, [&bench] { bench.device.answersStatus = false; });
    CHECK(report.outcome == PrintOutcome::Unknown);
    CHECK(report.error->code == Errc::Timeout);
    CHECK(bench.clock.ticks() - begun < 10s);
    CHECK(bench.device.cleared == 0);
}

TEST_CASE("escpos: a printer that is not ready refuses before the first byte", "[drivers][escpos]")
{
    Bench bench;
    Remedy remedy{};
    SECTION("no paper")
    {
        bench.device.paperOut = true;
        remedy = Remedy::ReloadPaper;
    }
    SECTION("cover open")
    {
        bench.device.coverOpen = true;
        remedy = Remedy::CloseCover;
    }
    SECTION("silent")
    {
        bench.device.answersStatus = false;
        remedy = Remedy::ReconnectCable;
    }
    SECTION("not there")
    {
        bench.refuseConnections = true;
        remedy = Remedy::ReconnectCable;
    }
    const auto report = bench.print();
    CHECK(report.outcome == PrintOutcome::Refused);
    CHECK(report.bytesSent == 0);
    REQUIRE(report.error);
    CHECK(report.error->remedy == remedy);
    CHECK(bench.begun == 0);
    CHECK(bench.device.pictures == 0);
}

TEST_CASE("escpos: a picture wider than the head is refused", "[drivers][escpos]")
{
    Bench bench;
    const auto report = bench.printer.print({.id = "wide", .content = Bitmap(584, 8)}, {}, {});
    CHECK(report.outcome == PrintOutcome::Refused);
    CHECK(report.error->code == Errc::Invalid);
    CHECK(bench.device.accepted == 0);
}

TEST_CASE("escpos: an attempt that cannot be made durable is refused", "[drivers][escpos]")
{
    Bench bench;
    PrintProgress progress;
    progress.beforeFirstByte = [](std::size_t) -> Result<void> {
        return fail(Errc::Internal, "journal: disk full");
    };
    const auto report = bench.printer.print({.id = "job", .content = Bitmap(576, 8)}, progress, {});
    CHECK(report.outcome == PrintOutcome::Refused);
    CHECK(bench.device.pictures == 0);
}

TEST_CASE("escpos: cut at every byte, a job is refused, unknown or printed, never twice",
          "[drivers][escpos]")
{
    Bench whole;
    whole.rows = 8;
    REQUIRE(whole.print().outcome == PrintOutcome::Printed);
    const auto total = whole.device.accepted;
    const auto jobStarts = total - whole.announced;
    int refused = 0, unknown = 0;
    for (std::size_t cut = 0; cut < total; cut += cut + 1000 < jobStarts ? 499 : 1) {
        Bench bench;
        bench.rows = whole.rows;
        bench.device.cutAfter = cut;
        const auto report = bench.print();
        INFO("cut after " << cut);
        if (cut <= jobStarts) {
            REQUIRE(report.outcome == PrintOutcome::Refused);
            REQUIRE(report.bytesSent == 0);
            ++refused;
        } else {
            REQUIRE(report.outcome ==
                    (bench.device.cuts == 1 && report.proof == PrintProof::ProcessId
                         ? PrintOutcome::Printed
                         : PrintOutcome::Unknown));
            REQUIRE(report.bytesSent == cut - jobStarts);
            unknown += report.outcome == PrintOutcome::Unknown ? 1 : 0;
        }
        REQUIRE(bench.device.cuts <= 1);
    }
    CHECK(refused > 0);
    CHECK(unknown > 500);
}

TEST_CASE("escpos: after a cut the next job starts from a known state on a piece of its own",
          "[drivers][escpos]")
{
    const auto cut = GENERATE(std::size_t{9000}, std::size_t{12000}, std::size_t{20000});
    Bench bench;
    bench.device.cutAfter = cut;
    REQUIRE(bench.print().outcome == PrintOutcome::Unknown);
    bench.device.cutAfter = static_cast<std::size_t>(-1);
    const auto picturesOfFirst = bench.device.pictures;
    REQUIRE(bench.print().outcome == PrintOutcome::Printed);
    CHECK(bench.device.cuts == 2); // behind what the first left, and behind the second
    CHECK(bench.device.pictures >= picturesOfFirst + 3);
    CHECK(bench.device.connections == 2);
    REQUIRE(bench.print().outcome == PrintOutcome::Printed);
    CHECK(bench.device.cuts == 3);
}

TEST_CASE("escpos: what an earlier process left in the printer is cut off once",
          "[drivers][escpos]")
{
    Bench bench;
    bench.remains = true;
    REQUIRE(bench.print().outcome == PrintOutcome::Printed);
    CHECK(bench.device.cuts == 2);
    bench.remains = false;
    REQUIRE(bench.print().outcome == PrintOutcome::Printed);
    CHECK(bench.device.cuts == 3);
}

TEST_CASE("escpos: paper that ends in the middle and is refilled ends in one printed job",
          "[drivers][escpos]")
{
    Bench bench;
    bench.device.automaticStatus = GENERATE(true, false);
    bench.device.paperEndsAt = escpos::kResynchronisationZeros + 7000;
    int waits = 0;
    bench.device.whileWaiting = [&waits](test::FakePrinter& device) {
        if (device.paperOut && ++waits == 40) {
            device.repair();
        }
    };
    const auto report = bench.print();
    CHECK(report.outcome == PrintOutcome::Printed);
    CHECK(report.bytesSent == report.bytesTotal);
    CHECK(bench.device.cuts == 1);
    CHECK(bench.device.pictures == 3);
    CHECK(bench.stops >= 1);
}

TEST_CASE("escpos: a stop that lasts too long is given up, and the rest thrown away",
          "[drivers][escpos]")
{
    Bench bench;
    bench.device.knowsClear = GENERATE(true, false);
    bench.device.paperEndsAt = escpos::kResynchronisationZeros + 7000;
    const auto report = bench.print();
    CHECK(report.outcome == PrintOutcome::Unknown);
    CHECK(report.error->remedy == Remedy::ReloadPaper);
    CHECK(report.restDiscarded == bench.device.knowsClear);
    CHECK(bench.device.cleared == 1);
    CHECK(bench.clock.ticks() - ManualClock(Instant{}).ticks() < 70s);
}

TEST_CASE("escpos: short stops are added up, and given up together", "[drivers][escpos]")
{
    Bench bench;
    bench.device.allowance = escpos::kResynchronisationZeros + 100;
    auto since = bench.clock.ticks();
    bench.device.whileWaiting = [&](test::FakePrinter& device) {
        if (bench.clock.ticks() - since > 20s) { // stands 20 s, is ready for a moment, stands again
            since = bench.clock.ticks();
            device.repair();
            device.coverOpen = true;
            device.reportStatus();
        }
    };
    const auto begun = bench.clock.ticks();
    const auto report = bench.print({}, [&bench] {
        bench.device.coverOpen = true;
        bench.device.reportStatus();
    });
    CHECK(report.outcome == PrintOutcome::Unknown);
    CHECK(report.error->remedy == Remedy::CloseCover);
    CHECK(bench.stops >= 5); // three stops, and two ends of a stop
    CHECK(bench.clock.ticks() - begun < 70s);
}

TEST_CASE("escpos: a cover opened while the printer's buffer is full is waited for",
          "[drivers][escpos]")
{
    Bench bench;
    bench.device.bufferBytes = 8200;
    bench.device.paperEndsAt = escpos::kResynchronisationZeros + 7000;
    int waits = 0;
    bench.device.whileWaiting = [&waits](test::FakePrinter& device) {
        if (device.paperOut && ++waits == 100) {
            device.repair();
        }
    };
    const auto report = bench.print();
    CHECK(report.outcome == PrintOutcome::Printed);
    CHECK(bench.device.cuts == 1);
}

TEST_CASE("escpos: a stopped job is refused before and unknown after its first byte",
          "[drivers][escpos]")
{
    Bench bench;
    std::stop_source stop;
    SECTION("before")
    {
        stop.request_stop();
        const auto report = bench.print(stop.get_token());
        CHECK(report.outcome == PrintOutcome::Refused);
        CHECK(report.error->code == Errc::Cancelled);
    }
    SECTION("after")
    {
        bench.device.paperEndsAt = escpos::kResynchronisationZeros + 7000;
        bench.device.whileWaiting = [&stop](test::FakePrinter& device) {
            if (device.paperOut) {
                stop.request_stop();
            }
        };
        const auto report = bench.print(stop.get_token());
        CHECK(report.outcome == PrintOutcome::Unknown);
        CHECK(report.error->code == Errc::Cancelled);
    }
}

TEST_CASE("escpos: a stop while the job is prepared lets no byte out", "[drivers][escpos]")
{
    Bench bench;
    std::stop_source stop;
    SECTION("while the printer is asked")
    {
        bench.device.automaticStatus = false;
        bench.device.whileWaiting = [&stop](test::FakePrinter&) { stop.request_stop(); };
        CHECK(bench.print(stop.get_token()).error->code == Errc::Cancelled);
        CHECK(bench.begun == 0);
    }
    SECTION("while the attempt is made durable")
    {
        const auto report = bench.print(stop.get_token(), [&stop] { stop.request_stop(); });
        CHECK(report.outcome == PrintOutcome::Refused);
        CHECK(report.error->code == Errc::Cancelled);
    }
    CHECK(bench.device.pictures == 0);
}

TEST_CASE("escpos: a printer that hung up while idle is found again", "[drivers][escpos]")
{
    Bench bench;
    REQUIRE(bench.printer.status());
    bench.device.connected = false;
    const auto status = bench.printer.status();
    REQUIRE(status);
    CHECK(status->ready());
    CHECK(bench.device.connections == 2);
}

TEST_CASE("escpos: a printer that wants other commands gets them", "[drivers][escpos]")
{
    Bench bench{.profile = {.raster = escpos::RasterCommand::GsL, .stripRows = 24}};
    CHECK(bench.print().proof == PrintProof::ProcessId);
    CHECK(bench.device.pictures == 10);
    CHECK(bench.device.cuts == 1);
}

TEST_CASE("escpos: a printer without a knife feeds to its tear bar", "[drivers][escpos]")
{
    Bench bench{.profile = *escpos::profileNamed("generic-58")};
    bench.device.knowsProcessId = false;
    const auto report = bench.printer.print({.id = "job", .content = Bitmap(384, 8)}, {}, {});
    CHECK(report.outcome == PrintOutcome::Printed);
    CHECK(bench.device.cuts == 0);
}

TEST_CASE("escpos: a page of status that the model does not know is not asked for",
          "[drivers][escpos]")
{
    Bench bench{.profile = {.automaticStatus = false,
                            .statusPages = {escpos::StatusPage::Printer},
                            .nearEndSensor = false}};
    bench.device.automaticStatus = true; // and would say so if asked
    CHECK(bench.printer.status());
    CHECK(bench.device.accepted == 3);
    CHECK(bench.print().outcome == PrintOutcome::Printed);
}

TEST_CASE("escpos: raw bytes that ask themselves are not taken for printed before they are",
          "[drivers][escpos]")
{
    Bench bench{.profile = {.askForProcessId = false}};
    bench.device.knowsProcessId = false;
    const auto raw = bytes("1D7201 1D7201 41");
    PrintJob job{.id = "raw", .content = raw, .cut = CutKind::None};
    SECTION("all of it is printed")
    {
        CHECK(bench.printer.print(job, {}, {}).proof == PrintProof::InOrderReply);
    }
    SECTION("the paper ends behind its second question")
    {
        bench.device.paperEndsAt = escpos::kResynchronisationZeros + 5 + 5 + 6;
        job.repairLimit = 5s;
        const auto report = bench.printer.print(job, {}, {});
        CHECK(report.outcome == PrintOutcome::Unknown);
        CHECK(report.proof == PrintProof::None);
    }
    SECTION("it may draw any number of answers")
    {
        job.content = bytes("1D5E010100 41");
        CHECK(bench.printer.print(job, {}, {}).outcome == PrintOutcome::Unknown);
    }
}

TEST_CASE("escpos: a presenter holds out what it cut, before the job is proven",
          "[drivers][escpos]")
{
    Bench bench{.profile = *escpos::profileNamed("custom-presenter")};
    bench.device.knowsProcessId = false;
    CHECK(bench.print().proof == PrintProof::InOrderReply);
    CHECK(bench.device.moves == std::vector<unsigned>{3});
    CHECK(bench.printer.status()->paperAtOutlet == true);
    bench.device.paperAtMouth = false;
    CHECK(bench.printer.status()->paperAtOutlet == false);
}

TEST_CASE("escpos: paper that is taken while the next one is printed is no stop",
          "[drivers][escpos]")
{
    Bench bench{.profile = *escpos::profileNamed("custom-presenter")};
    bench.device.knowsProcessId = false;
    bench.device.paperAtMouth = true;
    bench.device.allowance = escpos::kResynchronisationZeros + 100;
    const auto begun = bench.clock.ticks();
    bench.device.whileWaiting = [&](test::FakePrinter& device) {
        device.paperAtMouth = false;
        if (bench.clock.ticks() - begun > 8s) {
            device.allowance = std::numeric_limits<std::size_t>::max();
        }
    };
    CHECK(bench.print().outcome == PrintOutcome::Printed);
    CHECK(bench.stops == 0);
}

TEST_CASE("escpos: a presenter takes back and pushes out when it is told to", "[drivers][escpos]")
{
    const auto [how, command] =
        GENERATE(std::pair(PaperMove::Retract, 2U), std::pair(PaperMove::Expel, 5U),
                 std::pair(PaperMove::Present, 3U));
    Bench bench{.profile = *escpos::profileNamed("custom-presenter")};
    CHECK(bench.printer.move(how));
    CHECK(bench.device.moves == std::vector{command});
    bench.device.knowsInOrderQuestion = false;
    CHECK(bench.printer.move(how).error().code == Errc::Timeout);
    bench.device.coverOpen = true;
    CHECK(bench.printer.move(how).error().remedy == Remedy::CloseCover);
    CHECK(bench.device.moves.size() == 2);
}

TEST_CASE("escpos: a printer without a presenter moves nothing, and says nothing of its mouth",
          "[drivers][escpos]")
{
    Bench bench;
    CHECK(bench.printer.move(PaperMove::Retract).error().code == Errc::Unsupported);
    CHECK_FALSE(bench.printer.status()->paperAtOutlet);
    CHECK(bench.device.moves.empty());
}
