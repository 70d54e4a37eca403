// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "peripherals/net/client.h"
#include "tests/cloudbranch/server/hub_caller.h"

namespace guichet::hub::test {

/// One end's WebSocket to the hub, and what it has heard.
class AssistLine {
public:
    static std::unique_ptr<AssistLine> terminal(const HubCaller& hub, const std::string& assist)
    {
        net::Request request{.path = "/v1/assists/" + assist + "/signal"};
        request.headers.set("Authorization", "Bearer " + hub.terminal);
        auto line = std::unique_ptr<AssistLine>(new AssistLine);
        REQUIRE(line->connect(hub, request));
        return line;
    }
    /// Connected to where seats are, and silent.
    static std::unique_ptr<AssistLine> stranger(const HubCaller& hub)
    {
        auto line = std::unique_ptr<AssistLine>(new AssistLine);
        REQUIRE(line->connect(hub, {.path = "/v1/seats/signal"}));
        return line;
    }
    static std::unique_ptr<AssistLine> seat(const HubCaller& hub, const std::string& token)
    {
        auto line = stranger(hub);
        line->say({{"type", "hello"}, {"token", token}});
        return line;
    }
    /// Why a terminal's line was refused.
    static Errc refusal(const HubCaller& hub, const std::string& assist, const std::string& bearer)
    {
        net::Request request{.path = "/v1/assists/" + assist + "/signal"};
        request.headers.set("Authorization", "Bearer " + bearer);
        AssistLine line;
        const auto connected = line.connect(hub, request);
        return connected ? Errc::Internal : connected.error().code;
    }

    void say(const json& message) { REQUIRE(m_socket->send(message.dump())); }
    /// The first message, of those that were not yet waited for, that `fits`.
    json until(const std::function<bool(const json&)>& fits)
    {
        std::unique_lock lock(m_mutex);
        std::optional<json> found;
        const bool came = m_changed.wait_for(lock, std::chrono::seconds(10), [&] {
            while (m_read < m_heard.size() && !found) {
                if (fits(m_heard[m_read])) {
                    found = m_heard[m_read];
                }
                ++m_read;
            }
            return found.has_value();
        });
        INFO("heard: " << json(m_heard).dump());
        REQUIRE(came);
        return *found;
    }
    json until(const std::string& type)
    {
        return until([&type](const json& message) { return message.at("type") == type; });
    }
    /// The document of that type in that state.
    json until(const std::string& type, const std::string& state)
    {
        return until([&](const json& message) {
            return message.at("type") == type && message.at("state") == state;
        });
    }
    std::string untilClosed()
    {
        std::unique_lock lock(m_mutex);
        const bool came = m_changed.wait_for(lock, std::chrono::seconds(10),
                                             [this] { return m_closed.has_value(); });
        REQUIRE(came);
        return *m_closed;
    }

private:
    Result<void> connect(const HubCaller& hub, net::Request request)
    {
        auto socket = net::WebSocketClient::connect(
            {.server = {.baseUrl = hub.url()}, .request = std::move(request)},
            {[this](std::string_view text) {
                 const std::lock_guard lock(m_mutex);
                 m_heard.push_back(json::parse(text));
                 m_changed.notify_all();
             },
             [this](const Error& error) {
                 const std::lock_guard lock(m_mutex);
                 m_closed = error.detail;
                 m_changed.notify_all();
             }});
        if (!socket) {
            return tl::unexpected(socket.error());
        }
        m_socket = std::move(*socket);
        return {};
    }

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<json> m_heard;
    std::size_t m_read = 0;
    std::optional<std::string> m_closed;
    std::unique_ptr<net::WebSocketClient> m_socket;
};

} // namespace guichet::hub::test
