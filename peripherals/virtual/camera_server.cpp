// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/camera_server.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <utility>
#include <vector>

#include <sys/socket.h>

#include <poll.h>

namespace guichet::virtualdevices {

namespace {

using SteadyClock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kFrameTime = std::chrono::milliseconds(1000 / 15);
constexpr std::size_t kMostViewers = 16;
constexpr std::size_t kMostRequest = 8192;
constexpr const char* kStreamHead = "HTTP/1.0 200 OK\r\nCache-Control: no-store\r\n"
                                    "Content-Type: multipart/x-mixed-replace; boundary=frame\r\n"
                                    "\r\n";
constexpr const char* kNotFound = "HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n";
constexpr std::string_view kWanted = "GET /stream.mjpg ";

} // namespace

Result<std::unique_ptr<CameraServer>> CameraServer::start(Endpoint listen)
{
    auto port = Port::take(std::move(listen));
    if (!port) {
        return fail(std::move(port.error()), "camera");
    }
    return std::unique_ptr<CameraServer>(new CameraServer(std::move(*port)));
}

CameraServer::CameraServer(Port port)
    : m_port(std::move(port))
    , m_scene(lobby())
{
    draw();
    m_thread = std::thread([this] { run(); });
}

CameraServer::~CameraServer()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_waker.wake();
    m_thread.join();
}

CameraServer::State CameraServer::state() const
{
    const std::lock_guard lock(m_mutex);
    auto state = m_state;
    state.viewers = static_cast<std::size_t>(std::count_if(
        m_viewers.begin(), m_viewers.end(), [](const Viewer& each) { return each.watching; }));
    return state;
}

std::shared_ptr<const Bytes> CameraServer::picture() const
{
    const std::lock_guard lock(m_mutex);
    return m_frame;
}

void CameraServer::draw()
{
    auto picture = m_scene;
    if (m_state.phone) {
        static_cast<void>(holdPhone(picture, *m_state.phone)); // showCode() has tried it
    }
    if (m_state.dark) {
        darken(picture);
    }
    if (auto jpeg = toJpeg(picture)) {
        m_frame = std::make_shared<const Bytes>(std::move(*jpeg));
    }
}

Result<void> CameraServer::showCode(const PhoneCode& phone)
{
    const std::lock_guard lock(m_mutex);
    auto trial = m_scene;
    if (auto held = holdPhone(trial, phone); !held) {
        return held;
    }
    m_state.phone = phone;
    draw();
    return {};
}

Result<void> CameraServer::showPicture(const std::filesystem::path& file)
{
    auto picture = pictureFrom(file);
    if (!picture) {
        return tl::unexpected(std::move(picture.error()));
    }
    const std::lock_guard lock(m_mutex);
    m_scene = std::move(*picture);
    m_state.picture = file.native();
    m_state.phone.reset();
    draw();
    return {};
}

void CameraServer::clear()
{
    const std::lock_guard lock(m_mutex);
    m_scene = lobby();
    m_state.picture.clear();
    m_state.phone.reset();
    draw();
}

void CameraServer::freeze(bool on)
{
    const std::lock_guard lock(m_mutex);
    m_state.frozen = on;
}

void CameraServer::dark(bool on)
{
    const std::lock_guard lock(m_mutex);
    m_state.dark = on;
    draw();
}

Result<void> CameraServer::plug(bool in)
{
    const std::lock_guard lock(m_mutex);
    if (!in) {
        for (auto& viewer : m_viewers) {
            breakOff(viewer.socket);
        }
        m_viewers.clear();
        m_port.close();
    } else if (m_port.listener() < 0) {
        if (auto opened = m_port.open(); !opened) {
            return fail(std::move(opened.error()), "camera");
        }
    }
    m_state.plugged = in;
    m_waker.wake();
    return {};
}

void CameraServer::run()
{
    std::vector<pollfd> events;
    auto nextFrame = SteadyClock::now();
    std::unique_lock lock(m_mutex);
    while (!m_stop) {
        events.assign(
            {pollfd{m_waker.fd(), POLLIN, 0},
             pollfd{m_viewers.size() < kMostViewers ? m_port.listener() : -1, POLLIN, 0}});
        for (const auto& viewer : m_viewers) {
            const auto wanted = viewer.waiting.empty() ? POLLIN : POLLIN | POLLOUT;
            events.push_back({viewer.socket.get(), static_cast<short>(wanted), 0});
        }
        lock.unlock();
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(nextFrame - SteadyClock::now());
        poll(events.data(), events.size(), static_cast<int>(std::max(left, 0ms).count()));
        lock.lock();
        m_waker.drain();
        // plug() may have emptied the list meanwhile; then nothing of the events is valid.
        if (events.size() == 2 + m_viewers.size()) {
            std::size_t index = 2;
            for (auto viewer = m_viewers.begin(); viewer != m_viewers.end(); ++index) {
                const bool readable = (events[index].revents & ~POLLOUT) != 0;
                viewer = serve(*viewer, readable) ? std::next(viewer) : m_viewers.erase(viewer);
            }
        }
        if ((events[1].revents & POLLIN) != 0 && m_port.listener() >= 0) {
            accept();
        }
        if (const auto now = SteadyClock::now(); now >= nextFrame) {
            // Late, as after drawing: no two frames at once to catch up.
            nextFrame = nextFrame + kFrameTime > now ? nextFrame + kFrameTime : now + kFrameTime;
            sendFrames();
        }
    }
}

void CameraServer::accept()
{
    Viewer viewer;
    viewer.socket = acceptFrom(m_port.listener());
    if (viewer.socket) {
        m_viewers.push_back(std::move(viewer));
    }
}

bool CameraServer::serve(Viewer& viewer, bool readable)
{
    if (readable && !readRequest(viewer)) {
        return false;
    }
    if (!viewer.waiting.empty()) {
        const auto sent =
            send(viewer.socket.get(), viewer.waiting.data(), viewer.waiting.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN && errno != EINTR) {
            return false;
        }
        viewer.waiting.erase(0, sent > 0 ? static_cast<std::size_t>(sent) : 0);
    }
    return !(viewer.ends && viewer.waiting.empty());
}

bool CameraServer::readRequest(Viewer& viewer)
{
    std::array<char, 2048> bytes{};
    const auto got = recv(viewer.socket.get(), bytes.data(), bytes.size(), 0);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
        return false;
    }
    if (viewer.watching || viewer.ends || got < 0) {
        return true; // nothing more is expected, nothing more is kept
    }
    viewer.request.append(bytes.data(), static_cast<std::size_t>(got));
    if (viewer.request.size() > kMostRequest) {
        return false;
    }
    if (viewer.request.find("\r\n\r\n") == std::string::npos) {
        return true;
    }
    viewer.watching = viewer.request.compare(0, kWanted.size(), kWanted) == 0;
    viewer.ends = !viewer.watching;
    viewer.waiting = viewer.watching ? kStreamHead : kNotFound;
    return true;
}

void CameraServer::sendFrames()
{
    if (m_state.frozen) {
        return;
    }
    for (auto& viewer : m_viewers) {
        // Who has not read the last one misses this one.
        if (viewer.watching && viewer.waiting.empty()) {
            viewer.waiting = "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: " +
                             std::to_string(m_frame->size()) + "\r\n\r\n";
            viewer.waiting += asText(*m_frame);
            viewer.waiting += "\r\n";
            ++m_state.frames;
        }
    }
    for (auto viewer = m_viewers.begin(); viewer != m_viewers.end();) {
        viewer = serve(*viewer, false) ? std::next(viewer) : m_viewers.erase(viewer);
    }
}

} // namespace guichet::virtualdevices
