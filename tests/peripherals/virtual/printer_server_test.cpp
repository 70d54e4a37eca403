// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/printer_server.h"

#include <algorithm>
#include <atomic>
#include <filesystem>

#include <catch2/catch.hpp>
#include <unistd.h>

#include "wire.h"

using namespace guichet;
using namespace guichet::virtualdevices;
using namespace std::chrono_literals;
using guichet::test::Wire;

namespace {

struct ConnectedBench {
    std::unique_ptr<PrinterServer> printer =
        std::move(*PrinterServer::start({{"127.0.0.1", 0}, {}}, std::make_unique<BoxGlyphs>()));
    Wire connect() { return Wire::to(printer->port()); }
};

const std::string kTicket = "1B40413031320A1D564200"; ///< A012, cut
const std::string kDone = "1D7231"; ///< answered with 00 when all before it is printed

struct Folder {
    std::filesystem::path path;
    Folder()
    {
        std::string name = (std::filesystem::temp_directory_path() / "guichet-XXXXXX").string();
        path = mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
};

} // namespace

TEST_CASE("printer server: a ticket is printed and kept as a file")
{
    const Folder folder;
    auto printer = PrinterServer::start({{"127.0.0.1", 0}, folder.path / "tickets"},
                                        std::make_unique<BoxGlyphs>());
    REQUIRE(printer);
    auto wire = Wire::to((*printer)->port());
    REQUIRE(wire.send(kTicket + kDone));
    CHECK(wire.readHex(1) == "00");
    const auto tickets = (*printer)->tickets();
    REQUIRE(tickets.size() == 1);
    CHECK(tickets[0].text == "A012\n");
    CHECK_FALSE(tickets[0].taken);
    CHECK(toHex(ByteView(*tickets[0].png).first(4)) == "89504E47");
    CHECK(std::filesystem::file_size(folder.path / "tickets" / "001.png") ==
          tickets[0].png->size());
}

TEST_CASE("printer server: the link is cut exactly after byte k")
{
    const auto job = *fromHex(kTicket + kDone);
    const auto whole = kTicket.size() / 2;
    for (std::size_t k = 1; k <= job.size(); ++k) {
        INFO("byte " << k);
        ConnectedBench bench;
        bench.printer->cutAfter(k);
        auto wire = bench.connect();
        (void)wire.send(job); // may break while it sends
        CHECK(wire.ends());
        CHECK(test::eventually([&] { return !bench.printer->state().connected; }));
        const auto state = bench.printer->state();
        CHECK(state.received == k);
        CHECK_FALSE(state.cutAfter);
        CHECK(state.tickets == (k >= whole ? 1 : 0));
    }
}

TEST_CASE("printer server: a cut now breaks the connection that is open")
{
    ConnectedBench bench;
    auto wire = bench.connect();
    REQUIRE(wire.send("100401"));
    CHECK(wire.readHex(1) == "12");
    bench.printer->cutAfter(0);
    CHECK(wire.ends());
}

TEST_CASE("printer server: after a refill the rest of the job is printed")
{
    ConnectedBench bench;
    bench.printer->loadPaper(false, 10);
    auto wire = bench.connect();
    REQUIRE(wire.send(kTicket + kDone));
    CHECK(test::eventually([&] { return bench.printer->state().sensors.paperOut; }));
    REQUIRE(wire.send("100404"));
    CHECK(wire.readHex(1) == "7E");
    CHECK(bench.printer->state().tickets == 0);
    bench.printer->loadPaper(false);
    CHECK(wire.readHex(1) == "00");
    const auto tickets = bench.printer->tickets();
    REQUIRE(tickets.size() == 2);
    CHECK(tickets[0].end == TicketEnd::PaperEnd);
    CHECK(tickets[1].end == TicketEnd::PartialCut);
}

TEST_CASE("printer server: a second connection waits for the first to end")
{
    ConnectedBench bench;
    auto first = std::make_unique<Wire>(bench.connect());
    REQUIRE(first->send("100401"));
    CHECK(first->readHex(1) == "12");
    auto second = bench.connect();
    REQUIRE(second.send("100401"));
    CHECK(second.silentFor(50ms));
    first.reset();
    CHECK(second.readHex(1) == "12");
}

TEST_CASE("printer server: without power connections are refused")
{
    ConnectedBench bench;
    auto wire = bench.connect();
    REQUIRE(wire.send("100401"));
    CHECK(wire.readHex(1) == "12");
    REQUIRE(bench.printer->setPower(false));
    CHECK(wire.ends());
    CHECK_FALSE(connectTo({"127.0.0.1", bench.printer->port()}, test::kDeadline));
    REQUIRE(bench.printer->setPower(true));
    auto again = bench.connect();
    REQUIRE(again.send("100401"));
    CHECK(again.readHex(1) == "12");
}

TEST_CASE("printer server: a slow printer answers status questions while it prints")
{
    ConnectedBench bench;
    bench.printer->setSpeed(100);
    auto wire = bench.connect();
    const auto start = std::chrono::steady_clock::now();
    REQUIRE(wire.send(kTicket + kDone + "100401"));
    CHECK(wire.readHex(1) == "12");
    CHECK(bench.printer->state().tickets == 0);
    CHECK(wire.readHex(1) == "00");
    CHECK(std::chrono::steady_clock::now() - start >= 30ms);
    CHECK(bench.printer->state().tickets == 1);
}

TEST_CASE("printer server: automatic status reaches an idle connection")
{
    ConnectedBench bench;
    auto wire = bench.connect();
    REQUIRE(wire.send("1D61FF"));
    CHECK(wire.readHex(4) == "10000000");
    bench.printer->setCover(true);
    CHECK(wire.readHex(4) == "38000000");
}

TEST_CASE("printer server: a customer takes what hangs out once")
{
    ConnectedBench bench;
    auto wire = bench.connect();
    REQUIRE(wire.send(kTicket + kTicket + kDone));
    CHECK(wire.readHex(1) == "00");
    CHECK(bench.printer->state().hanging == 2);
    CHECK(bench.printer->take() == 2);
    CHECK(bench.printer->take() == 0);
}

TEST_CASE("printer server: only what is held out can be taken, and the next paper pushes it out")
{
    const std::string held = "1B40413031320A1D564100 1D650308";
    ConnectedBench bench;
    bench.printer->fitPresenter(true);
    auto wire = bench.connect();
    const auto run = [&wire](std::string hex) {
        hex.erase(std::remove(hex.begin(), hex.end(), ' '), hex.end());
        REQUIRE(wire.send(hex + kDone));
        CHECK(wire.readHex(1) == "00");
    };
    run("1B40413031320A1D564100");
    CHECK(bench.printer->state().hanging == 0);
    CHECK(bench.printer->take() == 0);
    run("1D650308");
    CHECK(bench.printer->state().heldOut);
    CHECK(bench.printer->state().hanging == 1);
    run(held);
    CHECK(bench.printer->tickets().at(0).place == PaperPlace::Expelled);
    CHECK(bench.printer->take() == 2);
    CHECK_FALSE(bench.printer->state().heldOut);
    run(held + "1D6502");
    CHECK(bench.printer->take() == 0);
    CHECK(bench.printer->tickets().back().place == PaperPlace::Retracted);
}
