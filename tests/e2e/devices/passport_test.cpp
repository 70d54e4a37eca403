// SPDX-License-Identifier: Apache-2.0
// A passport whose page is shown to the camera and whose chip is read with what stands there,
// through the real devices program: no number of it ever comes to the client.
#include <condition_variable>
#include <deque>
#include <mutex>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "peripherals/net/client.h"
#include "tests/e2e/devices/shown_page.h"
#include "tests/e2e/support/world.h"

using namespace guichet;
using namespace guichet::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr auto kPatience = 60s;
constexpr const char* kZone = "POUTOLI<<MING<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<\n"
                              "E987654324UTO8506106M3301018<<<<<<<<<<<<<<<4\n";

/// One connection to the identity service, for a whole session.
class Session {
public:
    Session()
    {
        net::WebSocketClientConfig config;
        config.server.baseUrl = "ws://127.0.0.1:5846";
        config.request.path = "/guichet/v1/identity";
        auto connected = net::WebSocketClient::connect(
            config,
            {[this](std::string_view text) { take(json::parse(text)); }, [](const Error&) {}});
        REQUIRE(connected);
        m_socket = std::move(*connected);
    }
    json ask(const json& request)
    {
        begin(request);
        return answer();
    }
    void begin(json request)
    {
        request["id"] = ++m_id;
        REQUIRE(m_socket->send(request.dump()));
    }
    json answer()
    {
        return await([](const json& message) { return !message.contains("event"); });
    }
    void waitFor(const std::string& event)
    {
        await([&event](const json& message) { return message.value("event", "") == event; });
    }
    void waitUntilOnline(const std::string& device)
    {
        for (;;) {
            const auto told = ask({{"op", "devices"}});
            for (const auto& one : told.at("result").at("devices")) {
                if (one.at("device") == device && one.at("state") == "online") {
                    return;
                }
            }
        }
    }
    json readChip(const std::string& handle)
    {
        return ask({{"op", "readPassport"}, {"timeoutMs", 30'000}, {"key", {{"handle", handle}}}});
    }

private:
    void take(json message)
    {
        const std::scoped_lock lock(m_mutex);
        m_messages.push_back(std::move(message));
        m_changed.notify_all();
    }
    /// The first of those that came, or come, that is meant and of the last request.
    template <typename Meant> json await(const Meant& meant)
    {
        std::unique_lock lock(m_mutex);
        for (;;) {
            REQUIRE(m_changed.wait_for(lock, kPatience, [this] { return !m_messages.empty(); }));
            auto message = std::move(m_messages.front());
            m_messages.pop_front();
            if (message.value("id", json()) == m_id && meant(message)) {
                return message;
            }
        }
    }

    int m_id = 0;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<json> m_messages;
    std::unique_ptr<net::WebSocketClient> m_socket;
};

/// Shows the page to the camera; the handle of its zone.
std::string readPage(World& world, Session& session)
{
    session.waitUntilOnline("idreader");
    session.waitUntilOnline("cardreader");
    const ShownPage page(kZone);
    session.begin({{"op", "readMrz"}, {"timeoutMs", 60'000}});
    session.waitFor("showDocument");
    world.play("/camera/picture", {{"file", page.file()}});
    const auto read = session.answer();
    INFO(read.dump());
    REQUIRE(read.contains("result"));
    CHECK(read.at("result").at("maskedNumber") == "E******32");
    CHECK_FALSE(read.at("result").contains("zoneFor"));
    return read.at("result").at("handle");
}

} // namespace

TEST_CASE("passport: the page before the camera opens the chip by its handle alone", "[e2e]")
{
    World world;
    Session session;
    const auto handle = readPage(world, session);
    world.play("/card/insert", {{"card", "passport"}});

    Session stranger;
    CHECK(stranger.readChip(handle).at("error").at("code") == "notFound");

    const auto read = session.readChip(handle);
    INFO(read.dump());
    REQUIRE(read.contains("result"));
    CHECK(read.at("result").at("surname") == "LI");
    CHECK(read.at("result").at("checks").at("printedZone").at("verdict") == "passed");
    CHECK(session.readChip(handle).at("error").at("code") == "notFound"); // once
    CHECK(world.placesOf("E98765432").isEmpty());
}

TEST_CASE("passport: a session's end forgets the page", "[e2e]")
{
    World world;
    Session session;
    const auto handle = readPage(world, session);
    world.play("/card/insert", {{"card", "passport"}});
    CHECK(session.ask({{"op", "forget"}}).contains("result"));
    const auto forgotten = session.readChip(handle);
    CHECK(forgotten.at("error").at("code") == "notFound");
    CHECK(forgotten.at("error").at("remedy") == "retry");
}
