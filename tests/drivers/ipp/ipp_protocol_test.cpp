// SPDX-License-Identifier: Apache-2.0
#include "drivers/ipp/ipp_protocol.h"

#include <catch2/catch.hpp>

#include "drivers/ipp/ipp_message.h"
#include "drivers/ipp/ipp_requests.h"
#include "tests/drivers/ipp/ipp_bytes.h"

using namespace guichet;
using namespace guichet::ipp;
using guichet::test::IppBytes;

namespace {

const Address kPrinter{"ipp://192.0.2.7/ipp/print", 7};

std::string shown(const Bytes& bytes)
{
    return std::string(asText(bytes));
}

IppBytes answer(std::uint16_t status = 0)
{
    IppBytes bytes(status, 7);
    bytes.group(0x01).text(0x47, "attributes-charset", "utf-8");
    return bytes;
}

} // namespace

TEST_CASE("ipp protocol: a request is laid out as RFC 8010 says")
{
    const IppBytes want = IppBytes(0x0008, 7) // Cancel-Job
                              .group(0x01)
                              .text(0x47, "attributes-charset", "utf-8")
                              .text(0x48, "attributes-natural-language", "en")
                              .text(0x45, "printer-uri", kPrinter.printerUri)
                              .number(0x21, "job-id", 41)
                              .text(0x42, "requesting-user-name", "guichet");
    CHECK(encodeCancelJob(kPrinter, 41) == want.done());
}

TEST_CASE("ipp protocol: a job is one A4 document under our name")
{
    const auto created = shown(encodeCreateJob(kPrinter, "statement-1", Sides::One));
    for (const auto* word :
         {"job-name", "statement-1", "copies", "iso_a4_210x297mm", "one-sided"}) {
        CHECK(created.find(word) != std::string::npos);
    }
    CHECK(shown(encodeCreateJob(kPrinter, "x", Sides::TwoLongEdge)).find("two-sided-long-edge") !=
          std::string::npos);
    const auto document = shown(encodeSendDocument(kPrinter, 3, "statement-1"));
    CHECK(document.find("application/pdf") != std::string::npos);
    CHECK(document.find("last-document") != std::string::npos);
    CHECK(shown(encodeGetJobs(kPrinter, WhichJobs::NotCompleted)).find("not-completed") !=
          std::string::npos);
}

TEST_CASE("ipp protocol: a printer's state, reasons and abilities are read")
{
    const auto bytes = answer()
                           .group(0x04)
                           .number(0x23, "printer-state", 5)
                           .text(0x44, "printer-state-reasons", "media-empty-warning")
                           .text(0x44, "", "toner-low-report")
                           .flag("printer-is-accepting-jobs", false)
                           .text(0x41, "cups-version", "2.4.2")
                           .number(0x23, "operations-supported", 5)
                           .number(0x23, "", 6)
                           .text(0x49, "document-format-supported", "application/pdf")
                           .done();
    const auto printer = parsePrinter(bytes, 7);
    REQUIRE(printer);
    CHECK(printer->status.activity == DocumentPrinterStatus::Activity::Stopped);
    REQUIRE(printer->status.reasons.size() == 2);
    CHECK(printer->status.reasons[0].condition == DocumentCondition::PaperOut);
    CHECK(printer->status.reasons[1].severity == Severity::Report);
    CHECK_FALSE(printer->status.acceptsJobs);
    CHECK(printer->status.spooler);
    CHECK(printer->operations == std::vector{5, 6});
    CHECK(printer->formats == std::vector<std::string>{"application/pdf"});
    CHECK(printer->media.empty());
}

TEST_CASE("ipp protocol: jobs are told apart by group, whatever the order inside")
{
    const auto bytes = answer()
                           .group(0x02)
                           .text(0x42, "job-name", "first")
                           .number(0x21, "job-id", 1)
                           .number(0x23, "job-state", 9)
                           .group(0x02)
                           .number(0x23, "job-state", 5)
                           .number(0x21, "job-id", 2)
                           .number(0x21, "job-impressions-completed", 3)
                           .text(0x44, "job-state-reasons", "job-printing")
                           .text(0x42, "job-name", "second")
                           .group(0x02)
                           .text(0x42, "job-name", "without a number")
                           .group(0x02)
                           .number(0x21, "job-id", 4)
                           .number(0x23, "job-state", 4)
                           .text(0x44, "job-state-reasons", "job-data-insufficient")
                           .done();
    const auto jobs = parseJobs(bytes, 7);
    REQUIRE(jobs);
    REQUIRE(jobs->size() == 3);
    CHECK((*jobs)[0].name == "first");
    CHECK((*jobs)[0].state == JobState::Completed);
    CHECK((*jobs)[1].number == 2);
    CHECK((*jobs)[1].name == "second");
    CHECK((*jobs)[1].pages == 3);
    CHECK_FALSE((*jobs)[1].awaitsData);
    CHECK((*jobs)[2].name.empty());
    CHECK((*jobs)[2].awaitsData);
}

TEST_CASE("ipp protocol: of jobs with one name the one nearest to paper counts")
{
    std::vector<JobDescription> jobs{{.number = 1, .name = "a", .state = JobState::Aborted},
                                     {.number = 2, .name = "b", .state = JobState::Completed},
                                     {.number = 3, .name = "a", .state = JobState::Held}};
    CHECK(findJob(jobs, "a")->number == 3);
    jobs[0].state = JobState::Completed;
    CHECK(findJob(jobs, "a")->number == 1);
    CHECK(findJob(jobs, "c") == nullptr);
}

