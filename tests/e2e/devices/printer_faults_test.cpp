// SPDX-License-Identifier: Apache-2.0
// A ticket on paper exactly once, whatever happens to cable, printer and programs.
#include <QTest>

#include <catch2/catch.hpp>

#include "tests/e2e/devices/patience.h"
#include "tests/e2e/support/terminal.h"

using namespace guichet;
using namespace guichet::test;

namespace {

std::size_t received(Terminal& terminal)
{
    return terminal.world().state().at("printer").at("receivedBytes").get<std::size_t>();
}

struct Whole {
    std::size_t bytes; ///< of its job
    int height;        ///< of its paper
};

/// One good ticket to measure by.
Whole printWhole(Terminal& terminal)
{
    const auto before = received(terminal);
    REQUIRE(terminal.print("reference", 1).printed);
    const auto papers = terminal.world().papers();
    REQUIRE(papers.size() == 1);
    return {received(terminal) - before, papers[0].at("height").get<int>()};
}

/// Pieces since `first` that a customer would take for a ticket.
int wholePapers(Terminal& terminal, std::size_t first, const Whole& whole)
{
    int count = 0;
    const auto papers = terminal.world().papers();
    for (std::size_t i = first; i < papers.size(); ++i) {
        count += papers[i].at("height").get<int>() >= whole.height ? 1 : 0;
    }
    return count;
}

void reaches(Terminal& terminal, const std::string& ticketId, const std::string& state)
{
    std::string last;
    const bool reached = QTest::qWaitFor(
        [&] { return (last = terminal.attempt(ticketId, 1)) == state; }, kPatienceMs);
    INFO("attempt is " << last << ", not " << state);
    REQUIRE(reached);
}

void slow(Terminal& terminal, std::size_t bytesPerSecond)
{
    terminal.world().play("/printer/slow", {{"bytesPerSecond", bytesPerSecond}});
}

/// All bytes of index 1 have left, and the printer takes its time.
void sendSlowly(Terminal& terminal, const std::string& ticketId)
{
    slow(terminal, printWhole(terminal).bytes / 10);
    terminal.beginPrint(ticketId, 1);
    reaches(terminal, ticketId, "sent");
}

void restart(Terminal& terminal)
{
    const auto losses = terminal.losses();
    terminal.world().killDevices();
    slow(terminal, 0);
    terminal.world().startDevices();
    terminal.waitUntilBack(losses);
}

} // namespace

TEST_CASE("printer faults: cut at any byte, the customer has one whole ticket or knows of a second",
          "[e2e]")
{
    Terminal terminal;
    const auto whole = printWhole(terminal);
    constexpr std::size_t kSamples = 12;
    for (std::size_t sample = 0; sample <= kSamples; ++sample) {
        const auto cut = 1 + sample * (whole.bytes - 1) / kSamples;
        const auto ticket = "cut-" + std::to_string(cut);
        INFO("cut after byte " << cut << " of " << whole.bytes);
        const auto before = terminal.world().papers().size();
        terminal.world().play("/printer/cut-after", {{"bytes", cut}});
        const auto first = terminal.print(ticket, 1);
        terminal.world().play("/printer/cut-after", {{"never", true}});
        if (first.printed) {
            CHECK(wholePapers(terminal, before, whole) == 1);
            continue;
        }
        terminal.waitUntilReady();
        const std::int64_t next = first.unknown || first.spent ? 2 : 1;
        CHECK(terminal.print(ticket, next).printed);
        // The torn piece of the first is cut off by now. Paper that came is never denied.
        const auto papers = wholePapers(terminal, before, whole);
        CHECK(papers >= 1);
        CHECK(papers <= (first.unknown ? 2 : 1));
        if (next > 1) {
            CHECK_FALSE(terminal.print(ticket, 1).printed); // the lower one is spent for ever
        }
        CHECK(terminal.print(ticket, next).printed); // and the same one succeeds, on no paper
        CHECK(wholePapers(terminal, before, whole) == papers);
    }
}

TEST_CASE("printer faults: devices killed before the first byte print the same index later",
          "[e2e]")
{
    Terminal terminal;
    const auto whole = printWhole(terminal);
    terminal.world().freezeDevices(true); // the printer does not even say how it is
    terminal.beginPrint("early", 1);
    reaches(terminal, "early", "rendered");
    const auto losses = terminal.losses();
    terminal.world().killDevices();
    terminal.world().freezeDevices(false);
    terminal.world().startDevices();
    terminal.waitUntilBack(losses);
    CHECK(terminal.attempt("early", 1) == "refused");
    CHECK(terminal.print("early", 1).printed);
    CHECK(wholePapers(terminal, 1, whole) == 1);
}

TEST_CASE("printer faults: devices killed after the last byte and before the proof", "[e2e]")
{
    Terminal terminal;
    sendSlowly(terminal, "sent");
    restart(terminal);
    CHECK(terminal.attempt("sent", 1) == "unknown");
    CHECK_FALSE(terminal.print("sent", 1).printed);
    CHECK(terminal.print("sent", 2).printed);
}

TEST_CASE("printer faults: devices killed after the proof print no second ticket", "[e2e]")
{
    Terminal terminal;
    printWhole(terminal);
    restart(terminal);
    CHECK(terminal.attempt("reference", 1) == "printed");
    CHECK(terminal.print("reference", 1).printed);
    CHECK(terminal.world().printedTickets() == 1);
}

TEST_CASE("printer faults: a helper that dies in mid-job costs that paper only", "[e2e]")
{
    Terminal terminal;
    sendSlowly(terminal, "helper");
    const auto losses = terminal.losses();
    terminal.world().killHelper(QStringLiteral("receiptprinter"));
    const auto first = terminal.endOfPrint();
    CHECK_FALSE(first.printed);
    CHECK(first.unknown);
    slow(terminal, 0);
    terminal.waitUntilBack(losses);
    CHECK(terminal.print("helper", 2).printed);
    CHECK(terminal.print("another", 1).printed);
}
