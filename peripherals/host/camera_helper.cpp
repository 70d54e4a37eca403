// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/camera_helper.h"

#include <algorithm>
#include <thread>
#include <utility>

#include <spdlog/spdlog.h>

#include "drivers/camera/still_picture.h"

namespace guichet::host {

using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds kFirstPause = 200ms, kLongestPause = 2000ms;
constexpr auto kFrameWait = 100ms;
constexpr auto kNoCameraWait = 20ms;
constexpr auto kFrameBudget = 5s;
constexpr auto kOpenBudget = 40s; ///< each way of opening has its own, shorter patience
constexpr int kPictureTries = 20;
/// As base64 it must fit into one message of XFS4IoT.
constexpr std::size_t kMostPictureBytes = 1'400'000;

} // namespace

frames::RingShape cameraRing()
{
    return {4, 1280 * 720 * 3 / 2};
}

CameraHelper::CameraHelper(OpenCamera open, std::unique_ptr<frames::FrameWriter> frames,
                           const Clock& clock)
    : m_open(std::move(open))
    , m_frames(std::move(frames))
    , m_clock(clock)
    , m_lost{Errc::Disconnected, Remedy::Wait, "camera: not opened yet"}
    , m_openAt(clock.ticks())
    , m_pause(kFirstPause)
{
}

void CameraHelper::watch(HelperLine& line)
{
    if (!m_camera && m_clock.ticks() >= m_openAt) {
        open(line);
    }
    if (m_camera) {
        static_cast<void>(fetch(line)); // an error is told as the status
    } else {
        m_frames->serve();
        std::this_thread::sleep_for(kNoCameraWait); // the loop calls again at once
    }
    tell(line);
}

void CameraHelper::open(HelperLine& line)
{
    line.step("open", kOpenBudget);
    auto opened = m_open();
    if (!opened) {
        return close(opened.error());
    }
    spdlog::info("camera: open");
    m_camera = std::move(*opened);
    m_pause = kFirstPause;
}

void CameraHelper::close(const Error& error)
{
    if (error != m_lost) {
        spdlog::warn("{}", error.detail);
    }
    m_camera.reset();
    m_lost = error;
    m_openAt = m_clock.ticks() + m_pause;
    m_pause = std::min(m_pause * 2, kLongestPause);
}

void CameraHelper::tell(HelperLine& line) const
{
    const bool silent = m_lost.code == Errc::Timeout || m_lost.code == Errc::Protocol;
    const char* device = m_camera ? "online" : silent ? "hardwareError" : "offline";
    line.status({{"common", {{"device", device}}},
                 {"camera", {{"cameras", {{"person", m_camera ? "ok" : "inop"}}}}}});
}

Result<std::optional<CameraFrame>> CameraHelper::fetch(HelperLine& line)
{
    line.step("frame", kFrameBudget);
    auto frame = m_camera->next(kFrameWait);
    if (!frame) {
        close(frame.error());
        return frame;
    }
    if (!*frame) {
        m_frames->serve();
        return frame;
    }
    frames::FrameInfo info;
    info.captureNs = std::chrono::nanoseconds((*frame)->captured.time_since_epoch()).count();
    info.width = static_cast<std::uint32_t>((*frame)->width);
    info.height = static_cast<std::uint32_t>((*frame)->height);
    info.stride = static_cast<std::uint32_t>((*frame)->stride);
    info.format = frames::PixelFormat::I420;
    if (auto published = m_frames->publish(info, (*frame)->pixels); !published) {
        close({Errc::Protocol, Remedy::CallStaff, published.error().detail});
        return tl::unexpected(m_lost);
    }
    return frame;
}

Result<json> CameraHelper::perform(const std::string& operation, const json&, HelperLine& line,
                                   std::stop_token stop)
{
    if (operation == "takePicture") {
        return takePicture(line, stop);
    }
    if (operation == "reset") {
        m_camera.reset();
        m_pause = kFirstPause;
        open(line);
        tell(line);
        return m_camera ? Result<json>(json::object()) : tl::unexpected(m_lost);
    }
    return fail(Errc::Unsupported, "camera: unknown operation");
}

Result<json> CameraHelper::takePicture(HelperLine& line, const std::stop_token& stop)
{
    for (int tries = 0; m_camera && tries < kPictureTries; ++tries) {
        if (stop.stop_requested()) {
            return fail(Errc::Cancelled, "camera: stopped");
        }
        const auto frame = fetch(line);
        if (frame && *frame) {
            auto jpeg = camera::toJpeg(**frame, kMostPictureBytes);
            if (!jpeg) {
                return tl::unexpected(std::move(jpeg).error());
            }
            return json{{"picture", toBase64(*jpeg)}};
        }
    }
    return m_camera ? fail(Errc::Timeout, "camera: no frame came", Remedy::Retry)
                    : Result<json>(tl::unexpected(m_lost));
}

} // namespace guichet::host
