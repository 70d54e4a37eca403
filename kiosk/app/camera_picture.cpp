// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/camera_picture.h"

#include <chrono>
#include <utility>

#include "kiosk/app/frame_picture.h"
#include "peripherals/frames/frame_reader.h"

namespace guichet::kiosk {

namespace {

using SteadyClock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kPictureTime = std::chrono::milliseconds(1000 / 15 - 5); ///< a camera of 15 keeps up
constexpr auto kStale = 1s;
constexpr auto kLook = 200ms;

SteadyClock::time_point captureTime(const frames::FrameInfo& info)
{
    return SteadyClock::time_point(std::chrono::nanoseconds(info.captureNs));
}

} // namespace

CameraPicture::CameraPicture(std::filesystem::path frames, QObject* parent)
    : QObject(parent)
    , m_frames(std::move(frames))
{
}

CameraPicture::~CameraPicture() = default;

void CameraPicture::watch(bool on)
{
    if (on == m_thread.joinable()) {
        return;
    }
    if (on) {
        m_thread = std::jthread([this](const std::stop_token& stop) { follow(stop); });
    } else {
        m_thread = {}; // it is interrupted, and at most in the middle of one picture
        post({});
    }
}

void CameraPicture::follow(const std::stop_token& stop)
{
    frames::FrameReader reader(m_frames);
    const std::stop_callback ending(stop, [&reader] { reader.interrupt(); });
    Bytes pixels;
    auto shown = SteadyClock::now() - kPictureTime;
    auto captured = SteadyClock::now(); // of the last picture
    bool live = false;
    while (!stop.stop_requested()) {
        const auto info = reader.next(pixels, kLook);
        const auto now = SteadyClock::now();
        const bool fresh = info && now - captureTime(*info) < kStale;
        if (fresh && now - shown >= kPictureTime) {
            shown = now;
            captured = captureTime(*info);
            live = true;
            post(pictureOf(*info, pixels));
        } else if (live && now - captured >= kStale) {
            live = false;
            post({});
        }
    }
}

void CameraPicture::post(QImage picture)
{
    const std::scoped_lock lock(m_mutex);
    m_latest = std::move(picture);
    if (!std::exchange(m_posted, true)) {
        QMetaObject::invokeMethod(
            this,
            [this] {
                std::unique_lock taking(m_mutex);
                m_posted = false;
                const auto taken = m_latest;
                taking.unlock();
                emit changed(taken);
            },
            Qt::QueuedConnection);
    }
}

} // namespace guichet::kiosk
