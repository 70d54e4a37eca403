// SPDX-License-Identifier: Apache-2.0
#include <condition_variable>
#include <mutex>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cloudbranch/server/hub_caller.h"

using namespace guichet;
using namespace guichet::hub::test;
using namespace std::chrono_literals;

namespace {

/// What a display hears.
class Listener {
public:
    explicit Listener(const HubCaller& hub, std::string lastId = {})
    {
        auto source = net::EventSource::open(
            {.server = {.baseUrl = hub.url()},
             .request = {.path = "/v1/branches/demo/events"},
             .lastEventId = std::move(lastId)},
            [this](const net::ServerEvent& event) {
                const std::lock_guard lock(m_mutex);
                m_events.push_back(event);
                m_changed.notify_all();
            },
            [](net::StreamState, const Error*) {});
        REQUIRE(source);
        m_source = std::move(*source);
    }
    /// Waits for the first queue document at or behind a position; what came until then.
    std::vector<net::ServerEvent> until(std::uint64_t position)
    {
        std::unique_lock lock(m_mutex);
        const bool came = m_changed.wait_for(lock, 10s, [&] {
            return std::ranges::any_of(m_events, [&](const auto& event) {
                return event.event == "queue" && std::stoull(event.id) >= position;
            });
        });
        REQUIRE(came);
        return m_events;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<net::ServerEvent> m_events;
    std::unique_ptr<net::EventSource> m_source;
};

std::uint64_t position(HubCaller& hub)
{
    return parsed(hub.get("/v1/branches/demo/queue")).at("position");
}

std::vector<std::string> calls(const std::vector<net::ServerEvent>& events)
{
    std::vector<std::string> tickets;
    for (const auto& event : events) {
        if (event.event == "call") {
            tickets.push_back(json::parse(event.data).at("ticket"));
        }
    }
    return tickets;
}

} // namespace

TEST_CASE("hub: a display hears the whole state first, then each call once")
{
    HubCaller hub;
    const auto session = hub.openSession(hub.teller, "1");
    const auto callNext = [&] {
        const auto called = hub.callNext(session, hub.teller);
        REQUIRE(called.status == 200);
        return parsed(called).at("id").get<std::string>();
    };
    hub.take();
    hub.take();
    hub.take();
    const auto first = callNext();
    Listener listener(hub);
    const auto snapshot = listener.until(position(hub));
    CHECK(snapshot.at(0).event == "time");
    CHECK(json::parse(snapshot.at(0).data).at("now") ==
          toRfc3339(hub.clock.now(), "Asia/Shanghai"));
    CHECK(snapshot.at(1).event == "queue");
    CHECK(calls(snapshot).empty()); // it was called before; the document shows it
    CHECK(json::parse(snapshot.at(1).data).at("calls").at(0).at("ticket") == "A001");
    REQUIRE(hub.command(first, "no-show").status == 200);
    const auto second = callNext();
    REQUIRE(hub.command(second, "recall").status == 200);
    CHECK(calls(listener.until(position(hub))) == std::vector<std::string>{"A002", "A002"});

    Listener resumed(hub, snapshot.back().id);
    CHECK(calls(resumed.until(position(hub))) == std::vector<std::string>{"A002", "A002"});
    REQUIRE(hub.command(second, "no-show").status == 200);
    callNext();
    CHECK(calls(resumed.until(position(hub))) == std::vector<std::string>{"A002", "A002", "A003"});
    CHECK(calls(listener.until(position(hub))) == std::vector<std::string>{"A002", "A002", "A003"});
}

TEST_CASE("hub: nobody's name or token is in what everybody may hear")
{
    HubCaller hub;
    const auto taken = hub.take();
    Listener listener(hub);
    for (const auto& event : listener.until(position(hub))) {
        CHECK(event.data.find(taken.at("id")) == std::string::npos);
        CHECK(event.data.find(taken.at("token")) == std::string::npos);
    }
}

TEST_CASE("hub: health and metrics say how it stands")
{
    HubCaller hub;
    hub.take();
    hub.take();
    CHECK(parsed(hub.get("/healthz")).at("status") == "ok");
    const auto metrics = hub.get("/metrics").body;
    CHECK(metrics.find("\nguichet_tickets_total 2\n") != std::string::npos);
    CHECK(metrics.find("\nguichet_visits{state=\"waiting\"} 2\n") != std::string::npos);
    CHECK(metrics.find("\nguichet_business_day_open 1\n") != std::string::npos);
}
