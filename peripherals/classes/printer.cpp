// SPDX-License-Identifier: Apache-2.0
#include "peripherals/classes/printer.h"

namespace guichet {

bool PrinterStatus::ready() const
{
    return online && !coverOpen && !paperOut && !cutterError && !otherError && !needsService;
}

Remedy PrinterStatus::remedy() const
{
    if (needsService || cutterError) {
        return Remedy::CallStaff;
    }
    if (coverOpen) {
        return Remedy::CloseCover;
    }
    if (paperOut) {
        return Remedy::ReloadPaper;
    }
    if (otherError) {
        return Remedy::CallStaff;
    }
    return online ? Remedy::None : Remedy::Wait;
}

std::string describe(const PrinterStatus& status)
{
    std::string text;
    const auto add = [&text](bool set, std::string_view what) {
        if (set) {
            text += text.empty() ? "" : ", ";
            text += what;
        }
    };
    add(status.coverOpen, "cover open");
    add(status.paperOut, "paper out");
    add(status.cutterError, "cutter error");
    add(status.otherError, "error");
    add(status.needsService, "needs service");
    add(!status.online, "off-line");
    add(status.paperNearEnd, "paper near end");
    return text.empty() ? "ready" : text;
}

std::string_view name(PrintOutcome outcome)
{
    switch (outcome) {
    case PrintOutcome::Refused:
        return "refused";
    case PrintOutcome::Printed:
        return "printed";
    case PrintOutcome::Unknown:
        break;
    }
    return "unknown";
}

std::string_view name(PrintProof proof)
{
    switch (proof) {
    case PrintProof::ProcessId:
        return "processId";
    case PrintProof::InOrderReply:
        return "inOrderReply";
    case PrintProof::None:
        break;
    }
    return "none";
}

} // namespace guichet
