// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include "peripherals/base/unique_handle.h"
#include "peripherals/net/transport.h"

namespace guichet::net {

/// Bytes from and to one peer whose socket is watched edge-triggered. Thread-bound.
class Connection {
public:
    /// `scratch` is what is read into, shared by the connections of one thread.
    Connection(UniqueFd socket, std::span<char> scratch)
        : m_transport(std::move(socket))
        , m_scratch(scratch)
    {
    }

    [[nodiscard]] Transport& transport() { return m_transport; }

    void setReadable() { m_readable = true; }
    /// The kernel said so; what the peer sent before is still read.
    void setHungUp() { m_hungUp = true; }
    /// Reads once, behind what stands in in(). False when nothing came; ended() tells whether more
    /// can.
    [[nodiscard]] bool fill();
    [[nodiscard]] bool ended() const { return m_ended; }
    /// What was read, for the reader to take.
    [[nodiscard]] std::string& in() { return m_in; }
    [[nodiscard]] const std::string& in() const { return m_in; }
    /// Gives back the memory of a large request, once in() is empty.
    void trimIn();

    enum class Flushed { Nothing, Some, Closed };
    /// Sends as much as the peer takes; Closed when it never will.
    [[nodiscard]] Flushed flush();
    void send(std::string bytes);
    [[nodiscard]] std::size_t pending() const { return m_out.size() - m_written; }
    /// Forgets what is pending.
    void dropOut();

private:
    Transport m_transport;
    std::span<char> m_scratch;
    std::string m_in;
    std::string m_out;
    std::size_t m_written = 0;
    bool m_readable = true;
    bool m_hungUp = false;
    bool m_ended = false;
};

} // namespace guichet::net
