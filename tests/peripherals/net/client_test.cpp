// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/client.h"

#include <atomic>
#include <thread>

#include "tests/peripherals/net/support.h"

using namespace guichet;
using namespace guichet::net;
using namespace guichet::net::test;

namespace {

struct Conversation {
    std::vector<std::string> texts;
    int closed = 0;
};

Router echoSocket(Watched<Conversation>& seen)
{
    Router router;
    router.socket("/socket",
                  [&seen](const Request& request, std::shared_ptr<Socket> socket)
                      -> std::variant<SocketCallbacks, Response> {
                      if (bearerToken(request) == "wrong") {
                          return problem(401, "unauthorized", "no");
                      }
                      return SocketCallbacks{
                          [socket](std::string_view text) { socket->send(text); },
                          [&seen] { seen.change([](Conversation& value) { ++value.closed; }); }};
                  });
    return router;
}

Result<std::unique_ptr<WebSocketClient>> talk(const Server& server, Watched<Conversation>& heard,
                                              const std::string& bearer = "")
{
    WebSocketClientConfig config{.server = clientOf(server, "ws"), .request = {.path = "/socket"}};
    if (!bearer.empty()) {
        config.request.headers.set("Authorization", "Bearer " + bearer);
    }
    return WebSocketClient::connect(
        std::move(config),
        {[&heard](std::string_view text) {
             heard.change([text](Conversation& value) { value.texts.emplace_back(text); });
         },
         [&heard](const Error&) { heard.change([](Conversation& value) { ++value.closed; }); }});
}

} // namespace

TEST_CASE("net: WebSocket messages come back whole and in order", "[net]")
{
    Watched<Conversation> server;
    Watched<Conversation> heard;
    const auto host = serve(echoSocket(server));
    auto client = talk(*host, heard);
    REQUIRE(client);
    for (int index = 0; index < 500; ++index) {
        REQUIRE((*client)->send(std::to_string(index)));
    }
    REQUIRE((*client)->send(std::string(2 * 1024 * 1024, 'x')));
    REQUIRE(heard.wait([](const Conversation& value) { return value.texts.size() == 501; }));
    const auto texts = heard.get().texts;
    for (std::size_t index = 0; index < 500; ++index) {
        REQUIRE(texts[index] == std::to_string(index));
    }
    CHECK(texts[500].size() == 2 * 1024 * 1024);
    client->reset();
    CHECK(server.wait([](const Conversation& value) { return value.closed == 1; }));
    CHECK(heard.get().closed == 0);
}

TEST_CASE("net: a WebSocket message beyond the limit ends the connection", "[net]")
{
    Watched<Conversation> server;
    Watched<Conversation> heard;
    const auto host = serve(echoSocket(server));
    auto client = talk(*host, heard);
    REQUIRE(client);
    REQUIRE((*client)->send(std::string(2 * 1024 * 1024 + 1, 'x')));
    CHECK(heard.wait([](const Conversation& value) { return value.closed == 1; }));
    CHECK(server.wait([](const Conversation& value) { return value.closed == 1; }));
    CHECK_FALSE((*client)->open());
}

TEST_CASE("net: a refused WebSocket says why", "[net]")
{
    Watched<Conversation> server;
    Watched<Conversation> heard;
    const auto host = serve(echoSocket(server));
    const auto client = talk(*host, heard, "wrong");
    REQUIRE_FALSE(client);
    CHECK(client.error().code == Errc::Denied);
}

TEST_CASE("net: a watcher resumes behind the last event that it saw", "[net]")
{
    Watched<std::vector<std::string>> asked;
    Watched<std::vector<std::string>> got;
    Router router;
    router.events("/events", [&](const Request& request, std::shared_ptr<EventStream> stream) {
        const std::string last(request.header("Last-Event-ID"));
        asked.change([&](auto& value) { value.push_back(last); });
        stream->send(last.empty() ? "1" : "2", "queue", "data");
        if (last.empty()) {
            stream->close();
        }
        return std::optional<Response>();
    });
    const auto server = serve(std::move(router));
    auto source = EventSource::open(
        {.server = clientOf(*server), .request = {.path = "/events"}, .firstRetry = 1ms},
        [&](const ServerEvent& event) {
            got.change([&](auto& value) { value.push_back(event.id + event.event); });
        },
        nullptr);
    REQUIRE(source);
    REQUIRE(got.wait([](const auto& value) { return value.size() == 2; }));
    CHECK(got.get() == std::vector<std::string>{"1queue", "2queue"});
    CHECK(asked.get() == std::vector<std::string>{"", "1"});
}

TEST_CASE("net: a lost reply is asked for again with the same key", "[net]")
{
    Watched<std::vector<std::string>> keys;
    Router router;
    router.add("POST", "/visits", [&](const Request& request) -> Response {
        std::size_t count = 0;
        keys.change([&](auto& value) {
            value.emplace_back(request.header("Idempotency-Key"));
            count = value.size();
        });
        return count < 3 ? problem(503, "busy", "not now") : json(201, "{}");
    });
    const auto server = serve(std::move(router));
    const auto response = clientFor(*server)->sendIdempotent(
        {.method = "POST", .path = "/visits", .body = "{}"}, 5s, 20s);
    REQUIRE(response);
    CHECK(response->status == 201);
    const auto seen = keys.get();
    REQUIRE(seen.size() == 3);
    CHECK_FALSE(seen[0].empty());
    CHECK(seen[0] == seen[2]);
}

TEST_CASE("net: a server that is away fails as disconnected", "[net]")
{
    auto server = serve(Router());
    const auto config = clientOf(*server);
    server.reset();
    const auto response = (*Client::open(config))->send({}, 5s);
    REQUIRE_FALSE(response);
    CHECK(response.error().code == Errc::Disconnected);
}

TEST_CASE("net: a request ends at its time-out, or at once when cancelled", "[net]")
{
    std::stop_source release;
    Watched<int> entered;
    Router router;
    router.add("GET", "/", [&](const Request&) {
        entered.change([](int& value) { ++value; });
        Watched<bool> done;
        std::stop_callback wake(release.get_token(),
                                [&] { done.change([](bool& value) { value = true; }); });
        (void)done.wait([](bool value) { return value; }, 30s);
        return Response{};
    });
    const auto server = serve(std::move(router));
    const auto client = clientFor(*server);
    CHECK(client->send({}, 50ms).error().code == Errc::Timeout);
    std::stop_source stop;
    std::jthread canceller([&] {
        (void)entered.wait([](int value) { return value == 2; });
        stop.request_stop();
    });
    CHECK(client->send({}, 30s, stop.get_token()).error().code == Errc::Cancelled);
    release.request_stop();
}

TEST_CASE("net: clients that wait are destroyed promptly", "[net]")
{
    Watched<Conversation> server;
    Watched<Conversation> heard;
    Watched<bool> open;
    auto router = echoSocket(server);
    router.events("/events", [](const Request&, std::shared_ptr<EventStream>) {
        return std::optional<Response>();
    });
    const auto host = serve(std::move(router));
    auto socket = talk(*host, heard);
    auto source = EventSource::open(
        {.server = clientOf(*host), .request = {.path = "/events"}}, [](const ServerEvent&) {},
        [&](StreamState state, const Error*) {
            open.change([state](bool& value) { value = state == StreamState::Open; });
        });
    REQUIRE(socket);
    REQUIRE(open.wait([](bool value) { return value; }));
    const auto start = std::chrono::steady_clock::now();
    socket->reset();
    source->reset();
    CHECK(std::chrono::steady_clock::now() - start < 1s); // 100 ms on a machine of one's own
}
