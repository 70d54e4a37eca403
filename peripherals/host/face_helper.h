// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "drivers/face/face_policy.h"
#include "drivers/face/face_tools.h"
#include "peripherals/base/clock.h"
#include "peripherals/frames/frame_reader.h"
#include "peripherals/host/helper_device.h"

namespace guichet::host {

/// Looks for the customer's face in the frames of a camera's helper. No picture and nothing that
/// tells one person from another leaves it, or is kept once the operation has ended.
/// Operation takeFace {"timeoutMs"}: waits until a face is taken (see face::FacePolicy) or the time
/// is over, then says what came closest: describeFace with "steady" and "finder". Events: the
/// keywords of face::adviceFor; the first is always showFace. Errc::Timeout if no face was seen.
/// Operation checkFace: {"match": {"verdict","reason","score","threshold","unverified"}}. The
/// verdict is "notChecked" as long as no document's portrait is handed to this device.
class FaceHelper final : public HelperDevice {
public:
    /// The clock must outlive it.
    FaceHelper(std::filesystem::path camera, const Clock& clock, face::FaceTools tools);

    [[nodiscard]] Result<nlohmann::json> perform(const std::string& operation,
                                                 const nlohmann::json& arguments, HelperLine& line,
                                                 std::stop_token stop) override;
    void watch(HelperLine& line) override;

private:
    [[nodiscard]] Result<nlohmann::json> takeFace(const nlohmann::json& arguments, HelperLine& line,
                                                  const std::stop_token& stop);
    [[nodiscard]] nlohmann::json checkFace() const;
    /// Of a frame captured after that; nothing: none in time, or an older one.
    [[nodiscard]] std::optional<face::FaceVerdict> nextVerdict(HelperLine& line, Ticks after);
    void forgetFrame();

    const Clock& m_clock;
    face::FaceTools m_tools;
    frames::FrameReader m_frames;
    Bytes m_pixels;
};

/// {"verdict","faces","width","light","burnt","sides","sharpness","eyes","tilt"}; the last two are
/// null without a face. Figures are rounded.
[[nodiscard]] nlohmann::json describeFace(const face::FaceVerdict& seen);

} // namespace guichet::host
