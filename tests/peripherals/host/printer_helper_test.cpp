// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/printer_helper.h"

#include <utility>

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
    Result<void> move(PaperMove) override { return fail(Errc::Unsupported, "no presenter"); }
    const PrinterTraits& traits() const override { return m_traits; }

private:
    RecordingLine& m_line;
    PrintJob& m_job;
    PrinterTraits m_traits;
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
    ManualClock clock{Instant{}};
    PrinterHelper helper{std::make_unique<WillingPrinter>(line, job),
                         [](const xfs::TicketForm&, int width) {
                             return DrawnTicket{Bitmap(width, 8), CutKind::Full, 80};
                         },
                         clock};
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
    CHECK(bench.job.cut == CutKind::Full);
    CHECK(bench.job.presentMm == 80);
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

namespace {

/// A presenter whose mouth is what the test says it is.
class KioskPrinter final : public ReceiptPrinter {
public:
    struct Play {
        bool paper = false;
        bool stuck = false; ///< moves are done, and the paper stays
        std::vector<PaperMove> moves;
    };
    KioskPrinter(Play& play, RecordingLine& line)
        : m_play(play)
        , m_line(line)
    {
        m_traits.presenter = m_traits.retract = m_traits.expel = m_traits.takenSensor = true;
        m_traits.retractAfter = 30s;
    }
    Result<PrinterStatus> status() override { return PrinterStatus{.paperAtOutlet = m_play.paper}; }
    PrintReport print(const PrintJob&, const PrintProgress&, std::stop_token) override
    {
        return {.outcome = PrintOutcome::Printed, .bytesSent = 100, .bytesTotal = 100};
    }
    Result<void> move(PaperMove how) override
    {
        CHECK(m_line.current == "move"); // takes longer than a look may
        m_play.moves.push_back(how);
        m_play.paper = how == PaperMove::Present || m_play.stuck;
        return {};
    }
    const PrinterTraits& traits() const override { return m_traits; }

private:
    Play& m_play;
    RecordingLine& m_line;
    PrinterTraits m_traits;
};

struct Mouth {
    void print() { REQUIRE(helper.perform("printTicket", Bench::ticket(), line, {})); }
    /// Looks once and says what the standard calls it.
    std::string media()
    {
        helper.watch(line);
        return line.lastStatus["printer"]["media"];
    }
    std::vector<std::string> signals()
    {
        std::vector<std::string> all;
        for (const auto& word : std::exchange(line.said, {})) {
            if (word != "rendered") {
                all.push_back(word);
            }
        }
        return all;
    }

    KioskPrinter::Play play;
    RecordingLine line;
    ManualClock clock{Instant{}};
    PrinterHelper helper{
        std::make_unique<KioskPrinter>(play, line),
        [](const xfs::TicketForm&, int width) { return DrawnTicket{Bitmap(width, 8)}; }, clock};
};

using Words = std::vector<std::string>;

} // namespace

TEST_CASE("printer helper: paper is called taken once it was seen and is gone", "[host]")
{
    Mouth mouth;
    mouth.print();
    CHECK(mouth.media() == "present"); // the motor may still run
    mouth.play.paper = true;
    CHECK(mouth.media() == "present");
    CHECK(mouth.signals().empty());
    mouth.play.paper = false;
    CHECK(mouth.media() == "notPresent");
    CHECK(mouth.signals() == Words{"mediaTaken"});
    CHECK(mouth.media() == "notPresent");
    CHECK(mouth.signals().empty());
}

TEST_CASE("printer helper: paper that was gone before anybody looked was taken", "[host]")
{
    Mouth mouth;
    mouth.print();
    CHECK(mouth.media() == "present");
    mouth.clock.advance(3s);
    CHECK(mouth.media() == "notPresent");
    CHECK(mouth.signals() == Words{"mediaTaken"});
}

TEST_CASE("printer helper: what nobody takes is taken back after the printer's time", "[host]")
{
    Mouth mouth;
    mouth.print();
    mouth.play.paper = true;
    CHECK(mouth.media() == "present");
    mouth.clock.advance(29s);
    CHECK(mouth.media() == "present");
    CHECK(mouth.play.moves.empty());
    mouth.clock.advance(1s);
    SECTION("and is away")
    {
        CHECK(mouth.media() == "retracted");
        CHECK(mouth.signals() == Words{"mediaRetracted"});
        CHECK(mouth.media() == "retracted");
    }
    SECTION("and is stuck, which is tried once")
    {
        mouth.play.stuck = true;
        CHECK(mouth.media() == "jammed");
        mouth.clock.advance(60s);
        CHECK(mouth.media() == "jammed");
        CHECK(mouth.signals() == Words{"mediaRetracted"});
        mouth.play.paper = false;
        CHECK(mouth.media() == "notPresent");
    }
    CHECK(mouth.play.moves == std::vector{PaperMove::Retract});
}

TEST_CASE("printer helper: paper of an earlier process is followed too", "[host]")
{
    Mouth mouth;
    mouth.play.paper = true;
    CHECK(mouth.media() == "present");
    mouth.clock.advance(30s);
    CHECK(mouth.media() == "retracted");
}

TEST_CASE("printer helper: a next ticket pushes out what still stands in the mouth", "[host]")
{
    Mouth mouth;
    mouth.print();
    mouth.play.paper = true;
    REQUIRE(mouth.media() == "present");
    mouth.print();
    CHECK(mouth.play.moves == std::vector{PaperMove::Expel});
    CHECK(mouth.signals().empty());
}
