// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/camera_service.h"

#include <nlohmann/json.hpp>

#include "peripherals/host/common_members.h"
#include "peripherals/host/helper_job.h"

namespace guichet::host {

using nlohmann::json;
using xfs::Completion;
using xfs::CompletionCode;

namespace {

constexpr const char* kCamera = "person";

Completion cameraFailure(const Error& error)
{
    const bool gone = error.code == Errc::Disconnected || error.code == Errc::Timeout;
    return gone ? xfs::commandError("cameraInoperable", error) : xfs::failure(error);
}

void takePicture(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job)
{
    const auto& payload = job->command().payload;
    const auto camera = payload.value("camera", json());
    if (!camera.is_string()) {
        return job->complete(
            xfs::failure(CompletionCode::InvalidData, "camera is missing or not a string"));
    }
    const auto text = payload.value("camData", json());
    if (!text.is_null() && !text.is_string()) {
        return job->complete(xfs::failure(CompletionCode::InvalidData, "camData is not a string"));
    }
    if (text.is_string() && !text.get<std::string>().empty()) {
        return job->complete(xfs::failure(CompletionCode::UnsupportedData,
                                          "camData: this camera writes no text into pictures"));
    }
    if (camera != kCamera) {
        return job->complete(xfs::commandError(
            "cameraNotSupported", {Errc::Unsupported, Remedy::None, "this camera is person only"}));
    }
    performInHelper(helper, job, {"takePicture"}, [](const Result<json>& result) {
        return result ? xfs::success({{"pictureFile", result->value("picture", std::string())}})
                      : cameraFailure(result.error());
    });
}

} // namespace

xfs::ServiceDescription cameraDescription()
{
    xfs::ServiceDescription description;
    description.name = "camera";
    description.commands = {{"Camera.TakePicture", "2.0", "3.0"}, {"Camera.Reset", "2.0", "2.0"}};
    description.capabilities = {
        {"common", commonCapabilities("Camera", "Stills are JPEG, 1280 by 720")},
        {"camera", {{"cameras", {{kCamera, true}}}, {"maxPictures", 0}, {"maxDataLength", 0}}},
    };
    description.status = {
        {"common", commonStatusAtStart()},
        {"camera", {{"cameras", {{kCamera, "unknown"}}}}},
    };
    return description;
}

void performCameraCommand(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job)
{
    const auto& name = job->command().name;
    if (name == "Camera.TakePicture") {
        return takePicture(helper, job);
    }
    if (name == "Camera.Reset") {
        return resetInHelper(helper, job);
    }
    job->complete(xfs::failure(CompletionCode::UnsupportedCommand, "not a camera command"));
}

} // namespace guichet::host
