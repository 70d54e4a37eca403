// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/server.h"

#include <array>
#include <sstream>
#include <thread>

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "peripherals/net/websocket_codec.h"
#include "tests/peripherals/net/support.h"

using namespace guichet;
using namespace guichet::net;
using namespace guichet::net::test;

namespace {

Router echo()
{
    Router router;
    router.add("GET", "/hello", [](const Request&) { return json(200, "\"hello\""); });
    router.add("GET", "/visits/{id}",
               [](const Request& request) { return json(200, std::string(request.param("id"))); });
    router.add("GET", "/visits/all", [](const Request&) { return json(200, "all"); });
    router.add("GET", "/files/{rest*}", [](const Request& request) {
        return json(200, std::string(request.param("rest")));
    });
    router.add("POST", "/echo", [](const Request& request) { return json(200, request.body); });
    router.add("GET", "/throw",
               [](const Request&) -> Response { throw std::runtime_error("secret"); });
    return router;
}

constexpr std::string_view kSocketRequest = "GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n"
                                            "Connection: Upgrade\r\n"
                                            "Sec-WebSocket-Version: 13\r\n"
                                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

bool startsWith(const std::string& text, std::string_view start)
{
    return text.starts_with(start);
}

/// What is logged while it lives.
class LoggedText {
public:
    LoggedText()
        : m_before(spdlog::default_logger())
    {
        spdlog::set_default_logger(std::make_shared<spdlog::logger>(
            "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(m_stream)));
    }
    ~LoggedText() { spdlog::set_default_logger(m_before); }
    LoggedText(const LoggedText&) = delete;
    LoggedText& operator=(const LoggedText&) = delete;
    /// Only when no server writes any more.
    [[nodiscard]] std::string text() const { return m_stream.str(); }

private:
    std::shared_ptr<spdlog::logger> m_before;
    std::ostringstream m_stream;
};

/// Takes a socket only when it is already gone.
Router takesSocketsLate(Watched<bool>& handling, Watched<int>& closed)
{
    Router router;
    router.socket("/ws", [&](const Request&, const std::shared_ptr<Socket>& socket) {
        handling.change([](bool& value) { value = true; });
        while (socket->open()) {
            std::this_thread::yield();
        }
        return SocketCallbacks{[](std::string_view) {},
                               [&] { closed.change([](int& value) { ++value; }); }};
    });
    return router;
}

} // namespace

TEST_CASE("net: a request is answered by its route", "[net]")
{
    const auto server = serve(echo());
    const auto client = clientFor(*server);
    CHECK(client->send({.path = "/hello"}, 10s)->body == "\"hello\"");
    CHECK(client->send({.path = "/visits/7"}, 10s)->body == "7");
    CHECK(client->send({.path = "/visits/all"}, 10s)->body == "all");
    CHECK(client->send({.path = "/files/a/b.js"}, 10s)->body == "a/b.js");
    CHECK(client->send({.method = "POST", .path = "/echo", .body = "abc"}, 10s)->body == "abc");
    CHECK(client->send({.path = "/nothing"}, 10s)->status == 404);
    const auto wrong = client->send({.method = "DELETE", .path = "/hello"}, 10s);
    CHECK(wrong->status == 405);
    CHECK(wrong->header("Allow") == "GET, HEAD");
    const auto head = client->send({.method = "HEAD", .path = "/hello"}, 10s);
    CHECK(head->status == 200);
    CHECK(head->body.empty());
    const auto thrown = client->send({.path = "/throw"}, 10s);
    CHECK(thrown->status == 500);
    CHECK(thrown->body.find("secret") == std::string::npos);
}

TEST_CASE("net: pipelined requests are answered in order", "[net]")
{
    const auto server = serve(echo());
    RawClient client(server->port());
    REQUIRE(client.write("GET /visits/1 HTTP/1.1\r\nHost: h\r\n\r\n"
                         "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                         "1\r\n2\r\n0\r\n\r\n"
                         "GET /visits/3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
    const auto text = client.readAll();
    const auto one = text.find("\r\n\r\n1");
    const auto two = text.find("\r\n\r\n2");
    const auto three = text.find("\r\n\r\n3");
    CHECK(one < two);
    CHECK(two < three);
    CHECK(three != std::string::npos);
    CHECK(client.ended());
}

TEST_CASE("net: a request that could smuggle another one is refused with the connection", "[net]")
{
    const auto server = serve(echo());
    RawClient client(server->port());
    REQUIRE(client.write("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n"
                         "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /hello HTTP/1.1\r\n\r\n"));
    const auto text = client.readAll();
    CHECK(startsWith(text, "HTTP/1.1 400 "));
    CHECK(text.find("hello") == std::string::npos);
    CHECK(client.ended());
}

TEST_CASE("net: what is too large is refused", "[net]")
{
    const auto server = serve(echo());
    RawClient head(server->port());
    REQUIRE(head.write("GET / HTTP/1.1\r\nX: " + std::string(17 * 1024, 'x')));
    CHECK(startsWith(head.readAll(), "HTTP/1.1 431 "));
    RawClient body(server->port());
    REQUIRE(body.write("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 65537\r\n\r\n"));
    CHECK(startsWith(body.readAll(), "HTTP/1.1 413 "));
    RawClient chunk(server->port());
    REQUIRE(chunk.write(
        "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n10001\r\n"));
    CHECK(startsWith(chunk.readAll(), "HTTP/1.1 413 "));
}

TEST_CASE("net: a slow head or body is refused at its deadline", "[net]")
{
    const auto server = serve(echo(), {.headerDeadline = 100ms, .bodyDeadline = 100ms});
    RawClient head(server->port());
    REQUIRE(head.write("GET /hello HTT"));
    CHECK(startsWith(head.readAll(), "HTTP/1.1 408 "));
    RawClient body(server->port());
    REQUIRE(body.write("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab"));
    CHECK(startsWith(body.readAll(), "HTTP/1.1 408 "));
}

TEST_CASE("net: a client that asks first is told to continue", "[net]")
{
    const auto server = serve(echo());
    RawClient client(server->port());
    REQUIRE(client.write("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n"
                         "Expect: 100-continue\r\n\r\n"));
    CHECK(client.read("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    REQUIRE(client.write("ok"));
    CHECK(client.read("\r\n\r\nok").find("200 OK") != std::string::npos);
}

TEST_CASE("net: a client that has ended its side still gets its answer", "[net]")
{
    const auto server = serve(echo());
    RawClient client(server->port());
    REQUIRE(client.write("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n"));
    client.endWriting();
    CHECK(client.readAll().ends_with("\"hello\""));
}

TEST_CASE("net: one peer may not take all connections", "[net]")
{
    const auto server = serve(echo(), {.maxConnectionsPerPeer = 1});
    RawClient first(server->port());
    REQUIRE(first.write("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n"));
    REQUIRE(startsWith(first.read("hello"), "HTTP/1.1 200 "));
    RawClient second(server->port());
    CHECK(startsWith(second.readAll(), "HTTP/1.1 429 "));
}

TEST_CASE("net: a page of a browser is refused where origins are", "[net]")
{
    const auto server = serve(echo(), {.refuseOrigin = true});
    const auto client = clientFor(*server);
    CHECK(client->send({.path = "/hello", .headers = {{"Origin", "null"}}}, 10s)->status == 403);
    CHECK(client->send({.path = "/hello"}, 10s)->status == 200);
}

TEST_CASE("net: only the users on the list are served", "[net]")
{
    const auto mine = serve(echo(), {.allowedPeerUids = {::getuid()}});
    CHECK(clientFor(*mine)->send({.path = "/hello"}, 10s)->status == 200);
    const auto other = serve(echo(), {.allowedPeerUids = {::getuid() + 1}});
    CHECK(clientFor(*other)->send({.path = "/hello"}, 10s)->status == 403);
}

TEST_CASE("net: a port that is taken is said to be busy", "[net]")
{
    const auto server = serve(echo());
    const auto second = Server::start({.port = server->port()}, echo());
    REQUIRE_FALSE(second);
    CHECK(second.error().code == Errc::Busy);
}

TEST_CASE("net: a heart that would beat without a pause is refused", "[net]")
{
    const auto server = Server::start({.heartbeat = 0ms}, Router());
    REQUIRE_FALSE(server);
    CHECK(server.error().code == Errc::Invalid);
    CHECK(server.error().detail.find("heartbeat") != std::string::npos);
}

TEST_CASE("net: an honest request is answered among 2,000 idle or crawling connections", "[net]")
{
    const auto server = serve(echo(), {.maxConnectionsPerPeer = 5000});
    std::vector<std::unique_ptr<RawClient>> others;
    for (int index = 0; index < 2000; ++index) {
        others.push_back(std::make_unique<RawClient>(server->port()));
        REQUIRE(others.back()->connected());
        if (index % 2 == 0) {
            REQUIRE(others.back()->write("GET /hel"));
        }
    }
    const auto answer = clientFor(*server)->send({.path = "/hello"}, 1s);
    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(server->stats().connections >= 2000);
}

TEST_CASE("net: a server that stops closes its streams and returns", "[net]")
{
    Watched<bool> closed;
    Router router;
    router.events("/events", [&](const Request&, std::shared_ptr<EventStream> stream) {
        stream->send("1", "", "first");
        stream->onClosed([&] { closed.change([](bool& value) { value = true; }); });
        return std::optional<Response>();
    });
    const auto server = serve(std::move(router));
    RawClient client(server->port());
    REQUIRE(client.write("GET /events HTTP/1.1\r\nHost: h\r\n\r\n"));
    REQUIRE(client.read("first\n\n").find("text/event-stream") != std::string::npos);
    server->stop();
    CHECK(closed.get());
}

TEST_CASE("net: who took a socket whose peer left meanwhile is told", "[net]")
{
    Watched<bool> handling;
    Watched<int> closed;
    const auto server = serve(takesSocketsLate(handling, closed));
    RawClient client(server->port());
    REQUIRE(client.write(kSocketRequest));
    REQUIRE(handling.wait([](bool value) { return value; }));
    client.reset();
    CHECK(closed.wait([](int count) { return count == 1; }));
}

TEST_CASE("net: who takes a socket of a server that stopped meanwhile is told", "[net]")
{
    Watched<bool> handling;
    Watched<int> closed;
    const auto server = serve(takesSocketsLate(handling, closed));
    RawClient client(server->port());
    REQUIRE(client.write(kSocketRequest));
    REQUIRE(handling.wait([](bool value) { return value; }));
    server->stop();
    CHECK(closed.get() == 1);
}

TEST_CASE("net: whatever a handler throws becomes a 500", "[net]")
{
    Router router;
    router.add("GET", "/handler", [](const Request&) -> Response { throw 1; });
    router.events("/events",
                  [](const Request&,
                     const std::shared_ptr<EventStream>&) -> std::optional<Response> { throw 1; });
    router.socket("/ws",
                  [](const Request&, const std::shared_ptr<Socket>&)
                      -> std::variant<SocketCallbacks, Response> { throw 1; });
    const auto server = serve(std::move(router));
    RawClient client(server->port());
    for (const auto request :
         {std::string_view("GET /handler HTTP/1.1\r\nHost: h\r\n\r\n"),
          std::string_view("GET /events HTTP/1.1\r\nHost: h\r\n\r\n"), kSocketRequest}) {
        client.clear();
        REQUIRE(client.write(request));
        CHECK(startsWith(client.read("}"), "HTTP/1.1 500"));
    }
}

TEST_CASE("net: whatever a socket's callback throws, the next message is heard", "[net]")
{
    Router router;
    router.socket("/ws", [](const Request&, const std::shared_ptr<Socket>& socket) {
        return SocketCallbacks{[socket](std::string_view text) {
                                   if (text == "first") {
                                       throw 1;
                                   }
                                   socket->send("heard " + std::string(text));
                               },
                               [] { throw 1; }};
    });
    const auto server = serve(std::move(router));
    RawClient client(server->port());
    REQUIRE(client.write(kSocketRequest));
    REQUIRE(startsWith(client.read("\r\n\r\n"), "HTTP/1.1 101"));
    constexpr std::array<std::uint8_t, 4> mask{1, 2, 3, 4};
    REQUIRE(client.write(encodeFrame(Opcode::Text, "first", mask) +
                         encodeFrame(Opcode::Text, "second", mask)));
    CHECK(client.read("heard second").find("heard second") != std::string::npos);
}

TEST_CASE("net: a refusal is one line of the log, without what the address may have carried",
          "[net]")
{
    const LoggedText logged;
    {
        const auto server = serve(echo());
        RawClient client(server->port());
        REQUIRE(client.write("GET /visits/secret-token?t=secret-query HTTP/1.1\r\nHost: h\r\n\r\n"
                             "GET /mistyped/secret-token HTTP/1.1\r\nHost: h\r\n"
                             "Authorization: Bearer secret-bearer\r\n\r\n"
                             "GET /secret token HTTP/1.1\r\nHost: h\r\n\r\n"));
        CHECK(client.readAll().find("HTTP/1.1 400") != std::string::npos);
    }
    CHECK(logged.text().find("secret") == std::string::npos);
    CHECK(logged.text().find("refused GET (no route) 404 127.0.0.1") != std::string::npos);
}

TEST_CASE("net: a head that never becomes a request is not taken for the last one", "[net]")
{
    const LoggedText logged;
    {
        const auto server = serve(echo(), {.maxHeader = 512});
        RawClient client(server->port());
        REQUIRE(client.write("HEAD /hello HTTP/1.1\r\nHost: h\r\n\r\n"));
        REQUIRE(client.read("\r\n\r\n").starts_with("HTTP/1.1 200"));
        client.clear();
        REQUIRE(client.write("GET /" + std::string(1000, 'x')));
        CHECK(client.readAll().find("head-too-large") != std::string::npos);
    }
    CHECK(logged.text().find("/hello") == std::string::npos);
}

TEST_CASE("net: a watcher that does not read is dropped", "[net]")
{
    Watched<std::shared_ptr<EventStream>> watched;
    Router router;
    router.events("/events", [&](const Request&, std::shared_ptr<EventStream> stream) {
        watched.change([&](auto& value) { value = stream; });
        return std::optional<Response>();
    });
    const auto server = serve(std::move(router), {.maxStreamBuffer = 10'000});
    RawClient client(server->port());
    REQUIRE(client.write("GET /events HTTP/1.1\r\nHost: h\r\n\r\n"));
    REQUIRE(watched.wait([](const auto& stream) { return stream != nullptr; }));
    const auto stream = watched.get();
    bool dropped = false;
    for (int sent = 0; sent < 100'000 && !dropped; ++sent) {
        dropped = !stream->send("", "", std::string(1000, 'x'));
    }
    CHECK(dropped);
    CHECK_FALSE(stream->open());
}
