// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/document_helper.h"

#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

#include "peripherals/base/bytes.h"
#include "peripherals/host/helper_protocol.h"
#include "tests/drivers/ipp/eve_printer.h"
#include "tests/peripherals/host/recording_line.h"
#include "tests/peripherals/host/waiting.h"

using namespace guichet;
using namespace guichet::host;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

/// Ends each document as it is told, and keeps what it was given.
class PaperTray final : public DocumentPrinter {
public:
    struct Seen {
        std::string content;
        std::vector<std::string> ids;
        std::filesystem::path file;
        std::chrono::milliseconds repairLimit{};
        std::optional<LostDocument> lost;
    };
    PaperTray(Seen& seen, Result<DocumentPrinterStatus> status, DocumentReport report)
        : m_seen(seen)
        , m_status(std::move(status))
        , m_report(std::move(report))
    {
    }
    Result<DocumentPrinterStatus> status() override { return m_status; }
    DocumentReport print(const DocumentJob& job, const DocumentProgress& progress,
                         std::stop_token) override
    {
        std::ifstream file(job.file, std::ios::binary);
        m_seen.content.assign(std::istreambuf_iterator<char>(file), {});
        m_seen.file = job.file;
        m_seen.ids.push_back(job.id);
        m_seen.repairLimit = job.repairLimit;
        if (progress.accepted(7) && m_status) {
            progress.stopped(*m_status);
            progress.sent();
        }
        return m_report;
    }
    DocumentReport resume(const LostDocument& lost, const DocumentProgress&,
                          std::stop_token) override
    {
        m_seen.lost = lost;
        return m_report;
    }

private:
    Seen& m_seen;
    Result<DocumentPrinterStatus> m_status;
    DocumentReport m_report;
};

DocumentPrinterStatus complaining(DocumentCondition condition)
{
    DocumentPrinterStatus status;
    status.reasons.push_back({condition, Severity::Error, "keyword"});
    return status;
}

const json kDocument{
    {"id", "statement-1"}, {"data", toBase64(asBytes("%PDF-1.4 ..."))}, {"repairMs", 5000}};

} // namespace

TEST_CASE("document helper: the document is there for the job, on no disk, and gone after it",
          "[host]")
{
    PaperTray::Seen seen;
    test::RecordingLine line;
    DocumentHelper helper(std::make_unique<PaperTray>(
        seen, DocumentPrinterStatus{},
        DocumentReport{.outcome = DocumentOutcome::Printed, .printerJob = 7, .pages = 1}));
    const auto printed = helper.perform("printNative", kDocument, line, {});
    REQUIRE(printed);
    CHECK(*printed == json{{"outcome", "printed"}, {"printerJob", 7}, {"pages", 1}});
    CHECK(seen.content == "%PDF-1.4 ...");
    CHECK(seen.repairLimit == 5s);
    CHECK_FALSE(std::ifstream(seen.file).good());
    CHECK(line.current.empty());
    CHECK(seen.ids == std::vector<std::string>{"statement-1"});
    CHECK(line.asked == json{{"printerJob", 7}, {"bytes", 12}});
}

TEST_CASE("document helper: a document whose number cannot be kept is not sent", "[host]")
{
    PaperTray::Seen seen;
    test::RecordingLine line;
    line.refusal = Error{Errc::Internal, Remedy::CallStaff, "disk full"};
    DocumentHelper helper(
        std::make_unique<PaperTray>(seen, DocumentPrinterStatus{}, DocumentReport{}));
    REQUIRE(helper.perform("printNative", kDocument, line, {}));
    CHECK(line.said == std::vector<std::string>{"accepted"});
}

TEST_CASE("document helper: a lost document is looked for under its id and number", "[host]")
{
    PaperTray::Seen seen;
    test::RecordingLine line;
    DocumentHelper helper(std::make_unique<PaperTray>(
        seen, DocumentPrinterStatus{}, DocumentReport{.outcome = DocumentOutcome::Printed}));
    const auto found = helper.perform(
        "resume", {{"id", "statement-1"}, {"printerJob", 7}, {"repairMs", 0}}, line, {});
    REQUIRE(found);
    CHECK((*found)["outcome"] == "printed");
    REQUIRE(seen.lost);
    CHECK(seen.lost->id == "statement-1");
    CHECK(seen.lost->printerJob == 7);
    CHECK(seen.lost->repairLimit == 60s);
    CHECK(seen.ids.empty());
}

