// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/stream_session.h"

#include <utility>

#include <spdlog/spdlog.h>

#include "peripherals/net/event_codec.h"
#include "peripherals/net/http_codec.h"

namespace guichet::net {
namespace {

constexpr std::string_view kEventsHead = "HTTP/1.1 200 OK\r\n"
                                         "Content-Type: text/event-stream\r\n"
                                         "Cache-Control: no-store\r\n"
                                         "Connection: close\r\n\r\n";

} // namespace

void StreamSession::open(SocketCallbacks callbacks)
{
    m_counted = true;
    ++m_setting.count;
    begin(std::move(callbacks));
    m_setting.deadline.arm(Deadline::Heartbeat);
}

void StreamSession::uncount()
{
    if (std::exchange(m_counted, false)) {
        --m_setting.count;
    }
}

bool StreamSession::takeOutbox(Outbox& outbox)
{
    auto taken = outbox.take(connection().pending());
    if (taken.overflow) {
        spdlog::info("net: dropped a peer that reads too slowly {}", m_setting.peer);
        connection().dropOut();
        return false;
    }
    m_closing = m_closing || taken.closing;
    if (!taken.bytes.empty()) {
        connection().send(std::move(taken.bytes));
    }
    return true;
}

EventSession::EventSession(Setting setting, std::shared_ptr<LiveEvents> events)
    : StreamSession(setting)
    , m_events(std::move(events))
{
}

EventSession::~EventSession()
{
    uncount();
    if (auto callback = m_events->markGone()) {
        setting().workers.post(std::move(callback));
    }
}

void EventSession::begin(SocketCallbacks /*callbacks*/)
{
    connection().send(std::string(kEventsHead));
}

bool EventSession::beat()
{
    if (connection().pending() > 0) {
        return false;
    }
    connection().send(encodeComment(""));
    setting().deadline.arm(Deadline::Heartbeat);
    return true;
}

Next EventSession::step()
{
    while (connection().fill()) {
        connection().in().clear();
    }
    const auto before = connection().pending();
    if (!takeOutbox(m_events->outbox()) || connection().ended()) {
        return Next::Close;
    }
    if (connection().pending() > before) {
        return Next::Again;
    }
    m_events->outbox().setUnsent(connection().pending());
    return allSaid() ? Next::Linger : Next::Wait;
}

WebSocketSession::WebSocketSession(Setting setting, std::shared_ptr<LiveSocket> socket,
                                   Limits limits, std::string_view key)
    : StreamSession(setting)
    , m_socket(std::move(socket))
    , m_limits(limits)
    , m_accept(webSocketAccept(key))
    , m_frames(true, limits.message)
{
}

WebSocketSession::~WebSocketSession()
{
    uncount();
    m_socket->end(setting().workers);
}

void WebSocketSession::begin(SocketCallbacks callbacks)
{
    m_socket->setCallbacks(std::move(callbacks));
    Response response{.status = 101};
    response.headers.add("Upgrade", "websocket");
    response.headers.add("Connection", "Upgrade");
    response.headers.add("Sec-WebSocket-Accept", m_accept);
    connection().send(encodeResponse(response, true, false));
}

bool WebSocketSession::beat()
{
    if (connection().pending() > 0 || m_pinged) {
        return false;
    }
    m_pinged = true;
    connection().send(encodeFrame(Opcode::Ping, ""));
    setting().deadline.arm(Deadline::Heartbeat);
    return true;
}

Next WebSocketSession::step()
{
    if (!connection().in().empty() && !closing()) {
        takeFrames();
    }
    connection().in().clear();
    const auto before = connection().pending();
    if (!takeOutbox(m_socket->outbox()) || connection().ended()) {
        return Next::Close;
    }
    const bool more = connection().pending() > before;
    m_socket->outbox().setUnsent(connection().pending());
    if (allSaid() && !more) {
        return Next::Linger;
    }
    // A peer that sends faster than the callbacks work, or pings without reading, waits.
    const bool mayRead = !m_socket->behind() && connection().pending() < m_limits.unsent;
    if (more || (mayRead && connection().fill())) {
        return Next::Again;
    }
    return connection().ended() ? Next::Close : Next::Wait;
}

void WebSocketSession::takeFrames()
{
    auto messages = m_frames.feed(connection().in());
    if (!messages) {
        const auto& refusal = messages.error();
        setting().exchange.noteRefusal(refusal.closeCode);
        m_socket->close(refusal.closeCode, refusal.detail);
        startClosing();
        return;
    }
    m_pinged = false;
    setting().deadline.arm(Deadline::Heartbeat);
    for (auto& message : *messages) {
        if (closing()) {
            return;
        }
        take(std::move(message));
    }
}

void WebSocketSession::take(Message message)
{
    if (message.opcode == Opcode::Text) {
        m_socket->receive(std::move(message.payload), setting().workers);
    } else if (message.opcode == Opcode::Ping) {
        connection().send(encodeFrame(Opcode::Pong, message.payload));
    } else if (message.opcode == Opcode::Close) {
        const auto code = closeCode(message.payload);
        m_socket->close(code == 1005 ? std::uint16_t{1000} : code, {});
        startClosing();
    }
}

} // namespace guichet::net
