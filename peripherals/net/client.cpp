// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/client.h"

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "peripherals/base/random.h"
#include "peripherals/net/client_connection.h"

namespace guichet::net {
namespace {

constexpr auto kFirstPause = std::chrono::milliseconds(50);
constexpr auto kLongestPause = std::chrono::milliseconds(2'000);

bool isWorthRetrying(const Response& response)
{
    switch (response.status) {
    case 408:
    case 425:
    case 429:
    case 502:
    case 503:
    case 504:
        return true;
    case 409: {
        const auto body = nlohmann::json::parse(response.body, nullptr, false);
        return body.is_object() && body.contains("retryable") && body["retryable"] == true;
    }
    default:
        return false;
    }
}

bool isWorthRetrying(const Error& error)
{
    return error.code == Errc::Disconnected || error.code == Errc::Timeout;
}

} // namespace

class Client::Impl {
public:
    Impl(Endpoint endpoint, std::size_t maxResponse, std::size_t idle)
        : m_endpoint(std::move(endpoint))
        , m_maxResponse(maxResponse)
        , m_maxIdle(idle)
    {
    }

    Result<Response> send(const Request& request, const Limits& limits)
    {
        const auto bytes = m_endpoint.encode(request);
        if (!bytes) {
            return tl::make_unexpected(bytes.error());
        }
        const bool repeatable = request.method == "GET" || request.method == "HEAD" ||
                                request.headers.has("Idempotency-Key");
        if (auto kept = takeIdle()) {
            auto response = exchange(std::move(kept), request.method, *bytes, limits);
            if (response || response.error().code != Errc::Disconnected || !repeatable) {
                return response;
            }
        }
        auto fresh = ClientConnection::connect(m_endpoint, limits);
        if (!fresh) {
            return tl::make_unexpected(std::move(fresh.error()));
        }
        return exchange(std::move(*fresh), request.method, *bytes, limits);
    }

private:
    Result<Response> exchange(std::unique_ptr<ClientConnection> connection,
                              const std::string& method, const std::string& bytes,
                              const Limits& limits)
    {
        // A server may refuse before it has read everything: its answer counts, not our send.
        auto written = connection->write(bytes, limits);
        if (!written && written.error().code != Errc::Disconnected) {
            return tl::make_unexpected(std::move(written.error()));
        }
        auto head = connection->readHead(method, limits);
        if (!head) {
            return tl::make_unexpected(std::move(head.error()));
        }
        auto body = connection->readBody(*head, m_maxResponse, limits);
        if (!body) {
            return tl::make_unexpected(std::move(body.error()));
        }
        head->response.body = std::move(*body);
        if (head->keepAlive && written) {
            const std::lock_guard lock(m_mutex);
            if (m_idle.size() < m_maxIdle) {
                m_idle.push_back(std::move(connection));
            }
        }
        return std::move(head->response);
    }

    std::unique_ptr<ClientConnection> takeIdle()
    {
        const std::lock_guard lock(m_mutex);
        while (!m_idle.empty()) {
            auto connection = std::move(m_idle.back());
            m_idle.pop_back();
            if (!connection->isStale()) {
                return connection;
            }
        }
        return nullptr;
    }

    const Endpoint m_endpoint;
    const std::size_t m_maxResponse;
    const std::size_t m_maxIdle;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<ClientConnection>> m_idle;
};

Result<std::unique_ptr<Client>> Client::open(ClientConfig config)
{
    auto endpoint = Endpoint::of(config);
    if (!endpoint) {
        return tl::make_unexpected(std::move(endpoint.error()));
    }
    return std::unique_ptr<Client>(new Client(
        std::make_unique<Impl>(std::move(*endpoint), config.maxResponse, config.idleConnections)));
}

Client::Client(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{
}
Client::~Client() = default;

Result<Response> Client::send(const Request& request, std::chrono::milliseconds timeout,
                              std::stop_token stop)
{
    const StopSignal signal(stop);
    return m_impl->send(request, {std::chrono::steady_clock::now() + timeout, signal, stop});
}

Result<Response> Client::sendIdempotent(Request request, std::chrono::milliseconds timeout,
                                        std::chrono::milliseconds deadline, std::stop_token stop)
{
    if (!request.headers.has("Idempotency-Key")) {
        request.headers.set("Idempotency-Key", randomUuid());
    }
    const StopSignal signal(stop);
    const auto end = std::chrono::steady_clock::now() + deadline;
    auto pause = kFirstPause;
    for (;;) {
        const auto start = std::chrono::steady_clock::now();
        auto response = m_impl->send(request, {std::min(start + timeout, end), signal, stop});
        const bool again =
            response ? isWorthRetrying(*response) : isWorthRetrying(response.error());
        const auto wake = std::chrono::steady_clock::now() + pause;
        if (!again || wake >= end) {
            return response;
        }
        if (auto waited = waitFor(-1, 0, {wake, signal, stop});
            waited.error().code == Errc::Cancelled) {
            return tl::make_unexpected(std::move(waited.error()));
        }
        pause = std::min(pause * 2, kLongestPause);
    }
}

} // namespace guichet::net
