// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/scanner_service.h"

#include <string>

#include <nlohmann/json.hpp>

#include "peripherals/host/common_members.h"
#include "peripherals/host/helper_job.h"

namespace guichet::host {

using nlohmann::json;
using xfs::Completion;
using xfs::CompletionCode;

namespace {

Completion imageEnd(const Result<json>& result)
{
    if (!result) {
        return xfs::failure(result.error());
    }
    return xfs::success(
        {{"images",
          {{"front", {{"status", "ok"}, {"data", result->value("picture", std::string())}}}}}});
}

bool asked(const json& payload, const char* member)
{
    const auto found = payload.find(member);
    return found != payload.end() && !found->is_null() && *found != false;
}

/// What is wrong with a request for the front; empty: nothing.
std::string wrongFront(const json& payload)
{
    const auto front = payload.find("frontImage");
    if (front == payload.end() || !front->is_object()) {
        return "frontImage is missing or not an object";
    }
    for (const auto* member : {"imageType", "colorFormat"}) {
        const auto value = front->value(member, json());
        if (!value.is_null() && !value.is_string()) {
            return std::string("frontImage.") + member + " is not a string";
        }
    }
    return {};
}

/// What this scanner cannot do of it; empty: nothing.
std::string unsupported(const json& payload)
{
    for (const auto* member : {"backImage", "passportDataGroup1", "passportDataGroup2"}) {
        if (asked(payload, member)) {
            return std::string(member) + ": this scanner sees one side and no chip";
        }
    }
    const auto& front = payload.at("frontImage");
    const auto type = front.value("imageType", json());
    if (!type.is_null() && type != "jpg") {
        return "frontImage.imageType: jpg only";
    }
    const auto colours = front.value("colorFormat", json());
    if (!colours.is_null() && colours != "fullcolor" && colours != "grayscale") {
        return "frontImage.colorFormat: fullcolor or grayscale";
    }
    return {};
}

void readImage(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job)
{
    const auto& payload = job->command().payload;
    if (const auto wrong = wrongFront(payload); !wrong.empty()) {
        return job->complete(xfs::failure(CompletionCode::InvalidData, wrong));
    }
    if (const auto why = unsupported(payload); !why.empty()) {
        return job->complete(xfs::failure(CompletionCode::UnsupportedData, why));
    }
    const bool colour = payload.at("frontImage").value("colorFormat", json()) != "grayscale";
    performInHelper(helper, job, {"readImage", {{"colour", colour}}}, imageEnd);
}

} // namespace

xfs::ServiceDescription scannerDescription()
{
    xfs::ServiceDescription description;
    description.name = "idreader";
    description.commands = {{"Printer.ReadImage", "3.0", "3.0"}, {"Printer.Reset", "3.0", "2.0"}};
    description.events = {{"Printer.NoMediaEvent", "2.0"}, {"Printer.MediaInsertedEvent", "2.0"}};
    description.capabilities = {
        {"common", commonCapabilities("Document camera", "Lays documents straight; JPEG")},
        {"printer",
         {{"type", {{"scanner", true}}},
          {"imageType", {{"jpg", true}}},
          {"frontImageColorFormat", {{"grayscale", true}, {"full", true}}},
          {"imageSource", {{"imageFront", true}}},
          {"control", {{"eject", false}}},
          {"maxMediaOnStacker", 0},
          {"acceptMedia", true},
          {"multiPage", false},
          {"mediaTaken", false},
          {"mediaPresented", false},
          {"dispensePaper", false},
          {"autoRetractPeriod", 0},
          {"retractToTransport", false}}},
    };
    description.status = {
        {"common", commonStatusAtStart()},
        {"printer", {{"media", "unknown"}}},
    };
    return description;
}

void performScannerCommand(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job)
{
    const auto& command = job->command().name;
    if (command == "Printer.ReadImage") {
        return readImage(helper, job);
    }
    if (command == "Printer.Reset") {
        return performInHelper(helper, job, {"reset"}, [](const Result<json>& result) {
            return result ? xfs::success() : xfs::failure(result.error());
        });
    }
    job->complete(xfs::failure(CompletionCode::UnsupportedCommand, "not a scanner command"));
}

} // namespace guichet::host
