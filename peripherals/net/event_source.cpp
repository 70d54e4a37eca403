// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <thread>
#include <utility>

#include "peripherals/net/client.h"
#include "peripherals/net/client_connection.h"
#include "peripherals/net/event_codec.h"

namespace guichet::net {
namespace {
constexpr std::size_t kMaxEvent = 4 * 1024 * 1024;
}

class EventSource::Impl {
public:
    Impl(Endpoint endpoint, EventSourceConfig config, OnEvent onEvent, OnState onState)
        : m_endpoint(std::move(endpoint))
        , m_config(std::move(config))
        , m_onEvent(std::move(onEvent))
        , m_onState(std::move(onState))
        , m_parser(kMaxEvent, m_config.lastEventId)
        , m_thread([this](std::stop_token stop) { run(std::move(stop)); })
    {
    }

private:
    void run(std::stop_token stop)
    {
        const StopSignal signal(stop);
        auto pause = m_config.firstRetry;
        while (!stop.stop_requested()) {
            tell(StreamState::Connecting, nullptr);
            m_opened = false;
            const auto error = follow(signal, stop);
            if (stop.stop_requested()) {
                return;
            }
            if (m_opened) {
                pause = m_parser.retry().value_or(m_config.firstRetry);
            }
            tell(StreamState::Waiting, &error);
            const auto wake = std::chrono::steady_clock::now() + std::min(pause, m_config.maxRetry);
            (void)waitFor(-1, 0, {wake, signal, stop});
            pause = std::min(pause * 2, m_config.maxRetry);
        }
    }

    /// Watches until the stream breaks, and says why it did.
    Error follow(const StopSignal& signal, const std::stop_token& stop)
    {
        const auto in = [&](std::chrono::milliseconds time) {
            return Limits{std::chrono::steady_clock::now() + time, signal, stop};
        };
        auto request = m_config.request;
        request.headers.set("Accept", "text/event-stream");
        if (!m_parser.lastId().empty()) {
            request.headers.set("Last-Event-ID", m_parser.lastId());
        }
        const auto bytes = m_endpoint.encode(std::move(request));
        if (!bytes) {
            return bytes.error();
        }
        const auto limits = in(m_config.connectTimeout);
        auto connected = ClientConnection::connect(m_endpoint, limits);
        if (!connected) {
            return connected.error();
        }
        auto& connection = **connected;
        if (auto written = connection.write(*bytes, limits); !written) {
            return written.error();
        }
        const auto head = connection.readHead("GET", limits);
        if (!head) {
            return head.error();
        }
        if (head->response.status != 200 ||
            !head->response.contentType.starts_with("text/event-stream")) {
            return {Errc::Protocol, Remedy::Retry,
                    "events: status " + std::to_string(head->response.status)};
        }
        m_parser.reset();
        m_opened = true;
        tell(StreamState::Open, nullptr);
        ChunkedBody chunks(SIZE_MAX);
        std::string text;
        for (;;) {
            auto& buffer = connection.buffer();
            text.clear();
            if (head->bodyEnd == BodyEnd::Chunked) {
                const auto used = chunks.feed(buffer, text);
                if (!used) {
                    return used.error();
                }
                buffer.erase(0, *used);
            } else {
                text.swap(buffer);
            }
            const auto events = m_parser.feed(text);
            if (!events) {
                return events.error();
            }
            for (const auto& event : *events) {
                if (stop.stop_requested()) {
                    break;
                }
                m_onEvent(event);
            }
            const auto more =
                chunks.done() ? Result<bool>(false) : connection.read(in(m_config.silence));
            if (!more) {
                return more.error();
            }
            if (!*more) {
                return {Errc::Disconnected, Remedy::Retry, "events: the stream ended"};
            }
        }
    }

    void tell(StreamState state, const Error* error)
    {
        if (m_onState) {
            m_onState(state, error);
        }
    }

    const Endpoint m_endpoint;
    const EventSourceConfig m_config;
    const OnEvent m_onEvent;
    const OnState m_onState;
    EventParser m_parser;
    bool m_opened = false;
    std::jthread m_thread; // last: joined before the rest goes away
};

Result<std::unique_ptr<EventSource>> EventSource::open(EventSourceConfig config, OnEvent onEvent,
                                                       OnState onState)
{
    auto endpoint = Endpoint::of(config.server);
    if (!endpoint) {
        return tl::make_unexpected(std::move(endpoint.error()));
    }
    return std::unique_ptr<EventSource>(new EventSource(std::make_unique<Impl>(
        std::move(*endpoint), std::move(config), std::move(onEvent), std::move(onState))));
}

EventSource::EventSource(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{
}
EventSource::~EventSource() = default;

} // namespace guichet::net
