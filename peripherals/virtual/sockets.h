// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "peripherals/base/bytes.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::virtualdevices {

/// A numeric IPv4 address with its port.
struct Endpoint {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;
};

/// "127.0.0.1:9100". Fails with Errc::Invalid.
[[nodiscard]] Result<Endpoint> parseEndpoint(std::string_view text);
[[nodiscard]] std::string toText(const Endpoint& endpoint);

/// A listening, non-blocking socket. Fails with Errc::Busy (taken) or Errc::Invalid.
[[nodiscard]] Result<UniqueFd> listenOn(const Endpoint& endpoint);

/// A port that stays ours: while it is closed, whoever connects is refused and nobody else gets it.
class Port {
public:
    /// Takes it and listens. Fails as listenOn() does.
    [[nodiscard]] static Result<Port> take(Endpoint endpoint);

    [[nodiscard]] std::uint16_t number() const { return m_endpoint.port; }
    /// The listening socket; -1 while closed.
    [[nodiscard]] int listener() const { return m_listener.get(); }
    [[nodiscard]] Result<void> open();
    /// From here on nobody gets in, even while another thread waits in poll() for the listener.
    void close();

private:
    Port(Endpoint endpoint, UniqueFd keeper);
    Endpoint m_endpoint;
    UniqueFd m_keeper; ///< bound, never listening
    UniqueFd m_listener;
};
[[nodiscard]] std::uint16_t portOf(int socket);
/// An accepted, non-blocking connection; empty if there is none.
[[nodiscard]] UniqueFd acceptFrom(int listener);
/// A connected, non-blocking socket. Fails with Errc::Disconnected or Errc::Timeout.
[[nodiscard]] Result<UniqueFd> connectTo(const Endpoint& endpoint,
                                         std::chrono::milliseconds timeout);
/// Closes with a reset: the peer sees a broken line, not an orderly end.
void breakOff(UniqueFd& socket);

/// Wakes a thread that waits in poll().
class Waker {
public:
    Waker();
    [[nodiscard]] int fd() const { return m_event.get(); }
    void wake();
    void drain();

private:
    UniqueFd m_event;
};

} // namespace guichet::virtualdevices
