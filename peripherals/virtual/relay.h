// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "peripherals/virtual/sockets.h"

namespace guichet::virtualdevices {

/// A piece of network cable: passes TCP connections on to a target until it is cut. Thread-safe.
class Relay {
public:
    enum class Line {
        Whole,
        Cut,    ///< connections break off, new ones are refused
        Silent, ///< connections stay, new ones open, and no byte gets through
    };
    struct State {
        Line line = Line::Whole;
        std::size_t connections = 0;
        std::uint64_t bytes = 0; ///< both ways
    };

    /// Fails with Errc::Busy (port taken) or Errc::Invalid.
    [[nodiscard]] static Result<std::unique_ptr<Relay>> start(Endpoint listen, Endpoint target);
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    [[nodiscard]] std::uint16_t port() const { return m_port.number(); }
    [[nodiscard]] State state() const;
    /// Fails with Errc::Busy when the system cannot open the port again.
    [[nodiscard]] Result<void> set(Line line);

private:
    struct Direction {
        Bytes waiting;
        bool ended = false;    ///< the sender has finished
        bool passedOn = false; ///< the receiver knows
    };
    struct Pair {
        UniqueFd client;
        UniqueFd target;
        Direction up;
        Direction down;
    };

    Relay(Endpoint target, Port port);
    void run();
    void open();
    /// False when the pair is finished.
    [[nodiscard]] bool serve(Pair& pair, short client, short target);
    [[nodiscard]] bool move(Direction& direction, int from, int to, bool readable);

    Endpoint m_target;
    Waker m_waker;
    mutable std::mutex m_mutex;
    Port m_port;
    std::list<Pair> m_pairs;
    State m_state;
    bool m_stop = false;
    std::thread m_thread; ///< last: it uses all of the above
};

} // namespace guichet::virtualdevices
