// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <mutex>
#include <thread>
#include <utility>

#include <poll.h>

#include "peripherals/base/bytes.h"
#include "peripherals/base/random.h"
#include "peripherals/net/client.h"
#include "peripherals/net/client_connection.h"
#include "peripherals/net/websocket_codec.h"

namespace guichet::net {
namespace {

std::string maskedFrame(Opcode opcode, std::string_view payload)
{
    const auto random = randomBytes(4);
    std::array<std::uint8_t, 4> mask{};
    std::transform(random.begin(), random.end(), mask.begin(),
                   [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
    return encodeFrame(opcode, payload, mask);
}

Error disconnected(std::string detail)
{
    return {Errc::Disconnected, Remedy::Retry, "WebSocket: " + std::move(detail)};
}

Errc codeOf(int status)
{
    switch (status) {
    case 401:
    case 403:
        return Errc::Denied;
    case 404:
        return Errc::NotFound;
    case 429:
    case 503:
        return Errc::Busy;
    default:
        return Errc::Protocol;
    }
}

Result<std::unique_ptr<ClientConnection>> shakeHands(const Endpoint& endpoint, Request request,
                                                     const Limits& limits)
{
    const auto key = toBase64(randomBytes(16));
    request.method = "GET";
    request.headers.set("Upgrade", "websocket");
    request.headers.set("Connection", "Upgrade");
    request.headers.set("Sec-WebSocket-Version", "13");
    request.headers.set("Sec-WebSocket-Key", key);
    const auto bytes = endpoint.encode(std::move(request));
    if (!bytes) {
        return tl::make_unexpected(bytes.error());
    }
    auto connection = ClientConnection::connect(endpoint, limits);
    if (!connection) {
        return connection;
    }
    if (auto written = (*connection)->write(*bytes, limits); !written) {
        return tl::make_unexpected(std::move(written.error()));
    }
    const auto head = (*connection)->readHead("GET", limits);
    if (!head) {
        return tl::make_unexpected(head.error());
    }
    const auto status = head->response.status;
    if (status != 101) {
        return fail(codeOf(status), "handshake: status " + std::to_string(status));
    }
    if (head->response.header("Sec-WebSocket-Accept") != webSocketAccept(key)) {
        return fail(Errc::Protocol, "handshake: wrong Sec-WebSocket-Accept");
    }
    return connection;
}

} // namespace

class WebSocketClient::Impl {
public:
    Impl(std::unique_ptr<ClientConnection> connection, const WebSocketClientConfig& config,
         Callbacks callbacks)
        : m_connection(std::move(connection))
        , m_ping(config.ping)
        , m_maxUnsent(config.maxUnsent)
        , m_callbacks(std::move(callbacks))
        , m_frames(false, config.maxMessage)
        , m_signal(m_stop.get_token())
        , m_thread([this] { run(); })
    {
    }

    ~Impl()
    {
        m_stop.request_stop();
        m_thread.join();
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    Result<void> send(std::string_view text)
    {
        auto frame = maskedFrame(Opcode::Text, text);
        {
            const std::lock_guard lock(m_mutex);
            if (!m_open) {
                return fail(Errc::Disconnected, "WebSocket: closed", Remedy::Retry);
            }
            if (m_pending.size() + m_unsent + frame.size() > m_maxUnsent) {
                return fail(Errc::Busy, "WebSocket: too much is unsent", Remedy::Wait);
            }
            m_pending += frame;
        }
        m_signal.wake();
        return {};
    }

    bool open() const
    {
        const std::lock_guard lock(m_mutex);
        return m_open;
    }

private:
    bool stopping() const { return m_stop.stop_requested(); }

    void run()
    {
        const auto error = serve();
        {
            const std::lock_guard lock(m_mutex);
            m_open = false;
            m_pending.clear();
        }
        if (stopping()) {
            (void)m_connection->transport().write(
                maskedFrame(Opcode::Close, encodeClose(1000, {})));
            m_connection->transport().finish();
        } else if (m_callbacks.onClosed) {
            m_connection->transport().finish();
            m_callbacks.onClosed(error);
        }
    }

    /// Runs until the connection ends, and says why it did.
    Error serve()
    {
        auto& transport = m_connection->transport();
        auto pingAt = std::chrono::steady_clock::now() + m_ping;
        bool pinged = false;
        for (;;) {
            if (auto ended = receive(); ended || stopping()) {
                return ended.value_or(disconnected("stopped"));
            }
            if (std::exchange(m_heard, false)) {
                pinged = false;
            }
            const auto now = std::chrono::steady_clock::now();
            if (now >= pingAt) {
                if (pinged) {
                    return disconnected("no answer to a ping");
                }
                pinged = true;
                m_out += maskedFrame(Opcode::Ping, {});
                pingAt = now + m_ping;
            }
            if (!transmit()) {
                return disconnected("closed while sending");
            }
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(pingAt - now);
            const auto wanted = static_cast<short>(m_out.empty() ? POLLIN : POLLIN | POLLOUT);
            std::array<pollfd, 2> files{pollfd{transport.fd(), wanted, 0},
                                        pollfd{m_signal.fd(), POLLIN, 0}};
            ::poll(files.data(), files.size(), static_cast<int>(left.count()));
            m_signal.drain();
        }
    }

    std::optional<Error> receive()
    {
        auto& buffer = m_connection->buffer();
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): read into
        std::array<char, 64 * 1024> chunk;
        while (!stopping()) {
            if (buffer.empty()) {
                const auto got = m_connection->transport().read(chunk);
                if (got.state == Io::Closed) {
                    return disconnected("closed without a close frame");
                }
                if (got.state != Io::Done) {
                    return std::nullopt;
                }
                buffer.assign(chunk.data(), got.count);
            }
            m_heard = true;
            auto messages = m_frames.feed(buffer);
            buffer.clear();
            if (!messages) {
                const auto& fault = messages.error();
                sendLast(encodeClose(fault.closeCode, fault.detail));
                return Error{Errc::Protocol, Remedy::None,
                             "WebSocket: " + std::string(fault.detail)};
            }
            for (const auto& message : *messages) {
                if (stopping()) {
                    break;
                }
                if (message.opcode == Opcode::Text) {
                    m_callbacks.onText(message.payload);
                } else if (message.opcode == Opcode::Ping) {
                    m_out += maskedFrame(Opcode::Pong, message.payload);
                } else if (message.opcode == Opcode::Close) {
                    const auto code = closeCode(message.payload);
                    sendLast(code == 1005 ? std::string() : message.payload.substr(0, 2));
                    return disconnected("closed with " + std::to_string(code));
                }
            }
        }
        return std::nullopt;
    }

    void sendLast(const std::string& payload)
    {
        m_out += maskedFrame(Opcode::Close, payload);
        (void)transmit();
    }

    bool transmit()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_out += std::exchange(m_pending, {});
            m_unsent = m_out.size();
        }
        std::size_t written = 0;
        bool alive = true;
        while (written < m_out.size()) {
            const auto sent =
                m_connection->transport().write(std::string_view(m_out).substr(written));
            if (sent.state != Io::Done) {
                alive = sent.state != Io::Closed;
                break;
            }
            written += sent.count;
        }
        m_out.erase(0, written);
        const std::lock_guard lock(m_mutex);
        m_unsent = m_out.size();
        return alive;
    }

