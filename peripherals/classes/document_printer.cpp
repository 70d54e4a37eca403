// SPDX-License-Identifier: Apache-2.0
#include "peripherals/classes/document_printer.h"

#include <algorithm>

namespace guichet {
namespace {

struct ConditionRow {
    DocumentCondition condition;
    std::string_view name;
    bool blocks;
    Remedy remedy;
};

/// Most urgent first: what hides the others, then what a customer can mend.
constexpr ConditionRow kConditions[] = {
    {DocumentCondition::CoverOpen, "coverOpen", true, Remedy::CloseCover},
    {DocumentCondition::PaperJam, "paperJam", true, Remedy::CallStaff},
    {DocumentCondition::PaperOut, "paperOut", true, Remedy::ReloadPaper},
    {DocumentCondition::TrayMissing, "trayMissing", true, Remedy::ReloadPaper},
    {DocumentCondition::OutputFull, "outputFull", true, Remedy::TakePaper},
    {DocumentCondition::SupplyOut, "supplyOut", true, Remedy::CallStaff},
    {DocumentCondition::SupplyMissing, "supplyMissing", true, Remedy::CallStaff},
    {DocumentCondition::WasteFull, "wasteFull", true, Remedy::CallStaff},
    {DocumentCondition::Failure, "failure", true, Remedy::CallStaff},
    {DocumentCondition::Overheated, "overheated", true, Remedy::Wait},
    {DocumentCondition::Offline, "offline", true, Remedy::ReconnectCable},
    {DocumentCondition::Paused, "paused", true, Remedy::CallStaff},
    {DocumentCondition::MemoryFull, "memoryFull", false, Remedy::CallStaff},
    {DocumentCondition::Misconfigured, "misconfigured", false, Remedy::CallStaff},
    {DocumentCondition::PaperLow, "paperLow", false, Remedy::ReloadPaper},
    {DocumentCondition::OutputNearlyFull, "outputNearlyFull", false, Remedy::TakePaper},
    {DocumentCondition::SupplyLow, "supplyLow", false, Remedy::CallStaff},
    {DocumentCondition::WasteNearlyFull, "wasteNearlyFull", false, Remedy::CallStaff},
    {DocumentCondition::Starting, "starting", false, Remedy::Wait},
    {DocumentCondition::Notice, "notice", false, Remedy::None},
    {DocumentCondition::Unknown, "unknown", false, Remedy::CallStaff},
};

const ConditionRow& row(DocumentCondition condition)
{
    const auto* found = std::find_if(
        std::begin(kConditions), std::end(kConditions),
        [condition](const ConditionRow& candidate) { return candidate.condition == condition; });
    return found == std::end(kConditions) ? *std::prev(std::end(kConditions)) : *found;
}

} // namespace

bool DocumentPrinterReason::blocks() const
{
    if (severity == Severity::Report) {
        return false;
    }
    // What never stops a printer does not stop it as an "error" either, but an unknown word may.
    const bool grave = condition == DocumentCondition::Unknown ||
                       condition == DocumentCondition::MemoryFull ||
                       condition == DocumentCondition::Misconfigured;
    return row(condition).blocks || (grave && severity == Severity::Error);
}

const DocumentPrinterReason* DocumentPrinterStatus::blocking() const
{
    const DocumentPrinterReason* most = nullptr;
    for (const auto& reason : reasons) {
        if (reason.blocks() && (most == nullptr || reason.condition < most->condition)) {
            most = &reason;
        }
    }
    return most;
}

bool DocumentPrinterStatus::ready() const
{
    if (!acceptsJobs || activity == Activity::Stopped) {
        return false;
    }
    return (spooler && activity == Activity::Idle) || blocking() == nullptr;
}

Remedy DocumentPrinterStatus::remedy() const
{
    if (ready()) {
        return Remedy::None;
    }
    const auto* reason = blocking();
    return reason != nullptr ? remedyFor(reason->condition) : Remedy::CallStaff;
}

std::string describe(const DocumentPrinterStatus& status)
{
    std::string words;
    for (const auto& reason : status.reasons) {
        words += (words.empty() ? "" : ", ") + reason.keyword;
    }
    std::string text = !status.acceptsJobs ? "takes no jobs"
                       : status.activity == DocumentPrinterStatus::Activity::Stopped ? "stopped"
                       : status.ready()                                              ? "ready"
                                                                                     : "waits";
    return words.empty() ? text : text + ": " + words;
}

std::string_view name(DocumentCondition condition)
{
    return row(condition).name;
}

std::string_view name(Severity severity)
{
    switch (severity) {
    case Severity::Report:
        return "report";
    case Severity::Warning:
        return "warning";
    case Severity::Error:
        break;
    }
    return "error";
}

std::string_view name(DocumentOutcome outcome)
{
    switch (outcome) {
    case DocumentOutcome::Refused:
        return "refused";
    case DocumentOutcome::Printed:
        return "printed";
    case DocumentOutcome::Ended:
        return "ended";
    case DocumentOutcome::Unknown:
        break;
    }
    return "unknown";
}

bool isDocumentId(std::string_view text)
{
    constexpr std::string_view kMarks = "._-";
    return !text.empty() && text.size() <= 127 &&
           std::all_of(text.begin(), text.end(), [&](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                      kMarks.find(c) != std::string_view::npos;
           });
}

Remedy remedyFor(DocumentCondition condition)
{
    return row(condition).remedy;
}

} // namespace guichet
