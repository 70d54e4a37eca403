// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/document_service.h"

#include <optional>
#include <string>
#include <utility>

#include "peripherals/base/bytes.h"
#include "peripherals/base/random.h"
#include "peripherals/classes/document_printer.h"
#include "peripherals/host/common_members.h"
#include "peripherals/host/helper_job.h"
#include "peripherals/host/helper_protocol.h"

namespace guichet::host {

using nlohmann::json;
using xfs::Completion;
using xfs::CompletionCode;

namespace {

constexpr std::string_view kPdf = "%PDF-";

/// Nothing, or why it is wrong.
std::optional<std::string> wrongMember(const json& payload)
{
    const auto data = payload.find("data");
    if (data == payload.end() || !data->is_string()) {
        return "data is missing";
    }
    const auto document = fromBase64(data->get_ref<const std::string&>());
    if (!document) {
        return "data is not base64";
    }
    if (!asText(*document).starts_with(kPdf)) {
        return "data is not a PDF document";
    }
    const auto source = payload.value("paperSource", json(nullptr));
    if (!source.is_null() && source != "upper" && source != "any") {
        return "paperSource is neither upper nor any";
    }
    const auto id = payload.value("documentId", json(nullptr));
    if (!id.is_null() && (!id.is_string() || !isDocumentId(id.get_ref<const std::string&>()))) {
        return "documentId is not 1 to 127 of A-Z a-z 0-9 . _ -";
    }
    return std::nullopt;
}

void printNative(HelperProcess& helper, DocumentPrints& prints,
                 const std::shared_ptr<xfs::Job>& job)
{
    const auto& command = job->command();
    if (const auto wrong = wrongMember(command.payload)) {
        return job->complete(xfs::failure(CompletionCode::InvalidData, *wrong));
    }
    const auto id = command.payload.find("documentId");
    prints.print(helper, job,
                 id != command.payload.end() && id->is_string() ? id->get<std::string>()
                                                                : randomUuid());
}

void reset(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job)
{
    performInHelper(helper, job, {"reset"}, [](const Result<json>& result) {
        return result ? xfs::success() : documentFailure(result.error());
    });
}

} // namespace

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

Completion documentCompletion(const json& report)
{
    const auto outcome = report.value("outcome", std::string());
    if (outcome == "printed") {
        return xfs::success();
    }
    auto error = report.contains("error")
                     ? errorFromJson(report.at("error"))
                     : Error{Errc::Internal, Remedy::CallStaff, "the printer gave no reason"};
    error.detail = outcome + ": " + error.detail;
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
        return reset(helper, job);
    }
    job->complete(xfs::failure(CompletionCode::UnsupportedCommand, "not a document command"));
}

} // namespace guichet::host
