// SPDX-License-Identifier: Apache-2.0
// The demo's A4 printer: CUPS's own client agrees with it, and our driver prints on it.
#include <cstdio>
#include <fstream>

#include <catch2/catch.hpp>

#include "drivers/ipp/http_link.h"
#include "drivers/ipp/ipp_printer.h"
#include "peripherals/virtual/document_server.h"
#include "tests/drivers/ipp/eve_printer.h"

using namespace guichet;
using namespace guichet::test;
using namespace std::chrono_literals;
using virtualdevices::DocumentServer;
using virtualdevices::OfficePrinter;
using virtualdevices::Tray;

namespace {

auto now()
{
    return std::chrono::steady_clock::now();
}

struct Office {
    Office()
        : server(std::move(*DocumentServer::start({"127.0.0.1", 0}, folder.path() / "documents")))
    {
        server->printer().setPageTime(1ms, now());
        std::ofstream(file, std::ios::binary) << blankPdf();
    }
    [[nodiscard]] std::string uri() const
    {
        return "ipp://127.0.0.1:" + std::to_string(server->port()) + "/ipp/print";
    }
    [[nodiscard]] std::unique_ptr<ipp::IppPrinter> driver() const
    {
        return std::make_unique<ipp::IppPrinter>(
            uri(), std::move(*ipp::HttpLink::open(uri(), clock)), clock,
            ipp::IppPace{.poll = 5ms, .answer = 5s, .document = 5s});
    }
    /// What ipptool of CUPS makes of one of its tests.
    [[nodiscard]] std::pair<int, std::string> ipptool(const std::string& test) const
    {
        const auto command = "ipptool -t -f " + file.string() + " -d filetype=application/pdf " +
                             uri() + ' ' + test + " 2>&1";
        std::FILE* pipe = ::popen(command.c_str(), "r");
        REQUIRE(pipe != nullptr);
        std::string said;
        for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
            said.push_back(static_cast<char>(c));
        }
        return {::pclose(pipe), said};
    }

    SystemClock clock;
    TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "statement.pdf";
    std::unique_ptr<DocumentServer> server;
};

} // namespace

TEST_CASE("virtual A4 printer: ipptool finds nothing to complain of")
{
    const auto* test =
        GENERATE("get-printer-attributes.test", "validate-job.test", "print-job.test",
                 "create-job.test", "get-jobs.test", "get-completed-jobs.test");
    const Office office;
    const auto [status, said] = office.ipptool(test);
    INFO(said);
    CHECK(status == 0);
}

TEST_CASE("virtual A4 printer: our driver prints a document on it, page by page")
{
    const Office office;
    std::vector<int> pages;
    const auto report =
        office.driver()->print({.id = "one", .file = office.file},
                               {.pages = [&](int count) { pages.push_back(count); }}, {});
    INFO((report.error ? report.error->detail : ""));
    CHECK(report.outcome == DocumentOutcome::Printed);
    CHECK(report.pages == 1);
    std::ifstream printed(office.folder.path() / "documents" / "1.pdf", std::ios::binary);
    const std::string content((std::istreambuf_iterator<char>(printed)), {});
    CHECK(content == blankPdf());
}

TEST_CASE("virtual A4 printer: a job stands without paper, and goes on with it")
{
    const Office office;
    auto& printer = office.server->printer();
    printer.setPageTime(1h, now());
    bool told = false;
    const auto onStop = [&](const DocumentPrinterStatus& status) {
        if (!status.ready()) {
            told = true;
            CHECK(status.remedy() == Remedy::ReloadPaper);
            printer.setPageTime(1ms, now());
            printer.load(Tray::Full, now());
        }
    };
    const auto report = office.driver()->print(
        {.id = "one", .file = office.file},
        {.sent = [&] { printer.load(Tray::Out, now()); }, .stopped = onStop}, {});
    CHECK(told);
    CHECK(report.outcome == DocumentOutcome::Printed);
}

TEST_CASE("virtual A4 printer: a cancelled job gives no further page")
{
    const Office office;
    office.server->printer().setPageTime(1h, now());
    std::stop_source stop;
    const auto report =
        office.driver()->print({.id = "one", .file = office.file},
                               {.sent = [&] { stop.request_stop(); }}, stop.get_token());
    CHECK(report.outcome == DocumentOutcome::Ended);
    CHECK(office.server->printer().state(now()).jobs.at(0).state ==
          OfficePrinter::JobState::Cancelled);
}

TEST_CASE("virtual A4 printer: a document whose program died is found again, and not sent twice")
{
    struct Death {};
    const Office office;
    auto& printer = office.server->printer();
    printer.setPageTime(1h, now());
    int number = 0;
    const DocumentProgress progress{.accepted =
                                        [&](int job) {
                                            number = job;
                                            return Result<void>();
                                        },
                                    .sent = [] { throw Death(); }};
    CHECK_THROWS_AS(
        office.driver()->print({.id = "statement-7", .file = office.file}, progress, {}), Death);
    REQUIRE(number > 0);
    printer.setPageTime(1ms, now());
    const auto again = office.driver()->resume({.id = "statement-7", .printerJob = number}, {}, {});
    CHECK(again.outcome == DocumentOutcome::Printed);
    CHECK(again.printerJob == number);
    CHECK(printer.state(now()).jobs.size() == 1);
}

TEST_CASE("virtual A4 printer: unplugged it does not answer, and comes back at the same address")
{
    const Office office;
    const auto driver = office.driver();
    REQUIRE(driver->status());
    REQUIRE(office.server->plug(false));
    const auto away = driver->status();
    REQUIRE_FALSE(away);
    CHECK(away.error().remedy == Remedy::ReconnectCable);
    REQUIRE(office.server->plug(true));
    CHECK(driver->status());
}

TEST_CASE("virtual A4 printer: what is no IPP, or lies about lengths, is refused")
{
    OfficePrinter printer("ipp://127.0.0.1/ipp/print");
    const auto* bytes = GENERATE("", "0200000B", "0200000B00000001", "0200000B0000000101",
                                 "0200000B000000010147FFFF61", "0200000B000000014700016100016103",
                                 "0200000B000000010147000000016103");
    CHECK_FALSE(printer.answer(*fromHex(bytes), now()));
}

TEST_CASE("virtual A4 printer: pages are counted by the page tree")
{
    CHECK(virtualdevices::pagesOf(asBytes(blankPdf())) == 1);
    CHECK(virtualdevices::pagesOf(asBytes("/Type /Pages /Count 12 /Kids")) == 12);
    CHECK(virtualdevices::pagesOf(asBytes("/Count")) == 1);
    CHECK(virtualdevices::pagesOf({}) == 1);
}
