// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "peripherals/base/clock.h"
#include "peripherals/classes/camera.h"
#include "peripherals/frames/frame_writer.h"
#include "peripherals/host/helper_device.h"

namespace guichet::host {

using OpenCamera = std::function<Result<std::unique_ptr<Camera>>()>;
/// Whether it is still there, without making it film.
using LookForCamera = std::function<Result<void>()>;

/// Readers get frames of at most this size.
[[nodiscard]] frames::RingShape cameraRing();

/// The camera inside its helper process, which owns it: publishes every frame while somebody
/// wants frames, and lets it rest 3 s later; looks every 2 s then whether it is still there. Opens
/// a lost camera again with back-off (0.2 s to 2 s). Operations: takePicture -> {"picture": base64
/// of a JPEG}, reset (opens it anew).
class CameraHelper final : public HelperDevice {
public:
    /// The clock must outlive it.
    CameraHelper(OpenCamera open, LookForCamera look, std::unique_ptr<frames::FrameWriter> frames,
                 const Clock& clock);

    [[nodiscard]] Result<nlohmann::json> perform(const std::string& operation,
                                                 const nlohmann::json& arguments, HelperLine& line,
                                                 std::stop_token stop) override;
    /// Waits for one frame and publishes it, or for a moment while the camera rests or is lost.
    void watch(HelperLine& line) override;

private:
    void open(HelperLine& line);
    /// It is there, and does not film.
    void rest();
    void look(HelperLine& line);
    void close(const Error& error);
    void tell(HelperLine& line) const;
    /// Fetches and publishes one frame. Nothing: none came in time.
    [[nodiscard]] Result<std::optional<CameraFrame>> fetch(HelperLine& line);
    [[nodiscard]] Result<nlohmann::json> takePicture(HelperLine& line, const std::stop_token& stop);

    OpenCamera m_open;
    LookForCamera m_look;
    std::unique_ptr<frames::FrameWriter> m_frames;
    const Clock& m_clock;
    std::unique_ptr<Camera> m_camera;
    bool m_resting = false; ///< it is there, but not open
    Error m_lost;           ///< why there is no camera
    Ticks m_wantedAt{};     ///< when somebody last wanted frames
    Ticks m_lookAt{};
    Ticks m_openAt{};
    std::chrono::milliseconds m_pause;
};

} // namespace guichet::host
