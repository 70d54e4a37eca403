// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "peripherals/virtual/sdt_reader.h"
#include "peripherals/virtual/sockets.h"

namespace guichet::virtualdevices {

/// A resident card reader behind a serial device server: its frames over TCP, for one host at a
/// time. Thread-safe.
class ResidentServer {
public:
    struct State {
        std::string card; ///< that lies on it; empty: none
        SdtReader::Fault fault = SdtReader::Fault::None;
        bool plugged = true;
        bool connected = false;
        int readings = 0;
    };

    /// Fails with Errc::Busy (port taken) or Errc::Invalid.
    [[nodiscard]] static Result<std::unique_ptr<ResidentServer>> start(Endpoint listen);
    ~ResidentServer();
    ResidentServer(const ResidentServer&) = delete;
    ResidentServer& operator=(const ResidentServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return m_port.number(); }
    [[nodiscard]] State state() const;

    void place(const ResidentCardProfile& card);
    /// False if no card lay there.
    bool remove();
    void set(SdtReader::Fault fault);
    /// Fails with Errc::Busy when the system cannot open the port again.
    [[nodiscard]] Result<void> plug(bool in);

private:
    explicit ResidentServer(Port port);
    void run();
    /// False when the host is gone.
    [[nodiscard]] bool serve();

    Waker m_waker;
    mutable std::mutex m_mutex;
    Port m_port;
    UniqueFd m_host;
    SdtReader m_reader;
    State m_state;
    bool m_stop = false;
    std::thread m_thread; ///< last: it uses all of the above
};

} // namespace guichet::virtualdevices
