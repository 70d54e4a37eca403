// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <filesystem>
#include <thread>

#include <catch2/catch.hpp>

#include "peripherals/base/random.h"
#include "peripherals/host/printer_service.h"
#include "peripherals/xfs/ticket_form.h"
#include "tests/peripherals/host/fake_job.h"
#include "tests/peripherals/host/waiting.h"

using namespace guichet;
using namespace guichet::host;
using nlohmann::json;
using xfs::CompletionCode;

namespace {

struct PrinterDesk {
    PrinterDesk()
        : folder(std::filesystem::temp_directory_path() / ("guichet-" + randomUuid()))
    {
        std::filesystem::create_directories(folder);
        auto opened = PrintJournal::open(folder / "journal", clock);
        REQUIRE(opened);
        journal = std::move(*opened);
        REQUIRE(helper.ups.take());
    }
    ~PrinterDesk() { std::filesystem::remove_all(folder); }

    /// `how` is what the fake printer does.
    xfs::Completion print(const std::string& how, std::int64_t index = 1)
    {
        return perform(ticket(how, index));
    }
    static json ticket(const std::string& how, std::int64_t index = 1)
    {
        xfs::TicketForm form;
        form.ticketId = "ticket-1";
        form.printIndex = index;
        form.number = how;
        return {{"formName", "ticket"}, {"fields", xfs::ticketFields(form)}};
    }
    xfs::Completion perform(json payload)
    {
        start(std::move(payload));
        return ends.take();
    }
    std::shared_ptr<test::FakeJob> start(json payload)
    {
        xfs::Command command{"Printer.PrintForm", "3.0", 1, {}, std::move(payload)};
        auto job = std::make_shared<test::FakeJob>(std::move(command), ends);
        performPrinterCommand(helper.process, *journal, PrinterTraits{}, job);
        return job;
    }
    void waitUntil(PrintState wanted) const
    {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (state() != wanted) {
            if (std::chrono::steady_clock::now() > end) {
                FAIL("never " << name(wanted));
            }
            std::this_thread::yield();
        }
    }
    PrintState state(std::int64_t index = 1) const
    {
        const auto attempt = journal->find("ticket-1", index);
        REQUIRE(attempt);
        return attempt->state;
    }

    SystemClock clock;
    std::filesystem::path folder;
    std::unique_ptr<PrintJournal> journal;
    test::Inbox<xfs::Completion> ends;
    test::FakeHelper helper; ///< last: it ends before the journal does
};

} // namespace

TEST_CASE("printing: a ticket that is printed succeeds again without printing", "[host]")
{
    PrinterDesk desk;
    CHECK(desk.print("printed").ok());
    CHECK(desk.state() == PrintState::Printed);
    CHECK(desk.print("crash").ok()); // would fail if the printer were asked
    CHECK(desk.helper.process.counters().crashes == 0);
}

TEST_CASE("printing: a refused ticket may be printed later", "[host]")
{
    PrinterDesk desk;
    const auto refused = desk.print("refused");
    CHECK(refused.errorCode() == "paperOut");
    CHECK(refused.error().remedy == Remedy::ReloadPaper);
    CHECK(desk.state() == PrintState::Refused);
    CHECK(desk.print("printed").ok());
}

TEST_CASE("printing: an unknown ticket is refused until the next index", "[host]")
{
    PrinterDesk desk;
    CHECK_FALSE(desk.print("unknown").ok());
    CHECK(desk.state() == PrintState::Unknown);
    const auto again = desk.print("printed");
    CHECK(again.errorCode() == "sequenceInvalid");
    CHECK(again.errorDescription.rfind("unknown", 0) == 0);
    CHECK(desk.print("printed", 2).ok());
    CHECK(desk.state(1) == PrintState::Voided);
    CHECK(desk.state(2) == PrintState::Printed);
}

TEST_CASE("printing: a ticket that was stopped before its first byte is not printed after all",
          "[host]")
{
    PrinterDesk desk;
    const auto job = desk.start(PrinterDesk::ticket("stoppedLate"));
    desk.waitUntil(PrintState::Rendered);
    job->cancel();
    CHECK(desk.ends.take().code == CompletionCode::Canceled);
    CHECK(desk.state() == PrintState::Refused);
    CHECK(desk.print("printed").ok());
}

TEST_CASE("printing: a helper that dies leaves what can be known", "[host]")
{
    const auto [how, expected] = GENERATE(std::pair("dieBefore", PrintState::Refused),
                                          std::pair("dieSending", PrintState::Unknown),
                                          std::pair("dieSent", PrintState::Unknown));
    PrinterDesk desk;
    CHECK_FALSE(desk.print(how).ok());
    CHECK(desk.state() == expected);
}

TEST_CASE("printing: a cleared buffer voids a ticket only if the printer stood before", "[host]")
{
    const auto [how, expected] = GENERATE(std::pair("discarded", PrintState::Voided),
                                          std::pair("clearedUnproven", PrintState::Unknown));
    PrinterDesk desk;
    CHECK_FALSE(desk.print(how).ok());
    CHECK(desk.state() == expected);
}

TEST_CASE("printing: a ticket of which no byte left may be printed later", "[host]")
{
    PrinterDesk desk;
    CHECK_FALSE(desk.print("nothingLeft").ok());
    CHECK(desk.state() == PrintState::Refused);
    CHECK(desk.print("printed").ok());
}

TEST_CASE("printing: wrong forms and fields are refused before the printer is asked", "[host]")
{
    PrinterDesk desk;
    CHECK(desk.perform({{"formName", "other"}}).errorCode() == "formNotFound");
    CHECK(desk.perform({{"formName", 3}}).code == CompletionCode::InvalidData);
    CHECK(desk.perform({{"formName", "ticket"}}).errorCode() == "fieldError");
}