TEST_CASE("document helper: why a document was not printed goes to who asked for it", "[host]")
{
    PaperTray::Seen seen;
    test::RecordingLine line;
    const Error why{Errc::Denied, Remedy::ReloadPaper, "media-empty"};
    DocumentHelper helper(std::make_unique<PaperTray>(
        seen, complaining(DocumentCondition::PaperOut),
        DocumentReport{.outcome = DocumentOutcome::Ended, .pages = 2, .error = why}));
    const auto ended = helper.perform("printNative", kDocument, line, {});
    REQUIRE(ended);
    CHECK((*ended)["outcome"] == "ended");
    CHECK(errorFromJson((*ended)["error"]) == why);
    CHECK(line.said == std::vector<std::string>{"accepted", "stopped", "sent"});
    CHECK(line.lastStatus["printer"]["paper"]["upper"] == "out");
}

TEST_CASE("document helper: the standard's words for what a printer complains of", "[host]")
{
    const auto members = [](DocumentCondition condition) {
        return documentStatusMembers(complaining(condition));
    };
    CHECK(documentStatusMembers(DocumentPrinterStatus{}) ==
          json{{"common", {{"device", "online"}}},
               {"printer",
                {{"paper", {{"upper", "full"}}}, {"toner", "full"}, {"media", "notPresent"}}}});
    CHECK(members(DocumentCondition::PaperLow)["printer"]["paper"]["upper"] == "low");
    CHECK(members(DocumentCondition::PaperJam)["printer"]["media"] == "jammed");
    CHECK(members(DocumentCondition::SupplyOut)["printer"]["toner"] == "out");
    CHECK(members(DocumentCondition::SupplyLow)["printer"]["toner"] == "low");
    CHECK(members(DocumentCondition::CoverOpen)["common"]["device"] == "userError");
    CHECK(members(DocumentCondition::Failure)["common"]["device"] == "hardwareError");
    CHECK(members(DocumentCondition::Offline)["common"]["device"] == "offline");
    CHECK(documentStatusMembers(tl::unexpected(Error{Errc::Disconnected, Remedy::ReconnectCable,
                                                     "away"}))["common"]["device"] == "offline");
}

TEST_CASE("document helper: data that is no base64 never reaches the printer", "[host]")
{
    PaperTray::Seen seen;
    test::RecordingLine line;
    DocumentHelper helper(
        std::make_unique<PaperTray>(seen, DocumentPrinterStatus{}, DocumentReport{}));
    CHECK_FALSE(helper.perform("printNative", {{"data", "?"}}, line, {}));
    CHECK_FALSE(helper.perform("fold", json::object(), line, {}));
    CHECK(seen.ids.empty());
}

TEST_CASE("document helper: a real printer gets the document out of a confined process", "[host]")
{
    const test::EvePrinter printer;
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "devices.toml";
    std::ofstream(file) << "[documentprinter]\ndriver = \"ipp\"\nuri = \"" << printer.uri()
                        << "\"\n";
    HelperConfig config;
    config.name = "documentprinter";
    config.command = {GUICHET_BIN_DIR "/guichet-devices",
                      "--helper",
                      config.name,
                      "--config",
                      file,
                      "--data",
                      folder.path()};
    test::FakeHelper helper(config);
    REQUIRE(helper.ups.take());
    const auto pdf = test::blankPdf();
    printer.order("ATTR: job-impressions-completed=1");
    printer.order("end 0");
    HelperProcess::Operation operation{"printNative",
                                       {{"id", "statement-1"}, {"data", toBase64(asBytes(pdf))}}};
    test::Inbox<json> accepted;
    operation.onAsk = [&accepted](std::string_view, const json& data) -> Result<json> {
        accepted.put(data);
        return json::object();
    };
    operation.onDone = [&helper](const Result<json>& answer) { helper.answers.put(answer); };
    helper.process.perform(std::move(operation));
    const auto printed = helper.answers.take();
    REQUIRE(printed);
    CHECK((*printed)["outcome"] == "printed");
    CHECK(accepted.take()["printerJob"] == (*printed)["printerJob"]);
    REQUIRE(printer.printed().size() == 1);
    std::ifstream paper(printer.printed().front(), std::ios::binary);
    CHECK(std::string(std::istreambuf_iterator<char>(paper), {}) == pdf);
}
