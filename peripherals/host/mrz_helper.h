// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>

#include "drivers/mrz/agreement.h"
#include "drivers/mrz/document_picture.h"
#include "drivers/mrz/frame_reader.h"
#include "peripherals/base/clock.h"
#include "peripherals/base/sealing.h"
#include "peripherals/frames/frame_reader.h"
#include "peripherals/host/helper_device.h"

namespace guichet::host {

/// Reads documents in the frames of a camera's helper. Operation readMrz
/// {"timeoutMs","recipients":{DEVICE: PEM}}: the machine readable zone, whose names and dates go
/// out and whose number is sealed here: to the bank as "sealed", and the zone as "zoneFor" {DEVICE:
/// ...} to the helpers that read chips. Events: showDocument, moveCloser, holdStill, tiltDocument,
/// reading. A zone that frames do not agree on comes with "confirm": a person compares it with the
/// document, or its chip does.
/// Operation readImage {"front": true,"colour": true,"mostBytes","recipients"} -> {"picture":
/// base64 of a JPEG}: the document as soon as it lies still, laid straight and upright. Events:
/// Printer.NoMediaEvent, Printer.MediaInsertedEvent. With recipients its zone is read too, for them
/// alone, with the events of readMrz: "zoneFor". Errc::Conflict: the picture shows another
/// document.
class MrzHelper final : public HelperDevice {
public:
    /// Without a key readMrz fails with Errc::Unsupported. The clock must outlive it.
    MrzHelper(std::filesystem::path camera, const Clock& clock, std::optional<SealingKey> key);

    [[nodiscard]] Result<nlohmann::json> perform(const std::string& operation,
                                                 const nlohmann::json& arguments, HelperLine& line,
                                                 std::stop_token stop) override;
    void watch(HelperLine& line) override;

private:
    [[nodiscard]] Result<nlohmann::json> readZone(const nlohmann::json& arguments, HelperLine& line,
                                                  const std::stop_token& stop);
    /// A document as it was pictured, and the zone that can be read in the picture.
    struct Picture {
        nlohmann::json jpeg;
        std::optional<mrz::ZoneCandidate> zone;
    };
    [[nodiscard]] Result<nlohmann::json> readImage(const nlohmann::json& arguments,
                                                   HelperLine& line, const std::stop_token& stop);
    [[nodiscard]] Result<Picture> awaitPicture(const nlohmann::json& arguments, HelperLine& line,
                                               const std::stop_token& stop);
    /// A frame captured after that; nothing: none in time, or an older one.
    [[nodiscard]] std::optional<CameraFrame> nextFrame(HelperLine& line, Ticks after);
    /// No frame for longer than the camera's helper takes to notice, and no camera.
    [[nodiscard]] bool cameraGone();
    [[nodiscard]] Result<Picture> picture(const CameraFrame& frame, const mrz::Corners& corners,
                                          const nlohmann::json& arguments) const;
    /// Without a limit it waits until it is stopped, or the camera is gone.
    [[nodiscard]] Result<mrz::AgreedZone> awaitZone(HelperLine& line, const std::stop_token& stop,
                                                    std::optional<std::chrono::milliseconds> limit);
    [[nodiscard]] std::optional<mrz::FrameReading> nextReading(HelperLine& line, Ticks after);
    [[nodiscard]] Result<nlohmann::json> describe(const mrz::AgreedZone& agreed,
                                                  const nlohmann::json& recipients) const;

    const Clock& m_clock;
    std::optional<SealingKey> m_key;
    frames::FrameReader m_frames;
    mrz::MrzFrameReader m_reader;
    mrz::MrzAgreement m_agreement;
    Bytes m_pixels;
    Ticks m_lastFrame{};
};

} // namespace guichet::host
