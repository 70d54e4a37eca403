// SPDX-License-Identifier: Apache-2.0
#include "drivers/ipp/ipp_printer.h"

#include <fstream>

#include <catch2/catch.hpp>

#include "drivers/ipp/http_link.h"
#include "tests/drivers/ipp/eve_printer.h"

using namespace guichet;
using namespace guichet::ipp;
using namespace std::chrono_literals;

namespace {

/// Passes requests on, and loses the answers to one operation on their way back.
class LossyLink final : public IppLink {
public:
    LossyLink(std::unique_ptr<IppLink> link, const std::uint8_t& lost)
        : m_link(std::move(link))
        , m_lost(lost)
    {
    }
    Result<Bytes> exchange(ByteView request, Outgoing* document, std::chrono::milliseconds timeout,
                           const std::stop_token& stop) override
    {
        auto answer = m_link->exchange(request, document, timeout, stop);
        const auto operation = std::to_integer<std::uint8_t>(request[3]);
        if (operation == m_lost) {
            return fail(Errc::Disconnected, "lost", Remedy::ReconnectCable);
        }
        return answer;
    }

private:
    std::unique_ptr<IppLink> m_link;
    const std::uint8_t& m_lost;
};

constexpr std::uint8_t kCreateJob = 0x05, kSendDocument = 0x06, kGetJob = 0x09;

/// A printer beside a terminal with one statement to print. No time passes between two looks.
struct Room {
    test::EvePrinter eve;
    test::TemporaryFolder folder;
    SystemClock clock;
    std::uint8_t lost = 0;      ///< answers to this operation do not arrive
    std::function<void()> rest; ///< what happens between two looks
    IppPrinter printer = driver();
    DocumentProgress progress;
    std::stop_source stop;
    const std::string pdf = test::blankPdf();

