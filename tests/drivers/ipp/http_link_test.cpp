// SPDX-License-Identifier: Apache-2.0
#include "drivers/ipp/http_link.h"

#include <array>
#include <functional>
#include <thread>

#include <netinet/in.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>

#include "drivers/ipp/ipp_requests.h"
#include "peripherals/base/unique_handle.h"

using namespace guichet;
using namespace guichet::ipp;
using namespace std::chrono_literals;

namespace {

/// Takes one connection on loopback, reads one request's header and does with it what it is told.
class OddServer {
public:
    explicit OddServer(std::function<void(int socket)> serve)
        : m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(::bind(m_listener.get(), generic, size) == 0);
        REQUIRE(::listen(m_listener.get(), 1) == 0);
        REQUIRE(::getsockname(m_listener.get(), generic, &size) == 0);
        m_uri = "ipp://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/ipp/print";
        m_thread = std::thread([this, serve = std::move(serve)] {
            const UniqueFd peer(::accept4(m_listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
            std::array<char, 65536> request{};
            if (::recv(peer.get(), request.data(), request.size(), 0) > 0) {
                serve(peer.get());
            }
            ::shutdown(peer.get(), SHUT_WR);
            while (::recv(peer.get(), request.data(), request.size(), 0) > 0) {
            }
        });
    }
    ~OddServer() { m_thread.join(); }
    OddServer(const OddServer&) = delete;
    OddServer& operator=(const OddServer&) = delete;
    [[nodiscard]] const std::string& uri() const { return m_uri; }

private:
    UniqueFd m_listener;
    std::string m_uri;
    std::thread m_thread;
};

void say(int socket, std::string_view text)
{
    static_cast<void>(::send(socket, text.data(), text.size(), MSG_NOSIGNAL));
}

Result<Bytes> askOnce(const OddServer& server, std::chrono::milliseconds timeout = 5s,
                      const std::stop_token& stop = {})
{
    const SystemClock clock;
    auto link = HttpLink::open(server.uri(), clock);
    REQUIRE(link);
    return (*link)->exchange(encodeGetPrinter({server.uri(), 1}), nullptr, timeout, stop);
}

Error answering(const std::string& text)
{
    const OddServer server([text](int socket) { say(socket, text); });
    const auto answer = askOnce(server);
    REQUIRE_FALSE(answer);
    return answer.error();
}

} // namespace

TEST_CASE("ipp link: an address that is no printer's is refused with what is wanted")
{
    const SystemClock clock;
    for (const auto* uri : {"", "printer", "http://192.0.2.7/", "ipp://", "ipp://u@192.0.2.7/p",
                            "ipp://192.0.2.7:99999/", "file:///etc/passwd"}) {
        INFO(uri);
        const auto link = HttpLink::open(uri, clock);
        REQUIRE_FALSE(link);
        CHECK(link.error().code == Errc::Invalid);
        CHECK(link.error().detail.find("want ipp://") != std::string::npos);
    }
    CHECK(HttpLink::open("ipps://printer.example/ipp/print", clock));
}

TEST_CASE("ipp link: what answers but is no IPP printer is named")
{
    const auto page = answering("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
                                "Content-Length: 2\r\n\r\nhi");
    CHECK(page.code == Errc::Protocol);
    CHECK(page.detail.find("text/html") != std::string::npos);
    CHECK(answering("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").code == Errc::NotFound);
    CHECK(answering("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n").code == Errc::Denied);
    CHECK(answering("HTTP/1.1 426 TLS\r\nContent-Length: 0\r\n\r\n").detail.find("ipps://") !=
          std::string::npos);
    CHECK(answering("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n").remedy == Remedy::Wait);
    CHECK(answering("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n").detail.find("500") !=
          std::string::npos);
}

TEST_CASE("ipp link: a connection that breaks is told as one")
{
    for (const auto* text : {"", "garbage\r\n", "HTTP/1.1 200 OK\r\nContent-Ty"}) {
        INFO(text);
        const auto error = answering(text);
        CHECK((error.code == Errc::Disconnected || error.code == Errc::Protocol));
    }
}

TEST_CASE("ipp link: an endless answer is cut off")
{
    const OddServer server([](int socket) {
        say(socket, "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\n\r\n");
        const std::string piece(65536, 'x');
        for (int i = 0; i < 40; ++i) {
            say(socket, piece);
        }
    });
    const auto answer = askOnce(server);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().detail.find("more than 1048576") != std::string::npos);
}

TEST_CASE("ipp link: a mute printer is given up in time, or as soon as somebody stops")
{
    std::stop_source release, stop;
    const OddServer server([&, token = release.get_token()](int socket) {
        stop.request_stop(); // it has the request now
        const std::stop_callback end(token, [socket] { ::shutdown(socket, SHUT_RDWR); });
        std::array<char, 1> byte{};
        while (::recv(socket, byte.data(), byte.size(), 0) > 0) {
        }
    });
    SECTION("in time")
    {
        const auto answer = askOnce(server, 1ms);
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code == Errc::Timeout);
        CHECK(answer.error().remedy == Remedy::ReconnectCable);
    }
    SECTION("stopped")
    {
        const auto answer = askOnce(server, 1h, stop.get_token());
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code == Errc::Cancelled);
    }
    release.request_stop();
}

TEST_CASE("ipp link: stopped before it asks, it asks nothing")
{
    std::stop_source stop;
    stop.request_stop();
    const SystemClock clock;
    auto link = HttpLink::open("ipp://127.0.0.1:1/ipp/print", clock);
    REQUIRE(link);
    CHECK((*link)->exchange({}, nullptr, 1s, stop.get_token()).error().code == Errc::Cancelled);
}
