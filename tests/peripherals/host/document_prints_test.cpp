// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/document_prints.h"

#include <chrono>
#include <thread>

#include <catch2/catch.hpp>

#include "peripherals/base/bytes.h"
#include "peripherals/host/document_service.h"
#include "tests/drivers/ipp/eve_printer.h"
#include "tests/peripherals/host/fake_job.h"
#include "tests/peripherals/host/waiting.h"

using namespace guichet;
using namespace guichet::host;
using nlohmann::json;
using xfs::CompletionCode;

namespace {

/// A document's id says what the fake printer does, and behind the dot how it is found again.
struct Office {
    Office()
    {
        openJournal();
        REQUIRE(helper.ups.take());
    }
    /// As guichet-devices does when it starts.
    void openJournal()
    {
        prints.reset();
        journal.reset();
        auto opened = PrintJournal::open(folder.path() / "journal", clock);
        REQUIRE(opened);
        journal = std::move(*opened);
        prints = std::make_unique<DocumentPrints>(*journal);
    }
    std::shared_ptr<test::FakeJob> start(const json& id)
    {
        xfs::Command command{"Printer.PrintNative", "3.0", 1, {}, {}};
        command.payload = {{"data", toBase64(asBytes("%PDF-1.4"))}, {"documentId", id}};
        auto job = std::make_shared<test::FakeJob>(std::move(command), ends);
        performDocumentCommand(helper.process, *prints, job);
        return job;
    }
    xfs::Completion print(const json& id)
    {
        start(id);
        return ends.take();
    }
    /// The fake printer dies of it; returns when the next one is there.
    void lose(const std::string& id)
    {
        CHECK_FALSE(print(id).ok());
        REQUIRE_FALSE(helper.ups.take());
        REQUIRE(helper.ups.take());
    }
    std::optional<PrintState> state(const std::string& id) const
    {
        const auto attempt = journal->find(id, 1);
        return attempt ? std::optional(attempt->state) : std::nullopt;
    }
    void waitUntil(const std::string& id, PrintState wanted) const
    {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (state(id) != wanted) {
            if (std::chrono::steady_clock::now() > end) {
                FAIL("never " << name(wanted));
            }
            std::this_thread::yield();
        }
    }

    SystemClock clock;
    test::TemporaryFolder folder;
    std::unique_ptr<PrintJournal> journal;
    std::unique_ptr<DocumentPrints> prints;
    test::Inbox<xfs::Completion> ends;
    test::FakeHelper helper; ///< last: it ends before the journal does
};

} // namespace

TEST_CASE("documents: one that is printed succeeds again without printing", "[host]")
{
    Office office;
    CHECK(office.print("printed").ok());
    CHECK(office.state("printed") == PrintState::Printed);
    office.openJournal();
    CHECK(office.print("printed").ok());
    CHECK(office.journal->find("printed", 1)->printerJob == 7);
    CHECK(office.helper.process.counters().starts == 1);
}

TEST_CASE("documents: one of which the printer has nothing may be printed later", "[host]")
{
    Office office;
    const auto refused = office.print("refused");
    CHECK(refused.errorCode() == "paperOut");
    CHECK(office.state("refused") == PrintState::Refused);
    CHECK(office.print("refused").errorCode() == "paperOut");
}

TEST_CASE("documents: one that ended at the printer is not printed again", "[host]")
{
    Office office;
    CHECK(office.print("ended").errorDescription.rfind("ended", 0) == 0);
    const auto again = office.print("ended");
    CHECK(again.errorCode() == "sequenceInvalid");
    CHECK(again.errorDescription.rfind("ended", 0) == 0);
}

TEST_CASE("documents: a helper that dies leaves what can be known", "[host]")
{
    const auto [id, expected] = GENERATE(std::pair("dieBefore", PrintState::Refused),
                                         std::pair("dieAccepted", PrintState::Unknown),
                                         std::pair("dieSent", PrintState::Unknown));
    Office office;
    office.lose(id);
    CHECK(office.state(id) == expected);
}

TEST_CASE("documents: a lost one is looked for at the printer and never sent again", "[host]")
{
    const std::string id = GENERATE("dieAccepted.printed", "dieSent.printed");
    Office office;
    office.lose(id);
    SECTION("when it is asked for again")
    {
        CHECK(office.print(id).ok()); // sending it would kill the helper
    }
    SECTION("when the printer answers")
    {
        office.prints->lookForLost(office.helper.process);
        office.waitUntil(id, PrintState::Printed);
    }
    SECTION("when guichet-devices starts anew")
    {
        office.openJournal();
        office.prints->lookForLost(office.helper.process);
        office.waitUntil(id, PrintState::Printed);
    }
    CHECK(office.print(id).ok());
    CHECK(office.helper.process.counters().starts == 2);
}

TEST_CASE("documents: a lost one that ended is told to have ended", "[host]")
{
    Office office;
    office.lose("dieSent.ended");
    CHECK(office.print("dieSent.ended").errorDescription.rfind("ended", 0) == 0);
    CHECK(office.state("dieSent.ended") == PrintState::Voided);
}

TEST_CASE("documents: a lost one that the printer knows no more stays unknown", "[host]")
{
    Office office;
    office.lose("dieSent");
    for (int question = 0; question < 2; ++question) {
        const auto answer = office.print("dieSent");
        CHECK_FALSE(answer.ok());
        CHECK(answer.errorDescription.rfind("unknown", 0) == 0);
    }
    CHECK(office.state("dieSent") == PrintState::Unknown);
    CHECK(office.helper.process.counters().starts == 2);
}

TEST_CASE("documents: who asks while a lost one is looked for may stop it", "[host]")
{
    Office office;
    office.lose("dieSent.stopped");
    office.prints->lookForLost(office.helper.process);
    const auto job = office.start("dieSent.stopped");
    job->cancel();
    CHECK(office.ends.take().code == CompletionCode::Canceled);
    CHECK(office.state("dieSent.stopped") != PrintState::Printed);
}

TEST_CASE("documents: a cancel ends the job, wherever it stands", "[host]")
{
    Office office;
    SECTION("before the printer has it")
    {
        const auto job = office.start("stoppedBefore");
        office.waitUntil("stoppedBefore", PrintState::Created);
        job->cancel();
        CHECK(office.ends.take().code == CompletionCode::Canceled);
        CHECK(office.state("stoppedBefore") == PrintState::Refused);
    }
    SECTION("while its bytes go")
    {
        const auto job = office.start("stoppedSending");
        office.waitUntil("stoppedSending", PrintState::Sending);
        job->cancel();
        CHECK(office.ends.take().code == CompletionCode::Canceled);
        CHECK(office.state("stoppedSending") == PrintState::Voided);
    }
    SECTION("while its pages come")
    {
        const auto job = office.start("stoppedSent");
        office.waitUntil("stoppedSent", PrintState::Sent);
        job->cancel();
        CHECK(office.ends.take().code == CompletionCode::Canceled);
        CHECK(office.state("stoppedSent") == PrintState::Voided);
    }
    CHECK(office.print("printed").ok());
}

TEST_CASE("documents: an id that no printer may show is refused", "[host]")
{
    const json id = GENERATE(json(7), json(""), json("Li Ming"), json(std::string(128, 'a')));
    Office office;
    CHECK(office.print(id).code == CompletionCode::InvalidData);
    CHECK(office.helper.process.counters().operationsLost == 0);
}
