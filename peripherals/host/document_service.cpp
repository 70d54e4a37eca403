// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/document_service.h"

#include <string>
#include <utility>

#include "peripherals/base/random.h"
#include "peripherals/host/common_members.h"
#include "peripherals/host/helper_job.h"

namespace guichet::host {

using nlohmann::json;
using xfs::Completion;
using xfs::CompletionCode;

namespace {

void printNative(HelperProcess& helper, DocumentPrints& prints,
                 const std::shared_ptr<xfs::Job>& job)
{
    const auto& command = job->command();
    auto data = documentIn(command.payload);
    if (!data) {
        return job->complete(xfs::failure(data.error()));
    }
    const auto source = command.payload.value("paperSource", json(nullptr));
    if (!source.is_null() && source != "upper" && source != "any") {
        return job->complete(
            xfs::failure(CompletionCode::InvalidData, "paperSource is neither upper nor any"));
    }
    const auto operation =
        prints.print(helper, {randomUuid(), std::move(*data), command.timeout},
                     [job](const DocumentEnd& end) { job->complete(documentCompletion(end)); });
    job->onStop([&helper, operation](xfs::StopReason) { helper.stop(operation); });
}

/// The standard has a word for paper; for the rest the remedy in the description has to do.
Completion documentFailure(const Error& error)
{
    switch (error.remedy) {
    case Remedy::ReloadPaper:
        return xfs::commandError("paperOut", error);
    case Remedy::TakePaper:
        return xfs::commandError("stackerFull", error);
    case Remedy::CloseCover:
    case Remedy::ReconnectCable:
        return xfs::failure(CompletionCode::DeviceNotReady, xfs::describe(error));
    default:
        return xfs::failure(error);
    }
}

} // namespace

Completion documentCompletion(const DocumentEnd& end)
{
    if (!end.error) {
        return xfs::success();
    }
    auto error = *end.error;
    error.detail = std::string(documentState(end.state)) + ": " + error.detail;
    return documentFailure(error);
}

xfs::ServiceDescription documentPrinterDescription()
{
    xfs::ServiceDescription description;
    description.name = "documentprinter";
    description.commands = {
        {"Printer.PrintNative", "3.0", "2.0"},
        {"Printer.Reset", "3.0", "2.0"},
    };
    description.events = {{"Printer.PaperThresholdEvent", "2.0"}};
    description.capabilities = {
        {"common", commonCapabilities("IPP", "A4 printer; native data is PDF")},
        {"printer",
         {{"type", {{"document", true}}},
          {"resolution", {{"high", true}}},
          {"writeForm", {{"text", false}}},
          {"control", {{"eject", false}}},
          {"maxMediaOnStacker", 0},
          {"acceptMedia", false},
          {"multiPage", true},
          {"paperSources", {{"upper", true}}},
          {"mediaTaken", false},
          {"mediaPresented", false},
          {"dispensePaper", false},
          {"autoRetractPeriod", 0},
          {"retractToTransport", false}}},
    };
    description.status = {
        {"common", commonStatusAtStart()},
        {"printer",
         {{"media", "unknown"}, {"paper", {{"upper", "unknown"}}}, {"toner", "unknown"}}},
    };
    return description;
}

void performDocumentCommand(HelperProcess& helper, DocumentPrints& prints,
                            const std::shared_ptr<xfs::Job>& job)
{
    const auto& command = job->command().name;
    if (command == "Printer.PrintNative") {
        return printNative(helper, prints, job);
    }
    if (command == "Printer.Reset") {
        return resetInHelper(helper, job, documentFailure);
    }
    job->complete(xfs::failure(CompletionCode::UnsupportedCommand, "not a document command"));
}

} // namespace guichet::host
