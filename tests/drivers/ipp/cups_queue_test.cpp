// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/ipp/cups_queue.h"

#include <fstream>

#include <catch2/catch.hpp>

#include "drivers/ipp/http_link.h"
#include "drivers/ipp/ipp_printer.h"

using namespace guichet;
using namespace guichet::ipp;
using namespace std::chrono_literals;

namespace {

/// A terminal, a queue of its own, and the printer behind it.
struct Branch {
    test::EvePrinter eve;
    test::CupsQueue queue{eve.uri()};
    test::TemporaryFolder folder;
    SystemClock clock;
    IppPrinter printer{queue.uri(), std::move(*HttpLink::open(queue.uri(), clock)), clock,
                       IppPace{.poll = 50ms}};
    DocumentProgress progress;

    DocumentReport print(const std::string& id, std::chrono::milliseconds repairLimit = 60s)
    {
        const auto file = folder.path() / "statement.pdf";
        std::ofstream(file) << test::blankPdf();
        return printer.print({.id = id, .file = file, .repairLimit = repairLimit}, progress, {});
    }
};

} // namespace

TEST_CASE("ipp queue: the same driver prints through a spooler, once")
{
    Branch branch;
    const auto status = branch.printer.status();
    REQUIRE(status);
    CHECK(status->spooler);
    branch.progress.sent = [&] { branch.eve.order("end 0"); };
    const auto report = branch.print("statement-1");
    CHECK(report.outcome == DocumentOutcome::Printed);
    CHECK(branch.eve.printed().size() == 1);
    CHECK(branch.print("statement-1").outcome == DocumentOutcome::Printed);
    CHECK(branch.eve.printed().size() == 1);
}

TEST_CASE("ipp queue: what stopped the last job does not stand in the way of the next")
{
    Branch branch;
    int stops = 0;
    branch.progress.sent = [&] { branch.eve.order("STATE: +media-empty"); };
    branch.progress.stopped = [&](const DocumentPrinterStatus& status) {
        stops += status.blocking() != nullptr ? 1 : 0;
    };
    const auto lost = branch.print("statement-1", 1ms);
    CHECK(stops == 1);
    CHECK(lost.outcome == DocumentOutcome::Ended);
    REQUIRE(lost.error);
    CHECK(lost.error->remedy == Remedy::ReloadPaper);

    branch.eve.order("STATE: -media-empty");
    branch.eve.order("end 0"); // of the cancelled job
    branch.progress = {};
    branch.progress.sent = [&] { branch.eve.order("end 0"); };
    CHECK(branch.print("statement-2").outcome == DocumentOutcome::Printed);
}
