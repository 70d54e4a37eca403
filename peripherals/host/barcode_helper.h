// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "drivers/barcode/frame_policy.h"
#include "peripherals/base/clock.h"
#include "peripherals/frames/frame_reader.h"
#include "peripherals/host/helper_device.h"

namespace guichet::host {

/// The code reader inside its helper process: looks at the frames of a camera's helper. Operation:
/// read {"symbologies":["qrCode", ...]} -> {"symbology","data": base64}, which waits until a code
/// is accepted or it is stopped, also while the camera is away; reset.
class BarcodeHelper final : public HelperDevice {
public:
    /// The clock must outlive it.
    BarcodeHelper(std::filesystem::path camera, const Clock& clock);

    [[nodiscard]] Result<nlohmann::json> perform(const std::string& operation,
                                                 const nlohmann::json& arguments, HelperLine& line,
                                                 std::stop_token stop) override;
    void watch(HelperLine& line) override;

private:
    [[nodiscard]] Result<nlohmann::json> read(const nlohmann::json& arguments, HelperLine& line,
                                              const std::stop_token& stop);
    void tell(HelperLine& line, bool reading);

    const Clock& m_clock;
    frames::FrameReader m_frames;
    Bytes m_pixels;
    barcode::FramePolicy m_policy;
};

} // namespace guichet::host