    const std::unique_ptr<ClientConnection> m_connection;
    const std::chrono::milliseconds m_ping;
    const std::size_t m_maxUnsent;
    const Callbacks m_callbacks;
    FrameReader m_frames;
    std::string m_out;
    bool m_heard = false;
    mutable std::mutex m_mutex;
    std::string m_pending;
    std::size_t m_unsent = 0;
    bool m_open = true;
    std::stop_source m_stop;
    const StopSignal m_signal;
    std::thread m_thread; // last: it uses the rest
};

Result<std::unique_ptr<WebSocketClient>>
WebSocketClient::connect(WebSocketClientConfig config, Callbacks callbacks, std::stop_token stop)
{
    const auto endpoint = Endpoint::of(config.server);
    if (!endpoint) {
        return tl::make_unexpected(endpoint.error());
    }
    const StopSignal signal(stop);
    auto connection =
        shakeHands(*endpoint, config.request,
                   {std::chrono::steady_clock::now() + config.connectTimeout, signal, stop});
    if (!connection) {
        return tl::make_unexpected(std::move(connection.error()));
    }
    return std::unique_ptr<WebSocketClient>(new WebSocketClient(
        std::make_unique<Impl>(std::move(*connection), config, std::move(callbacks))));
}

WebSocketClient::WebSocketClient(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{
}
WebSocketClient::~WebSocketClient() = default;
Result<void> WebSocketClient::send(std::string_view text)
{
    return m_impl->send(text);
}
bool WebSocketClient::open() const
{
    return m_impl->open();
}

} // namespace guichet::net