    IppPrinter driver(const Clock* other = nullptr)
    {
        const Clock& used = other ? *other : static_cast<const Clock&>(clock);
        auto link = HttpLink::open(eve.uri(), clock);
        REQUIRE(link);
        return {eve.uri(),
                std::make_unique<LossyLink>(std::move(*link), lost),
                used,
                {},
                [this](auto, const auto&) {
                    if (rest) {
                        rest();
                    }
                }};
    }
    DocumentJob job(const std::string& id = "statement-1")
    {
        const auto file = folder.path() / "statement.pdf";
        std::ofstream(file, std::ios::binary) << pdf;
        return {.id = id, .file = file};
    }
    DocumentReport print(const std::string& id = "statement-1")
    {
        return printer.print(job(id), progress, stop.get_token());
    }
};

/// Stands for the death of the process in the middle of a call.
struct Death {};

std::string contentOf(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

} // namespace

TEST_CASE("ipp: a document is printed once, whole, and followed to its end")
{
    Room room;
    std::vector<std::string> told;
    room.progress.accepted = [&](int number) -> Result<void> {
        told.push_back(number > 0 && room.eve.printed().empty() ? "accepted" : "too late");
        return {};
    };
    room.progress.sent = [&] {
        told.emplace_back("sent");
        room.eve.order("ATTR: job-impressions-completed=1");
    };
    room.progress.pages = [&](int pages) {
        told.push_back("pages " + std::to_string(pages));
        room.eve.order("end 0");
    };
    const auto report = room.print();
    CHECK(report.outcome == DocumentOutcome::Printed);
    CHECK_FALSE(report.error);
    CHECK(report.pages == 1);
    CHECK(report.printerJob > 0);
    CHECK(told == std::vector<std::string>{"accepted", "sent", "pages 1"});
    REQUIRE(room.eve.printed().size() == 1);
    CHECK(contentOf(room.eve.printed().front()) == room.pdf);
}

TEST_CASE("ipp: the same over TLS")
{
    Room room;
    const auto uri = room.eve.uri("ipps");
    auto link = HttpLink::open(uri, room.clock);
    REQUIRE(link);
    IppPrinter printer(uri, std::move(*link), room.clock, {}, [](auto, const auto&) {});
    room.progress.sent = [&] { room.eve.order("end 0"); };
    CHECK(printer.print(room.job(), room.progress, {}).outcome == DocumentOutcome::Printed);
    CHECK(room.eve.printed().size() == 1);
}

TEST_CASE("ipp: a stop in the middle says what to do, and the same job goes on when it is mended")
{
    struct Trouble {
        const char* reasons;
        DocumentCondition condition;
        Remedy remedy;
    };
    const auto trouble = GENERATE(
        Trouble{"media-empty,media-needed", DocumentCondition::PaperOut, Remedy::ReloadPaper},
        Trouble{"cover-open", DocumentCondition::CoverOpen, Remedy::CloseCover},
        Trouble{"media-jam", DocumentCondition::PaperJam, Remedy::CallStaff},
        Trouble{"toner-empty", DocumentCondition::SupplyOut, Remedy::CallStaff});
    Room room;
    int stops = 0;
    room.progress.sent = [&] { room.eve.order(std::string("STATE: +") + trouble.reasons); };
    room.progress.stopped = [&](const DocumentPrinterStatus& status) {
        if (status.blocking() != nullptr) {
            ++stops;
            CHECK(status.blocking()->condition == trouble.condition);
            CHECK(status.remedy() == trouble.remedy);
            room.eve.order(std::string("STATE: -") + trouble.reasons);
            room.eve.order("end 0");
        }
    };
    CHECK(room.print().outcome == DocumentOutcome::Printed);
    CHECK(stops == 1);
    CHECK(room.eve.printed().size() == 1);
}

TEST_CASE("ipp: a stop that nobody mends ends in a cancelled job within its limit")
{
    Room room;
    ManualClock clock{Instant()};
    auto printer = room.driver(&clock);
    bool stands = false;
    room.progress.sent = [&] { room.eve.order("STATE: +media-empty"); };
    room.progress.stopped = [&](const DocumentPrinterStatus& status) {
        stands = status.blocking() != nullptr;
        if (stands) {
            room.rest = [&, looks = 0]() mutable {
                if (looks == 8) {
                    return; // the print command ends in its own time, the limits' clock stands
                }
                clock.advance(10s);
                if (++looks == 8) { // cancelled by then; the print command only sees it now
                    room.eve.order("end 0");
                }
            };
        }
    };
    const auto report = printer.print(room.job(), room.progress, {});
    CHECK(report.outcome == DocumentOutcome::Ended);
    REQUIRE(report.error);
    CHECK(report.error->remedy == Remedy::ReloadPaper);
    CHECK(report.error->code == Errc::Denied);
    CHECK(report.pages == 0);
}

TEST_CASE("ipp: a printer that stands already refuses before anything is created")
{
    Room room;
    std::optional<DocumentReport> second;
    room.progress.sent = [&] { room.eve.order("STATE: +cover-open"); };
    room.progress.stopped = [&](const DocumentPrinterStatus& status) {
        if (status.blocking() != nullptr) {
            second = room.driver().print(room.job("second"), {}, {});
            room.eve.order("end 0");
        }
    };
    CHECK(room.print("first").outcome == DocumentOutcome::Printed);
    REQUIRE(second);
    CHECK(second->outcome == DocumentOutcome::Refused);
    CHECK(second->printerJob == 0);
    REQUIRE(second->error);
    CHECK(second->error->remedy == Remedy::CloseCover);
    CHECK(second->error->detail.find("cover-open") != std::string::npos);
    CHECK(room.eve.printed().size() == 1);
}

TEST_CASE("ipp: stopping cancels the job at the printer and waits for its end")
{
    Room room;
    room.progress.sent = [&] {
        room.stop.request_stop();
        room.rest = [&room, ended = false]() mutable {
            if (!std::exchange(ended, true)) {
                room.eve.order("end 0"); // the page that was under way
            }
        };
    };
    const auto report = room.print();
    CHECK(report.outcome == DocumentOutcome::Ended);
    REQUIRE(report.error);
    CHECK(report.error->code == Errc::Cancelled);
}

TEST_CASE("ipp: a job that the printer gives up is ended, not printed")
{
    Room room;
    room.progress.sent = [&] { room.eve.order("end 1"); };
    const auto report = room.print();
    CHECK(report.outcome == DocumentOutcome::Ended);
    CHECK(report.error->detail.find("aborted") != std::string::npos);
}

TEST_CASE("ipp: a number that could not be kept takes the job back before its first byte")
{
    Room room;
    room.progress.accepted = [](int) -> Result<void> {
        return fail(Errc::Internal, "the disk is full");
    };
    const auto report = room.print();
    CHECK(report.outcome == DocumentOutcome::Refused);
    CHECK(report.error->code == Errc::Internal);
    CHECK(room.eve.printed().empty());
}

TEST_CASE("ipp: after a crash the document is found by its name and not printed twice")
{
    Room room;
    int number = 0;
    room.progress.accepted = [&](int job) -> Result<void> {
        number = job;
        return {};
    };
    SECTION("under way")
    {
        room.progress.sent = [] { throw Death(); };
        CHECK_THROWS_AS(room.print(), Death);
        room.eve.order("end 0");
        auto after = room.driver();
        const auto report = after.resume({"statement-1", number}, {}, {});
        CHECK(report.outcome == DocumentOutcome::Printed);
        CHECK(report.printerJob == number);
    }
    SECTION("finished meanwhile")
    {
        room.progress.sent = [&] { room.eve.order("end 0"); };
        REQUIRE(room.print().outcome == DocumentOutcome::Printed);
        auto after = room.driver();
        CHECK(after.resume({"statement-1", number}, {}, {}).outcome == DocumentOutcome::Printed);
    }
    SECTION("and asked to print it once more, only follows it")
    {
        room.progress.sent = [] { throw Death(); };
        CHECK_THROWS_AS(room.print(), Death);
        room.eve.order("end 0");
        auto after = room.driver();
        const auto report = after.print(room.job(), {}, {});
        CHECK(report.outcome == DocumentOutcome::Printed);
        CHECK(report.printerJob == number);
    }
    CHECK(room.eve.printed().size() == 1);
}

TEST_CASE("ipp: a crash before the document left is safe to repeat, and its empty job is gone")
{
    Room room;
    room.progress.accepted = [](int) -> Result<void> { throw Death(); };
    CHECK_THROWS_AS(room.print(), Death);
    auto after = room.driver();
    CHECK(after.resume({"statement-1", std::nullopt}, {}, {}).outcome == DocumentOutcome::Refused);
    CHECK(room.eve.printed().empty());

    room.progress.accepted = {};
    room.progress.sent = [&] { room.eve.order("end 0"); };
    CHECK(after.print(room.job("statement-1b"), room.progress, {}).outcome ==
          DocumentOutcome::Printed);
}

TEST_CASE("ipp: a document that the printer knows no more is unknown if it may have left")
{
    Room room;
    const auto accepted = room.printer.resume({"never-seen", 7}, {}, {});
    CHECK(accepted.outcome == DocumentOutcome::Unknown);
    CHECK(accepted.error->remedy == Remedy::CallStaff);
    const auto never = room.printer.resume({"never-seen", std::nullopt}, {}, {});
    CHECK(never.outcome == DocumentOutcome::Refused);
}

TEST_CASE("ipp: a lost answer to the document changes nothing: the job says how it ended")
{
    Room room;
    room.lost = kSendDocument;
    room.progress.sent = [&] { room.eve.order("end 0"); };
    CHECK(room.print().outcome == DocumentOutcome::Printed);
    CHECK(room.eve.printed().size() == 1);
}

TEST_CASE("ipp: a lost answer to the job's creation is refused, and the empty job is taken back")
{
    Room room;
    room.lost = kCreateJob;
    const auto report = room.print("lost");
    CHECK(report.outcome == DocumentOutcome::Refused);
    CHECK(report.printerJob > 0);
    room.lost = 0;
    room.progress.sent = [&] { room.eve.order("end 0"); };
    CHECK(room.print("next").outcome == DocumentOutcome::Printed);
    CHECK(room.eve.printed().size() == 1);
}

TEST_CASE("ipp: a printer that falls silent in the middle leaves the outcome unknown")
{
    Room room;
    ManualClock clock{Instant()};
    auto printer = room.driver(&clock);
    room.rest = [&] { clock.advance(10s); };
    SECTION("its plug was pulled")
    {
        room.progress.sent = [&] { room.eve.kill(); };
    }
    SECTION("its answers do not arrive")
    {
        room.lost = kGetJob;
    }
    const auto report = printer.print(room.job(), room.progress, {});
    CHECK(report.outcome == DocumentOutcome::Unknown);
    CHECK(report.error->remedy == Remedy::ReconnectCable);
    CHECK(clock.ticks() - Ticks(1h) <= 60s);
}

TEST_CASE("ipp: a printer that is away is a cable's matter")
{
    Room room;
    room.eve.kill();
    CHECK(room.printer.status().error().code == Errc::Disconnected);
    const auto report = room.print();
    CHECK(report.outcome == DocumentOutcome::Refused);
    CHECK(report.error->remedy == Remedy::ReconnectCable);
    CHECK(room.printer.resume({"statement-1", 3}, {}, {}).outcome == DocumentOutcome::Unknown);
}

TEST_CASE("ipp: what is no document of ours never reaches the printer")
{
    Room room;
    const auto file = room.folder.path() / "other.pdf";
    const auto refusal = [&](const std::string& id, const std::filesystem::path& path) {
        const auto report = room.printer.print({.id = id, .file = path}, {}, {});
        CHECK(report.outcome == DocumentOutcome::Refused);
        return report.error->detail;
    };
    CHECK(refusal("a", file).find("No such file") != std::string::npos);
    CHECK(refusal("a", room.folder.path()).find("not a regular file") != std::string::npos);
    std::ofstream(file) << "hello";
    CHECK(refusal("a", file).find("%PDF-") != std::string::npos);
    CHECK(refusal("Zoë 6225", file).find("A-Z") != std::string::npos);
    CHECK(refusal("", file).find("A-Z") != std::string::npos);
}