TEST_CASE("ipp protocol: each job-state has its name, and three are final")
{
    const std::vector<std::string> names{
        "pending",  "pending-held", "processing", "processing-stopped",
        "canceled", "aborted",      "completed"};
    for (int state = 3; state <= 9; ++state) {
        const auto bytes =
            answer().group(0x02).number(0x21, "job-id", 1).number(0x23, "job-state", state).done();
        const auto job = parseJob(bytes, 7);
        REQUIRE(job);
        CHECK(name(job->state) == names[static_cast<std::size_t>(state - 3)]);
        CHECK(isFinal(job->state) == (state >= 7));
    }
    for (const int state : {-1, 0, 2, 10, 1 << 30}) {
        const auto bytes =
            answer().group(0x02).number(0x21, "job-id", 1).number(0x23, "job-state", state).done();
        CHECK(parseJob(bytes, 7).error().code == Errc::Protocol);
    }
}

TEST_CASE("ipp protocol: an answer that lacks what it must have is refused")
{
    CHECK(parsePrinter(answer().done(), 7).error().detail.find("printer-state") !=
          std::string::npos);
    CHECK(parseJob(answer().done(), 7).error().code == Errc::Protocol);
    CHECK(parseCreated(answer().done(), 7).error().code == Errc::Protocol);
    CHECK(parseJobs(answer().done(), 7)->empty());
    CHECK(parseDone(answer().done(), 7));
    CHECK(parseDone(answer().done(), 8).error().detail.find("request 7, want 8") !=
          std::string::npos);
}

TEST_CASE("ipp protocol: a job taken for other paper than A4 is refused")
{
    const auto bytes = answer(0x0001)
                           .group(0x05)
                           .text(0x44, "media", "iso_a4_210x297mm")
                           .group(0x02)
                           .number(0x21, "job-id", 1)
                           .number(0x23, "job-state", 4)
                           .done();
    CHECK(parseCreated(bytes, 7).error().code == Errc::Unsupported);
}

TEST_CASE("ipp protocol: a refusal carries the printer's words and a remedy")
{
    const auto refusal = [](std::uint16_t status) {
        auto bytes = answer(status);
        bytes.text(0x41, "status-message", "Busy\x1b[2J printing.");
        return parseDone(bytes.done(), 7).error();
    };
    CHECK(refusal(0x0507).code == Errc::Busy);
    CHECK(refusal(0x0507).remedy == Remedy::Wait);
    CHECK(refusal(0x0507).detail.find("\"Busy?[2J printing.\"") != std::string::npos);
    CHECK(refusal(0x0406).code == Errc::NotFound);
    CHECK(refusal(0x0403).code == Errc::Denied);
    CHECK(refusal(0x0404).code == Errc::Conflict);
    CHECK(refusal(0x040a).code == Errc::Unsupported);
    CHECK(refusal(0x7fff).code == Errc::Protocol);
    CHECK(refusal(0xffff).code == Errc::Protocol);
}

TEST_CASE("ipp protocol: bytes that are no whole message are refused at every length")
{
    const auto whole = answer()
                           .group(0x04)
                           .number(0x23, "printer-state", 3)
                           .text(0x44, "printer-state-reasons", "none")
                           .done();
    REQUIRE(parsePrinter(whole, 7));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto cut = parsePrinter(ByteView(whole).first(size), 7);
        REQUIRE_FALSE(cut);
        CHECK(cut.error().code == Errc::Protocol);
        CHECK(cut.error().remedy == Remedy::CallStaff);
    }
}

TEST_CASE("ipp protocol: collections may nest as deep as printers do, and no deeper")
{
    const auto nested = [](int depth) {
        auto bytes = answer();
        bytes.group(0x04).number(0x23, "printer-state", 3).text(0x34, "media-col-default", "");
        for (int i = 1; i < depth; ++i) {
            bytes.text(0x4a, "", "member").text(0x34, "", "");
        }
        for (int i = 0; i < depth; ++i) {
            bytes.text(0x37, "", "");
        }
        return parsePrinter(bytes.done(), 7);
    };
    CHECK(nested(3));
    CHECK(nested(8));
    CHECK(nested(9).error().detail.find("deeper than 8") != std::string::npos);
    CHECK(nested(20'000).error().code == Errc::Protocol);
}

TEST_CASE("ipp protocol: an endless answer is refused")
{
    CHECK(parseDone(Bytes(kLongestAnswer + 1), 7).error().detail.find("at most 1048576") !=
          std::string::npos);
}

TEST_CASE("ipp protocol: a printer must take PDF on A4, and need not turn paper")
{
    Sides sides = Sides::TwoLongEdge;
    CHECK(checkAbilities({}, sides)); // it does not say
    CHECK(sides == Sides::TwoLongEdge);
    PrinterDescription printer{.operations = {5, 6, 8},
                               .formats = {"image/urf", "application/pdf"},
                               .media = {"na_letter_8.5x11in", "iso_a4_210x297mm"},
                               .sides = {"one-sided"}};
    CHECK(checkAbilities(printer, sides));
    CHECK(sides == Sides::One);
    auto other = printer;
    other.formats = {"image/pwg-raster"};
    CHECK(checkAbilities(other, sides).error().detail.find("application/pdf") != std::string::npos);
    other = printer;
    other.media = {"na_letter_8.5x11in"};
    CHECK(checkAbilities(other, sides).error().detail.find("iso_a4") != std::string::npos);
    other = printer;
    other.operations = {2, 8};
    CHECK(checkAbilities(other, sides).error().detail.find("Create-Job") != std::string::npos);
}
