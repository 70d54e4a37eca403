// SPDX-License-Identifier: Apache-2.0
#include "drivers/ipp/printer_reasons.h"

#include <catch2/catch.hpp>

using namespace guichet;
using guichet::ipp::parseReason;

namespace {

struct Row {
    const char* keyword;
    DocumentCondition condition;
};

} // namespace

TEST_CASE("ipp reasons: what stops a kiosk's printer stops it, whether called warning or error")
{
    using C = DocumentCondition;
    const auto row =
        GENERATE(Row{"media-empty", C::PaperOut}, Row{"media-needed", C::PaperOut},
                 Row{"media-jam", C::PaperJam}, Row{"cover-open", C::CoverOpen},
                 Row{"door-open", C::CoverOpen}, Row{"interlock-open", C::CoverOpen},
                 Row{"input-tray-missing", C::TrayMissing}, Row{"output-area-full", C::OutputFull},
                 Row{"output-tray-missing", C::TrayMissing}, Row{"toner-empty", C::SupplyOut},
                 Row{"marker-supply-empty", C::SupplyOut}, Row{"marker-waste-full", C::WasteFull},
                 Row{"offline", C::Offline}, Row{"shutdown", C::Offline}, Row{"paused", C::Paused},
                 Row{"timed-out", C::Offline}, Row{"fuser-over-temp", C::Overheated},
                 Row{"input-cannot-feed-size-selected", C::PaperOut},
                 Row{"media-path-media-tray-missing", C::TrayMissing},
                 Row{"output-mailbox-jam", C::PaperJam},
                 Row{"marker-toner-cartridge-missing", C::SupplyMissing},
                 Row{"fuser-thermistor-failure", C::Failure},
                 Row{"subunit-cover-open", C::CoverOpen}, Row{"input-tray-empty", C::PaperOut});
    INFO(row.keyword);
    for (const auto* suffix : {"", "-warning", "-error"}) {
        const auto reason = parseReason(std::string(row.keyword) + suffix);
        CHECK(reason.condition == row.condition);
        CHECK(reason.blocks());
        CHECK(remedyFor(reason.condition) != Remedy::None);
    }
    CHECK_FALSE(parseReason(std::string(row.keyword) + "-report").blocks());
}

TEST_CASE("ipp reasons: what only warns never stops a job")
{
    using C = DocumentCondition;
    const auto row = GENERATE(
        Row{"media-low", C::PaperLow}, Row{"toner-low", C::SupplyLow},
        Row{"marker-supply-low", C::SupplyLow}, Row{"developer-low", C::SupplyLow},
        Row{"opc-near-eol", C::SupplyLow}, Row{"marker-waste-almost-full", C::WasteNearlyFull},
        Row{"output-area-almost-full", C::OutputNearlyFull},
        Row{"cups-waiting-for-job-completed", C::Notice}, Row{"cups-some-new-word", C::Notice},
        Row{"connecting-to-device", C::Starting}, Row{"input-tray-almost-empty", C::PaperLow},
        Row{"scanner-lamp-failure", C::Notice}, Row{"fuser-warming-up", C::Starting});
    INFO(row.keyword);
    for (const auto* suffix : {"", "-report", "-warning", "-error"}) {
        const auto reason = parseReason(std::string(row.keyword) + suffix);
        CHECK(reason.condition == row.condition);
        CHECK_FALSE(reason.blocks());
    }
}

TEST_CASE("ipp reasons: the suffix is the printer's severity, and none is an error")
{
    CHECK(parseReason("media-low-report").severity == Severity::Report);
    CHECK(parseReason("media-low-warning").severity == Severity::Warning);
    CHECK(parseReason("media-low-error").severity == Severity::Error);
    CHECK(parseReason("media-low").severity == Severity::Error);
}

TEST_CASE("ipp reasons: an unknown word blocks only as an error, and is a matter for staff")
{
    const auto reason = parseReason("com.example-flux-error");
    CHECK(reason.condition == DocumentCondition::Unknown);
    CHECK(reason.blocks());
    CHECK(reason.keyword == "com.example-flux-error");
    CHECK(remedyFor(reason.condition) == Remedy::CallStaff);
    CHECK_FALSE(parseReason("com.example-flux-warning").blocks());
    CHECK(parseReason("other-error").blocks());
}

TEST_CASE("ipp reasons: full memory and a broken queue stop as errors only")
{
    for (const std::string word :
         {"spool-area-full", "cups-missing-filter", "cups-pki-expired", "account-closed"}) {
        CHECK(parseReason(word + "-error").blocks());
        CHECK_FALSE(parseReason(word + "-warning").blocks());
    }
}

TEST_CASE("ipp reasons: no text of a printer comes into a log as it is")
{
    const auto reason = parseReason("\x1b[2Jmedia\n-empty" + std::string(500, 'x'));
    CHECK(reason.keyword.size() == 127);
    CHECK(reason.keyword.starts_with("?[2Jmedia?-empty"));
    CHECK(parseReason("").condition == DocumentCondition::Unknown);
    CHECK(parseReason("-error").condition == DocumentCondition::Unknown);
}

TEST_CASE("document printer: the most urgent reason names the remedy")
{
    DocumentPrinterStatus status;
    status.reasons = {parseReason("toner-low"), parseReason("media-empty-warning"),
                      parseReason("cover-open-error")};
    REQUIRE(status.blocking() != nullptr);
    CHECK(status.blocking()->condition == DocumentCondition::CoverOpen);
    CHECK(status.remedy() == Remedy::CloseCover);
    CHECK(describe(status) == "waits: toner-low, media-empty-warning, cover-open-error");
    status.reasons.resize(1);
    CHECK(status.ready());
    CHECK(status.remedy() == Remedy::None);
    status.activity = DocumentPrinterStatus::Activity::Stopped;
    CHECK_FALSE(status.ready());
    CHECK(status.remedy() == Remedy::CallStaff);
}

TEST_CASE("document printer: an idle spooler's reasons are those of its last job")
{
    DocumentPrinterStatus status{.spooler = true, .reasons = {parseReason("media-empty-warning")}};
    CHECK(status.ready());
    status.activity = DocumentPrinterStatus::Activity::Printing;
    CHECK_FALSE(status.ready());
    status.activity = DocumentPrinterStatus::Activity::Idle;
    status.acceptsJobs = false;
    CHECK_FALSE(status.ready());
}
