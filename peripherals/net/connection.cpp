// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/connection.h"

#include <string_view>
#include <utility>

namespace guichet::net {
namespace {

constexpr std::size_t kKeptBuffer = 16 * 1024;

} // namespace

bool Connection::fill()
{
    if (m_ended || (!m_readable && !m_hungUp)) {
        return false;
    }
    const auto got = m_transport.read(m_scratch);
    if (got.state == Io::Done) {
        m_in.append(m_scratch.data(), got.count);
        // A short read has emptied the socket; the next bytes come with an event of their own.
        m_readable = m_transport.secure() || got.count == m_scratch.size();
        return true;
    }
    m_readable = false;
    m_ended = got.state == Io::Closed;
    return false;
}

void Connection::trimIn()
{
    if (m_in.empty() && m_in.capacity() > kKeptBuffer) {
        m_in.shrink_to_fit();
    }
}

Connection::Flushed Connection::flush()
{
    auto flushed = Flushed::Nothing;
    while (m_written < m_out.size()) {
        const auto sent = m_transport.write(std::string_view(m_out).substr(m_written));
        if (sent.state == Io::Closed) {
            return Flushed::Closed;
        }
        if (sent.state != Io::Done) {
            if (m_written > m_out.size() / 2) {
                m_out.erase(0, std::exchange(m_written, 0));
            }
            return flushed;
        }
        m_written += sent.count;
        flushed = Flushed::Some;
    }
    dropOut();
    return flushed;
}

void Connection::send(std::string bytes)
{
    if (m_out.empty()) {
        m_out = std::move(bytes);
    } else {
        m_out += bytes;
    }
}

void Connection::dropOut()
{
    m_written = 0;
    m_out.clear();
    if (m_out.capacity() > kKeptBuffer) {
        m_out.shrink_to_fit();
    }
}

} // namespace guichet::net
