// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/printer_helper.h"

#include <catch2/catch.hpp>

#include "tests/peripherals/host/recording_line.h"

using namespace guichet;
using namespace guichet::host;
using namespace std::chrono_literals;
using nlohmann::json;
using test::RecordingLine;

namespace {

/// Prints everything, and remembers what it was asked for.
class WillingPrinter final : public ReceiptPrinter {
public:
    explicit WillingPrinter(RecordingLine& line, PrintJob& job)
        : m_line(line)
        , m_job(job)
    {
    }
    Result<PrinterStatus> status() override
    {
        CHECK(m_line.budget > 0ms);
        return PrinterStatus{};
    }
    PrintReport print(const PrintJob& job, const PrintProgress& progress, std::stop_token) override
    {
        m_job = job;
        CHECK(m_line.budget > 2 * job.repairLimit);
        if (auto begun = progress.beforeFirstByte(100); !begun) {
            return {.error = begun.error()};
        }
        progress.allAccepted();
        CHECK(m_line.budget > 2 * job.repairLimit);
        progress.printed();
        return {.outcome = PrintOutcome::Printed, .bytesSent = 100, .bytesTotal = 100};
    }
    int widthDots() const override { return 576; }

private:
    RecordingLine& m_line;
    PrintJob& m_job;
};

struct Bench {
    Result<json> perform(const std::string& operation, const json& arguments)
    {
        return helper.perform(operation, arguments, line, {});
    }
    static json ticket()
    {
        xfs::TicketForm form;
        form.ticketId = "t";
        form.number = "A001";
        return {{"fields", xfs::ticketFields(form)}};
    }

    RecordingLine line;
    PrintJob job{{}, Bytes{}};
    PrinterHelper helper{std::make_unique<WillingPrinter>(line, job),
                         [](const xfs::TicketForm&, int width) { return Bitmap(width, 8); }};
};

} // namespace

TEST_CASE("printer helper: a ticket is told step by step", "[host]")
{
    Bench bench;
    const auto report = bench.perform("printTicket", Bench::ticket());
    REQUIRE(report);
    CHECK((*report)["outcome"] == "printed");
    CHECK(bench.line.said == std::vector<std::string>{"rendered", "sending", "sent", "printed"});
    CHECK(bench.line.asked["bytes"] == 100);
    CHECK(bench.line.asked["sha256"].get<std::string>().size() == 64);
    CHECK(bench.job.cut);
    CHECK(bench.line.current.empty());
}

TEST_CASE("printer helper: a ticket that may not be sent is refused, not failed", "[host]")
{
    Bench bench;
    bench.line.refusal = Error{Errc::Cancelled, Remedy::None, "stopped"};
    const auto report = bench.perform("printTicket", Bench::ticket());
    REQUIRE(report);
    CHECK((*report)["outcome"] == "refused");
    CHECK((*report)["error"]["code"] == "cancelled");
}

TEST_CASE("printer helper: a stopped printer is waited for as asked, a minute at most", "[host]")
{
    const auto [asked, limit] = GENERATE(
        std::pair(json::object(), 60s), std::pair(json{{"repairMs", 0}}, 60s),
        std::pair(json{{"repairMs", 5000}}, 5s), std::pair(json{{"repairMs", 600'000}}, 60s));
    const std::string operation = GENERATE("printTicket", "printRaw", "cut");
    Bench bench;
    auto arguments = Bench::ticket();
    arguments["data"] = "QQ==";
    arguments.update(asked);
    REQUIRE(bench.perform(operation, arguments));
    CHECK(bench.job.repairLimit == limit);
}
