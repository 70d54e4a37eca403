// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "peripherals/virtual/camera_scene.h"
#include "peripherals/virtual/sockets.h"

namespace guichet::virtualdevices {

/// A network camera: MJPEG over HTTP at /stream.mjpg, 15 pictures a second. Thread-safe.
class CameraServer {
public:
    struct State {
        std::optional<PhoneCode> phone;
        std::string picture; ///< the file that is shown instead of the lobby; empty: none
        bool frozen = false; ///< connected, and no frame comes
        bool dark = false;
        bool plugged = true;
        std::size_t viewers = 0;
        std::uint64_t frames = 0; ///< sent, to all viewers
    };

    /// Fails with Errc::Busy (port taken) or Errc::Invalid.
    [[nodiscard]] static Result<std::unique_ptr<CameraServer>> start(Endpoint listen);
    ~CameraServer();
    CameraServer(const CameraServer&) = delete;
    CameraServer& operator=(const CameraServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return m_port.number(); }
    [[nodiscard]] State state() const;
    /// The JPEG that viewers get now.
    [[nodiscard]] std::shared_ptr<const Bytes> picture() const;

    /// Fails with Errc::Invalid (more than a QR code holds); then nothing changes.
    [[nodiscard]] Result<void> showCode(const PhoneCode& phone);
    /// Fails with Errc::NotFound or Errc::Invalid; then nothing changes.
    [[nodiscard]] Result<void> showPicture(const std::filesystem::path& file);
    /// The lobby alone.
    void clear();
    void freeze(bool on);
    void dark(bool on);
    /// Fails with Errc::Busy when the system cannot open the port again.
    [[nodiscard]] Result<void> plug(bool in);

private:
    struct Viewer {
        UniqueFd socket;
        std::string request;
        bool watching = false;
        std::string waiting; ///< bytes that did not fit into the socket yet
        bool ends = false;   ///< once they are sent
    };

    explicit CameraServer(Port port);
    void run();
    /// The picture of what is to be seen now. With the mutex.
    void draw();
    void accept();
    /// False when the viewer is finished.
    [[nodiscard]] bool serve(Viewer& viewer, bool readable);
    [[nodiscard]] bool readRequest(Viewer& viewer);
    void sendFrames();

    Waker m_waker;
    mutable std::mutex m_mutex;
    Port m_port;
    std::list<Viewer> m_viewers;
    State m_state;
    ColourPicture m_scene;                ///< without phone and darkness
    std::shared_ptr<const Bytes> m_frame; ///< shared: handed out while the next one is drawn
    bool m_stop = false;
    std::thread m_thread; ///< last: it uses all of the above
};

} // namespace guichet::virtualdevices
