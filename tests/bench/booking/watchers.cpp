// SPDX-License-Identifier: Apache-2.0
#include <condition_variable>
#include <cstdio>
#include <mutex>

#include <fmt/format.h>

#include "tests/bench/booking/figures.h"

namespace guichet::bench {
namespace {

/// Counts what reaches the watchers, and when.
class Hearing {
public:
    void hear(const net::ServerEvent& event)
    {
        const auto now = Time::now();
        const std::lock_guard lock(m_mutex);
        if (event.event == "queue") {
            ++m_snapshots;
        } else if (event.event == "call") {
            m_calls.push_back(now);
        }
        m_changed.notify_all();
    }
    void awaitSnapshots(std::size_t count)
    {
        await([&] { return m_snapshots >= count; }, "not every watcher got its first snapshot");
    }
    std::vector<Time::time_point> awaitCalls(std::size_t count)
    {
        await([&] { return m_calls.size() >= count; }, "the call did not reach every watcher");
        const std::lock_guard lock(m_mutex);
        return m_calls;
    }

private:
    template <typename Condition> void await(Condition condition, const char* why)
    {
        std::unique_lock lock(m_mutex);
        if (!m_changed.wait_for(lock, std::chrono::seconds(60), condition)) {
            giveUp(why);
        }
    }

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::size_t m_snapshots = 0;
    std::vector<Time::time_point> m_calls;
};

std::string teller(net::Client& client)
{
    const auto login = create(client, "/v1/login", {{"user", "teller"}, {"password", "demo"}});
    return nlohmann::json::parse(login.body).at("token").get<std::string>();
}

} // namespace

void watchers(const std::string& url, std::size_t count, std::size_t others)
{
    const net::ClientConfig server{.baseUrl = url};
    auto client = std::move(*net::Client::open(server));
    Hearing hearing;
    std::vector<std::unique_ptr<net::EventSource>> sources;
    for (std::size_t i = 0; i < count; ++i) {
        auto source = net::EventSource::open(
            {.server = server,
             .request = {.path = "/v1/branches/demo/events"},
             .connectTimeout = std::chrono::seconds(30)},
            [&hearing](const auto& event) { hearing.hear(event); },
            [](net::StreamState, const Error*) {});
        sources.push_back(std::move(*source));
    }
    std::vector<std::unique_ptr<net::Client>> kept;
    for (std::size_t i = 0; i < others; ++i) {
        kept.push_back(std::move(*net::Client::open(server)));
        if (!kept.back()->send({.path = "/v1/branches/demo"}, std::chrono::seconds(30))) {
            giveUp("no connection to the hub");
        }
    }
    hearing.awaitSnapshots(count);
    const auto bearer = teller(*client);
    const auto session = create(*client, "/v1/branches/demo/sessions", {{"counter", "1"}}, bearer);
    const auto id = nlohmann::json::parse(session.body).at("id").get<std::string>();
    static_cast<void>(create(*client, "/v1/branches/demo/visits",
                             {{"service", "cash"}, {"language", "en"}, {"channel", "kiosk"}},
                             "demo-kiosk"));
    const auto begin = Time::now();
    const auto called =
        create(*client, "/v1/sessions/" + id + "/call-next", nlohmann::json::object(), bearer);
    if (called.status != 200) {
        giveUp("nobody was called: " + called.body);
    }
    std::vector<double> times;
    for (const auto at : hearing.awaitCalls(count)) {
        times.push_back(std::chrono::duration<double, std::milli>(at - begin).count());
    }
    const Spread spread(times);
    fmt::print("{{\"watchers\":{},\"p50_ms\":{:.1f},\"p99_ms\":{:.1f},\"max_ms\":{:.1f}}}\n", count,
               spread.at(50), spread.at(99), spread.at(100));
    std::fflush(stdout);
    static_cast<void>(std::getchar()); // connected until whoever measures the hub has done so
}

} // namespace guichet::bench
