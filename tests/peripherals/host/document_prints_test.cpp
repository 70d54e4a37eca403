// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/document_prints.h"

#include <chrono>
#include <thread>

#include <catch2/catch.hpp>

#include "peripherals/base/bytes.h"
#include "peripherals/host/document_service.h"
#include "tests/drivers/ipp/eve_printer.h"
#include "tests/peripherals/host/waiting.h"

using namespace guichet;
using namespace guichet::host;
using nlohmann::json;

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
    /// Returns what cancels it.
    std::uint64_t start(const std::string& id)
    {
        return prints->print(helper.process, {id, toBase64(asBytes("%PDF-1.4"))},
                             [this](const DocumentEnd& end) { ends.put(end); });
    }
    DocumentEnd print(const std::string& id)
    {
        start(id);
        return ends.take();
    }
    PrintState printed(const std::string& id) { return print(id).state; }
    /// The fake printer dies of it; returns when the next one is there.
    void lose(const std::string& id)
    {
        CHECK(print(id).error);
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
    test::Inbox<DocumentEnd> ends;
    test::FakeHelper helper; ///< last: it ends before the journal does
};

} // namespace

TEST_CASE("documents: one that is printed succeeds again without printing", "[host]")
{
    Office office;
    CHECK_FALSE(office.print("printed").error);
    CHECK(office.state("printed") == PrintState::Printed);
    office.openJournal();
    CHECK_FALSE(office.print("printed").error);
    CHECK(office.journal->find("printed", 1)->printerJob == 7);
    CHECK(office.helper.process.counters().starts == 1);
}

TEST_CASE("documents: one of which the printer has nothing may be printed later", "[host]")
{
    Office office;
    for (int question = 0; question < 2; ++question) {
        const auto refused = office.print("refused");
        CHECK(refused.state == PrintState::Refused);
        REQUIRE(refused.error);
        CHECK(refused.error->remedy == Remedy::ReloadPaper);
        CHECK(office.state("refused") == PrintState::Refused);
    }
}

TEST_CASE("documents: one that ended at the printer is not printed again", "[host]")
{
    Office office;
    CHECK(office.printed("ended") == PrintState::Voided);
    const auto again = office.print("ended");
    CHECK(again.state == PrintState::Voided);
    REQUIRE(again.error);
    CHECK(again.error->code == Errc::Conflict);
}

TEST_CASE("documents: one that is being printed is not printed beside itself", "[host]")
{
    Office office;
    const auto first = office.start("stoppedSent");
    office.waitUntil("stoppedSent", PrintState::Sent);
    const auto second = office.print("stoppedSent");
    CHECK(second.state == PrintState::Sent);
    REQUIRE(second.error);
    CHECK(second.error->code == Errc::Conflict);
    office.helper.process.stop(first);
    CHECK(office.ends.take().state == PrintState::Voided);
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
        CHECK_FALSE(office.print(id).error); // sending it would kill the helper
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
    CHECK_FALSE(office.print(id).error);
    CHECK(office.helper.process.counters().starts == 2);
}

TEST_CASE("documents: a lost one that ended is told to have ended", "[host]")
{
    Office office;
    office.lose("dieSent.ended");
    CHECK(office.printed("dieSent.ended") == PrintState::Voided);
    CHECK(office.state("dieSent.ended") == PrintState::Voided);
}

TEST_CASE("documents: a lost one that the printer knows no more stays unknown", "[host]")
{
    Office office;
    office.lose("dieSent");
    for (int question = 0; question < 2; ++question) {
        const auto answer = office.print("dieSent");
        CHECK(answer.state == PrintState::Unknown);
        CHECK(answer.error);
    }
    CHECK(office.state("dieSent") == PrintState::Unknown);
    CHECK(office.helper.process.counters().starts == 2);
}

TEST_CASE("documents: who asks while a lost one is looked for may stop it", "[host]")
{
    Office office;
    office.lose("dieSent.stopped");
    office.prints->lookForLost(office.helper.process);
    office.helper.process.stop(office.start("dieSent.stopped"));
    const auto end = office.ends.take();
    REQUIRE(end.error);
    CHECK(end.error->code == Errc::Cancelled);
    CHECK(office.state("dieSent.stopped") != PrintState::Printed);
}

TEST_CASE("documents: a cancel ends the job, wherever it stands", "[host]")
{
    const auto [id, where, expected] = GENERATE(table<std::string, PrintState, PrintState>(
        {{"stoppedBefore", PrintState::Created, PrintState::Refused},
         {"stoppedSending", PrintState::Sending, PrintState::Voided},
         {"stoppedSent", PrintState::Sent, PrintState::Voided}}));
    Office office;
    const auto operation = office.start(id);
    office.waitUntil(id, where);
    office.helper.process.stop(operation);
    const auto end = office.ends.take();
    REQUIRE(end.error);
    CHECK(end.error->code == Errc::Cancelled);
    CHECK(end.state == expected);
    CHECK(office.state(id) == expected);
    CHECK_FALSE(office.print("printed").error);
}

TEST_CASE("documents: data that is no PDF in base64 is named", "[host]")
{
    const auto [members, wanted] = GENERATE(
        table<json, std::string>({{json::object(), "data is missing"},
                                  {{{"data", 7}}, "data is missing"},
                                  {{{"data", "?"}}, "data is not base64"},
                                  {{{"data", "JSFQUw=="}}, "data is not a PDF document"}}));
    const auto document = documentIn(members);
    REQUIRE_FALSE(document);
    CHECK(document.error().detail == wanted);
}

TEST_CASE("documents: to XFS4IoT clients a failure begins with how the document stands", "[host]")
{
    const auto none = documentCompletion({PrintState::Printed});
    CHECK(none.ok());
    const Error paper{Errc::Denied, Remedy::ReloadPaper, "no paper"};
    const auto [state, word] = GENERATE(table<PrintState, std::string>(
        {{PrintState::Refused, "refused: no paper"}, {PrintState::Voided, "ended: no paper"}}));
    const auto failed = documentCompletion({state, paper});
    CHECK(failed.errorCode() == "paperOut");
    CHECK(failed.errorDescription.starts_with(word));
}
