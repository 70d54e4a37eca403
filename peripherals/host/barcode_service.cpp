// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/barcode_service.h"

#include <nlohmann/json.hpp>

#include "peripherals/host/common_members.h"
#include "peripherals/host/helper_job.h"
#include "peripherals/host/symbologies.h"

namespace guichet::host {

using nlohmann::json;
using xfs::Completion;
using xfs::CompletionCode;

namespace {

Completion readEnd(const Result<json>& result)
{
    if (!result) {
        return xfs::failure(result.error());
    }
    const auto symbology = result->value("symbology", std::string("symbologyUnknown"));
    return xfs::success(
        {{"readOutput", json::array({json{{"symbology", symbology},
                                          {"barcodeData", result->value("data", std::string())},
                                          {"symbologyName", titleOf(symbology)}}})}});
}

void read(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job)
{
    const auto symbologies = wantedSymbologies(job->command().payload);
    if (!symbologies) {
        const auto code = symbologies.error().code == Errc::Invalid
                              ? CompletionCode::InvalidData
                              : CompletionCode::UnsupportedData;
        return job->complete(xfs::failure(code, symbologies.error().detail));
    }
    performInHelper(helper, job, {"read", {{"symbologies", *symbologies}}}, readEnd);
}

} // namespace

namespace {

xfs::ServiceDescription describe(const char* model, const char* text, bool filters)
{
    json symbologies = json::object();
    for (const auto& each : symbologyNames()) {
        symbologies[each] = true;
    }
    xfs::ServiceDescription description;
    description.name = "barcodereader";
    description.commands = {{"BarcodeReader.Read", "2.0", "3.0"},
                            {"BarcodeReader.Reset", "2.0", "2.0"}};
    description.capabilities = {
        {"common", commonCapabilities(model, text)},
        {"barcodeReader", {{"canFilterSymbologies", filters}, {"symbologies", symbologies}}},
    };
    description.status = {
        {"common", commonStatusAtStart()},
        {"barcodeReader", {{"scanner", "unknown"}}},
    };
    return description;
}

} // namespace

xfs::ServiceDescription barcodeReaderDescription()
{
    return describe("Camera", "Reads codes in the camera's picture", true);
}

xfs::ServiceDescription handScannerDescription()
{
    return describe("Hand scanner", "Reads codes that it is held at", false);
}

void performBarcodeCommand(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job)
{
    const auto& name = job->command().name;
    if (name == "BarcodeReader.Read") {
        return read(helper, job);
    }
    if (name == "BarcodeReader.Reset") {
        return resetInHelper(helper, job);
    }
    job->complete(xfs::failure(CompletionCode::UnsupportedCommand, "not a barcode reader command"));
}

} // namespace guichet::host
