// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/camera_helper.h"

#include <algorithm>
#include <utility>

#include <malloc.h>
#include <spdlog/spdlog.h>

#include "drivers/camera/still_picture.h"

namespace guichet::host {

using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds kFirstPause = 200ms, kLongestPause = 2000ms;
constexpr auto kDeviceFrameWait = 100ms;
constexpr auto kNoCameraWait = 20ms;
constexpr auto kRestWait = 100ms; ///< a picture to be taken waits for its end
constexpr auto kLinger = 3s;      ///< the next read often follows soon
constexpr auto kLookAgain = 2s;
constexpr auto kLookBudget = 10s; ///< name servers take their time
constexpr auto kDeviceFrameBudget = 5s;
constexpr auto kOpenBudget = 40s; ///< each way of opening has its own, shorter patience
constexpr int kPictureTries = 20;
/// As base64 it must fit into one message of XFS4IoT.
constexpr std::size_t kMostPictureBytes = 1'400'000;

} // namespace

frames::RingShape cameraRing()
{
    return {4, 1280 * 720 * 3 / 2};
}

CameraHelper::CameraHelper(OpenCamera open, LookForCamera look,
                           std::unique_ptr<frames::FrameWriter> frames, const Clock& clock)
    : m_open(std::move(open))
    , m_look(std::move(look))
    , m_frames(std::move(frames))
    , m_clock(clock)
    , m_lost{Errc::Disconnected, Remedy::Wait, "camera: not opened yet"}
    , m_openAt(clock.ticks())
    , m_pause(kFirstPause)
{
}

void CameraHelper::watch(HelperLine& line)
{
    const auto now = m_clock.ticks();
    if (m_frames->wanted()) {
        m_wantedAt = now;
    }
    if (!m_camera && (m_resting ? m_frames->wanted() : now >= m_openAt)) {
        open(line);
    }
    if (m_camera) {
        static_cast<void>(fetch(line)); // an error is told as the status
        if (m_camera && now - m_wantedAt >= kLinger) {
            rest();
        }
    } else {
        if (m_resting && now >= m_lookAt) {
            look(line);
        }
        m_frames->wait(m_resting ? kRestWait : kNoCameraWait); // the loop calls again at once
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
    m_resting = false;
    m_pause = kFirstPause;
    m_wantedAt = m_clock.ticks();
}

void CameraHelper::rest()
{
    spdlog::debug("camera: nobody wants frames");
    m_camera.reset();
    m_resting = true;
    m_lookAt = m_clock.ticks() + kLookAgain;
    ::malloc_trim(0); // what decoding took
}

void CameraHelper::look(HelperLine& line)
{
    line.step("look", kLookBudget);
    m_lookAt = m_clock.ticks() + kLookAgain;
    if (auto there = m_look(); !there) {
        close(there.error());
    }
}

void CameraHelper::close(const Error& error)
{
    if (error != m_lost) {
        spdlog::warn("{}", error.detail);
    }
    m_camera.reset();
    m_resting = false;
    m_frames->sourceLost();
    m_lost = error;
    m_openAt = m_clock.ticks() + m_pause;
    m_pause = std::min(m_pause * 2, kLongestPause);
}

void CameraHelper::tell(HelperLine& line) const
{
    const bool silent = m_lost.code == Errc::Timeout || m_lost.code == Errc::Protocol;
    const bool there = m_camera || m_resting;
    const char* device = there ? "online" : silent ? "hardwareError" : "offline";
    line.status({{"common", {{"device", device}}},
                 {"camera", {{"cameras", {{"person", there ? "ok" : "inop"}}}}}});
}

Result<std::optional<CameraFrame>> CameraHelper::fetch(HelperLine& line)
{
    line.step("frame", kDeviceFrameBudget);
    auto frame = m_camera->next(kDeviceFrameWait);
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
        m_resting = false;
        m_pause = kFirstPause;
        open(line);
        tell(line);
        return m_camera ? Result<json>(json::object()) : tl::unexpected(m_lost);
    }
    return fail(Errc::Unsupported, "camera: unknown operation");
}

Result<json> CameraHelper::takePicture(HelperLine& line, const std::stop_token& stop)
{
    if (m_resting) {
        open(line);
    }
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
