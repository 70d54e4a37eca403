// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "drivers/camera/pipeline_plan.h"
#include "peripherals/classes/camera.h"

namespace guichet::camera {

/// One running GStreamer pipeline. Loads only the plugins that its plan names. Thread-bound.
class Pipeline {
public:
    /// Starts it. Fails with Errc::Unsupported (a plugin is not installed) or Errc::Disconnected
    /// (it does not start).
    [[nodiscard]] static Result<std::unique_ptr<Pipeline>> start(const PipelinePlan& plan);
    ~Pipeline();
    Pipeline(const Pipeline&) = delete;
    Pipeline& operator=(const Pipeline&) = delete;

    /// Waits for a frame; valid until the next call. Nothing: none within `timeout`. Fails with
    /// Errc::Disconnected once the stream has ended or broken off, Errc::Busy if another program
    /// films with the device.
    [[nodiscard]] Result<std::optional<CameraFrame>> next(std::chrono::milliseconds timeout);

private:
    struct Parts;
    explicit Pipeline(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> m_parts;
};

} // namespace guichet::camera
