// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/scanner_service.h"

#include <algorithm>
#include <array>
#include <string>

#include <nlohmann/json.hpp>

#include "peripherals/host/common_members.h"
#include "peripherals/host/helper_job.h"
#include "peripherals/host/passport_scan.h"

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

constexpr std::array kImageTypes{"tif", "wmf", "bmp", "jpg", "png", "gif", "svg"};
constexpr std::array kColours{"binary", "grayscale", "fullcolor"};
constexpr const char* kGroup1 = "passportDataGroup1";
constexpr const char* kGroup2 = "passportDataGroup2";

/// The member if it is there and not null.
const json* member(const json& object, const char* key)
{
    const auto found = object.find(key);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

/// One side that is asked for is an object of words of the standard. Empty: it is, or is not asked.
std::string wrongSide(const json& payload, const std::string& side)
{
    const auto* asked = member(payload, side.c_str());
    if (!asked) {
        return {};
    }
    if (!asked->is_object()) {
        return side + " is not an object";
    }
    const auto* type = member(*asked, "imageType");
    if (type && std::ranges::count(kImageTypes, *type) == 0) {
        return side + ".imageType is unknown";
    }
    const auto* colour = member(*asked, "colorFormat");
    if (colour && std::ranges::count(kColours, *colour) == 0) {
        return side + ".colorFormat is unknown";
    }
    return {};
}

/// What no scanner could make sense of; empty: nothing.
std::string wrong(const json& payload)
{
    for (const auto* side : {"frontImage", "backImage"}) {
        if (auto why = wrongSide(payload, side); !why.empty()) {
            return why;
        }
    }
    bool any = member(payload, "frontImage") || member(payload, "backImage");
    for (const auto* group : {kGroup1, kGroup2}) {
        const auto* asked = member(payload, group);
        if (asked && !asked->is_boolean()) {
            return std::string(group) + " is neither true nor false";
        }
        any = any || (asked && *asked == true);
    }
    return any ? std::string() : "frontImage is missing, and nothing else is asked for";
}

bool wants(const json& payload, const char* group)
{
    const auto* asked = member(payload, group);
    return asked && *asked == true;
}

WantedImages wantedOf(const json& payload)
{
    const auto* front = member(payload, "frontImage");
    return {.front = front != nullptr,
            .colour = !front || front->value("colorFormat", json()) != "grayscale",
            .dataGroup1 = wants(payload, kGroup1),
            .dataGroup2 = wants(payload, kGroup2)};
}

/// What this scanner cannot do of it; empty: nothing.
std::string unsupported(const json& payload, bool seesChips)
{
    if (member(payload, "backImage")) {
        return "backImage: this scanner sees one side";
    }
    for (const auto* group : {kGroup1, kGroup2}) {
        if (wants(payload, group) && !seesChips) {
            return std::string(group) + ": this scanner has no card reader for chips";
        }
    }
    const auto* front = member(payload, "frontImage");
    const auto* type = front ? member(*front, "imageType") : nullptr;
    if (type && *type != "jpg") {
        return "frontImage.imageType: jpg only";
    }
    const auto* colour = front ? member(*front, "colorFormat") : nullptr;
    if (colour && *colour == "binary") {
        return "frontImage.colorFormat: fullcolor or grayscale";
    }
    return {};
}

void readImage(HelperProcess& helper, const ChipReaders& readers, const std::string& passportReader,
               const std::shared_ptr<xfs::Job>& job)
{
    const auto& payload = job->command().payload;
    if (const auto why = wrong(payload); !why.empty()) {
        return job->complete(xfs::failure(CompletionCode::InvalidData, why));
    }
    if (const auto why = unsupported(payload, !passportReader.empty()); !why.empty()) {
        return job->complete(xfs::failure(CompletionCode::UnsupportedData, why));
    }
    const auto wanted = wantedOf(payload);
    if (wanted.dataGroup1 || wanted.dataGroup2) {
        return scanPassport(helper, readers, passportReader, wanted, job);
    }
    performInHelper(helper, job, {"readImage", {{"colour", wanted.colour}}}, imageEnd);
}

/// What only the chip of a passport has.
void offerDataGroups(xfs::ServiceDescription& description)
{
    description.events.push_back({"Printer.MediaRejectedEvent", "2.0"});
    auto& sources = description.capabilities["printer"]["imageSource"];
    sources[kGroup1] = true;
    sources[kGroup2] = true;
}

} // namespace

xfs::ServiceDescription scannerDescription(const std::string& passportReader)
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
    if (!passportReader.empty()) {
        offerDataGroups(description);
    }
    return description;
}

void performScannerCommand(HelperProcess& helper, const ChipReaders& readers,
                           const std::string& passportReader, const std::shared_ptr<xfs::Job>& job)
{
    const auto& command = job->command().name;
    if (command == "Printer.ReadImage") {
        return readImage(helper, readers, passportReader, job);
    }
    if (command == "Printer.Reset") {
        return resetInHelper(helper, job);
    }
    job->complete(xfs::failure(CompletionCode::UnsupportedCommand, "not a scanner command"));
}

} // namespace guichet::host
