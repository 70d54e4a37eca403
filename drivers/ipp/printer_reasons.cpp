// SPDX-License-Identifier: Apache-2.0
#include "drivers/ipp/printer_reasons.h"

#include <algorithm>
#include <iterator>

namespace guichet::ipp {
namespace {

using C = DocumentCondition;

constexpr std::size_t kLongestKeyword = 127;

struct Word {
    std::string_view text;
    C condition;
};

/// Whole words.
constexpr Word kWords[] = {
    // RFC 8011 5.4.12
    {"other", C::Unknown},
    {"connecting-to-device", C::Starting},
    {"cover-open", C::CoverOpen},
    {"developer-empty", C::SupplyOut},
    {"developer-low", C::SupplyLow},
    {"door-open", C::CoverOpen},
    {"fuser-over-temp", C::Overheated},
    {"fuser-under-temp", C::Overheated},
    {"input-tray-missing", C::TrayMissing},
    {"interlock-open", C::CoverOpen},
    {"interpreter-resource-unavailable", C::Notice},
    {"marker-supply-empty", C::SupplyOut},
    {"marker-supply-low", C::SupplyLow},
    {"marker-waste-almost-full", C::WasteNearlyFull},
    {"marker-waste-full", C::WasteFull},
    {"media-empty", C::PaperOut},
    {"media-jam", C::PaperJam},
    {"media-low", C::PaperLow},
    {"media-needed", C::PaperOut},
    {"moving-to-paused", C::Paused},
    {"opc-life-over", C::SupplyOut},
    {"opc-near-eol", C::SupplyLow},
    {"output-area-almost-full", C::OutputNearlyFull},
    {"output-area-full", C::OutputFull},
    {"output-tray-missing", C::TrayMissing},
    {"paused", C::Paused},
    {"shutdown", C::Offline},
    {"spool-area-full", C::MemoryFull},
    {"stopped-partly", C::Notice},
    {"stopping", C::Paused},
    {"timed-out", C::Offline},
    {"toner-empty", C::SupplyOut},
    {"toner-low", C::SupplyLow},
    // RFC 3998, RFC 3995 and PWG 5100.x: the printer as a whole
    {"deactivated", C::Paused},
    {"deleted", C::Paused},
    {"hold-new-jobs", C::Paused},
    {"offline", C::Offline},
    {"power-down", C::Offline},
    {"power-up", C::Starting},
    {"resuming", C::Starting},
    {"sleep-mode", C::Starting},
    {"standby", C::Starting},
    {"testing", C::Paused},
    {"identify-printer-requested", C::Notice},
    {"configuration-change", C::Notice},
    {"wifi-not-configured", C::Misconfigured},
    {"printer-manual-reset", C::Starting},
    {"printer-nms-reset", C::Starting},
    {"printer-ready-to-print", C::Notice},
    {"alert-removal-of-binary-change-entry", C::Notice},
    // PWG 5100.9: alerts whose ending says too little
    {"input-cannot-feed-size-selected", C::PaperOut},
    {"input-manual-input-request", C::PaperOut},
    {"input-media-size-change", C::PaperOut},
    {"input-media-color-change", C::PaperOut},
    {"input-media-form-parts-change", C::PaperOut},
    {"input-media-type-change", C::PaperOut},
    {"input-media-weight-change", C::PaperOut},
    {"input-media-tray-empty", C::PaperOut},
    {"input-tray-elevation-failure", C::TrayMissing},
    {"input-tray-position-failure", C::TrayMissing},
    {"input-pick-roller-failure", C::Failure},
    {"media-path-cannot-duplex-media-selected", C::Notice},
    {"media-path-output-full", C::OutputFull},
    {"media-path-output-almost-full", C::OutputNearlyFull},
    {"media-path-input-empty", C::PaperOut},
    {"subunit-empty", C::SupplyOut},
    {"material-empty", C::SupplyOut},
    {"material-low", C::SupplyLow},
    {"material-needed", C::SupplyOut},
    {"interpreter-complex-page-encountered", C::Notice},
    {"interpreter-memory-decrease", C::Notice},
    {"interpreter-memory-increase", C::Notice},
    // CUPS
    {"cups-waiting-for-job-completed", C::Notice},
    {"cups-missing-filter", C::Misconfigured},
    {"cups-insecure-filter", C::Misconfigured},
    {"cups-remote-pending", C::Notice},
    {"cups-remote-pending-held", C::Paused},
    {"cups-remote-processing", C::Notice},
    {"cups-remote-stopped", C::Paused},
    {"cups-ipp-conformance-failure", C::Notice},
    {"cups-ipp-missing-job-history", C::Notice},
    {"cups-ipp-missing-get-job-attributes", C::Misconfigured},
    {"cups-ipp-missing-cancel-job", C::Misconfigured},
    {"cups-pki-expired", C::Misconfigured},
    {"cups-pki-credentials-changed", C::Misconfigured},
    {"cups-pki-invalid", C::Misconfigured},
    {"cups-pki-unknown", C::Misconfigured},
    {"cups-certificate-error", C::Misconfigured},
    {"account-authorization-failed", C::Misconfigured},
    {"account-closed", C::Misconfigured},
    {"account-info-needed", C::Misconfigured},
    {"account-limit-reached", C::Misconfigured},
};

/// Part of the printer (start of the word) and what it can suffer (its end), PWG 5100.9 section 3.
/// The first row that fits counts; an empty start fits every part.
struct Alert {
    std::string_view start, end;
    C condition;
};
constexpr Alert kAlerts[] = {
    {"cups-", "", C::Notice},
    {"scan-", "", C::Notice}, // scanners and finishers of the same machine do not stop a print
    {"scanner-", "", C::Notice},
    {"fax-", "", C::Notice},
    {"modem-", "", C::Notice},
    {"imprinter-", "-life-almost-over", C::Notice},
    {"", "-turned-on", C::Notice},
    {"", "-resource-added", C::Notice},
    {"", "-resource-removed", C::Notice},
    {"", "-configuration-change", C::Notice},
    {"", "-closed", C::Notice},
    {"", "-added", C::Notice},
    {"", "-power-saver", C::Starting},
    {"", "-warming-up", C::Starting},
    {"", "-jam", C::PaperJam},
    {"", "-cover-open", C::CoverOpen},
    {"", "-door-open", C::CoverOpen},
    {"", "-interlock-open", C::CoverOpen},
    {"", "-opened", C::CoverOpen},
    {"", "-open", C::CoverOpen},
    {"", "-over-temperature", C::Overheated},
    {"", "-under-temperature", C::Overheated},
    {"", "-over-temp", C::Overheated},
    {"", "-under-temp", C::Overheated},
    {"input-", "-almost-empty", C::PaperLow},
    {"input-", "-low", C::PaperLow},
    {"input-", "-empty", C::PaperOut},
    {"input-", "-missing", C::TrayMissing},
    {"input-", "-removed", C::TrayMissing},
    {"output-", "-almost-full", C::OutputNearlyFull},
    {"output-", "-full", C::OutputFull},
    {"output-", "-missing", C::TrayMissing},
    {"output-", "-removed", C::TrayMissing},
    {"media-path-media-tray-", "almost-full", C::OutputNearlyFull},
    {"media-path-media-tray-", "full", C::OutputFull},
    {"media-path-media-tray-", "missing", C::TrayMissing},
    {"marker-waste-", "-almost-full", C::WasteNearlyFull},
    {"marker-waste-", "-full", C::WasteFull},
    {"", "-receptacle-almost-full", C::WasteNearlyFull},
    {"", "-receptacle-full", C::WasteFull},
    {"", "-almost-empty", C::SupplyLow},
    {"", "-near-eol", C::SupplyLow},
    {"", "-near-limit", C::SupplyLow},
    {"", "-life-almost-over", C::SupplyLow},
    {"", "-low", C::SupplyLow},
    {"", "-life-over", C::SupplyOut},
    {"", "-at-limit", C::SupplyOut},
    {"", "-empty", C::SupplyOut},
    {"", "-missing", C::SupplyMissing},
    {"", "-removed", C::SupplyMissing},
    {"", "-memory-exhausted", C::MemoryFull},
    {"", "-unavailable", C::Notice},
    {"", "-almost-full", C::OutputNearlyFull},
    {"", "-full", C::OutputFull},
    {"", "-unrecoverable-failure", C::Failure},
    {"", "-unrecoverable-storage-error", C::Failure},
    {"", "-failure", C::Failure}, // recoverable, motor, thermistor, timing ...
    {"", "-turned-off", C::Offline},
    {"", "-offline", C::Offline},
    {"", "-recoverable-storage", C::Notice},
};

struct Suffix {
    std::string_view text;
    Severity severity;
};
constexpr Suffix kSuffixes[] = {
    {"-report", Severity::Report},
    {"-warning", Severity::Warning},
    {"-error", Severity::Error},
};

C conditionOf(std::string_view word)
{
    const auto* known = std::find_if(std::begin(kWords), std::end(kWords),
                                     [word](const Word& row) { return row.text == word; });
    if (known != std::end(kWords)) {
        return known->condition;
    }
    const auto* alert =
        std::find_if(std::begin(kAlerts), std::end(kAlerts), [word](const Alert& row) {
            return word.size() >= row.start.size() + row.end.size() &&
                   word.starts_with(row.start) && word.ends_with(row.end);
        });
    return alert != std::end(kAlerts) ? alert->condition : C::Unknown;
}

std::string printableKeyword(std::string_view text)
{
    std::string kept(text.substr(0, kLongestKeyword));
    std::replace_if(
        kept.begin(), kept.end(), [](char c) { return c <= ' ' || c > '~'; }, '?');
    return kept;
}

} // namespace

DocumentPrinterReason parseReason(std::string_view keyword)
{
    DocumentPrinterReason reason{.keyword = printableKeyword(keyword)};
    for (const auto& suffix : kSuffixes) {
        if (keyword.ends_with(suffix.text)) {
            reason.severity = suffix.severity;
            keyword.remove_suffix(suffix.text.size());
            break;
        }
    }
    reason.condition = conditionOf(keyword);
    return reason;
}

} // namespace guichet::ipp
