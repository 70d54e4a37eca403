// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "peripherals/virtual/io_unit.h"
#include "peripherals/virtual/sockets.h"

namespace guichet::virtualdevices {

/// The terminal's I/O unit on the network: Modbus TCP, for any number of hosts. Thread-safe.
class IoServer {
public:
    struct State {
        IoUnit::Bits inputs{};
        IoUnit::Bits coils{};
        bool plugged = true;
        std::size_t hosts = 0;
    };

    /// Fails with Errc::Busy (port taken) or Errc::Invalid.
    [[nodiscard]] static Result<std::unique_ptr<IoServer>> start(Endpoint listen);
    ~IoServer();
    IoServer(const IoServer&) = delete;
    IoServer& operator=(const IoServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return m_port.number(); }
    [[nodiscard]] State state() const;
    /// `at` is below IoUnit::kCount.
    void setInput(std::size_t at, bool on);
    /// Fails with Errc::Busy when the system cannot open the port again.
    [[nodiscard]] Result<void> plug(bool in);

private:
    struct Host {
        UniqueFd socket;
        Bytes came;
    };

    explicit IoServer(Port port);
    void run();
    /// False when the host is gone, or no master.
    [[nodiscard]] bool serve(Host& host);

    Waker m_waker;
    mutable std::mutex m_mutex;
    Port m_port;
    std::list<Host> m_hosts;
    IoUnit m_unit;
    bool m_plugged = true;
    bool m_stop = false;
    std::thread m_thread; ///< last: it uses all of the above
};

} // namespace guichet::virtualdevices
