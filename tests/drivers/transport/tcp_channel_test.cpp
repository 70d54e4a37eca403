// SPDX-License-Identifier: Apache-2.0
#include "drivers/transport/tcp_channel.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>

#include "peripherals/base/unique_handle.h"
#include "tests/drivers/support/hex_text.h"

using namespace guichet;
using namespace std::chrono_literals;
using test::bytes;

namespace {

/// The device's end: a listener on an ephemeral port of loopback.
class Listener {
public:
    Listener()
        : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* plain = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(::bind(m_socket.get(), plain, size) == 0);
        REQUIRE(::listen(m_socket.get(), 4) == 0);
        REQUIRE(::getsockname(m_socket.get(), plain, &size) == 0);
        m_port = ntohs(address.sin_port);
    }

    [[nodiscard]] std::uint16_t port() const { return m_port; }
    [[nodiscard]] UniqueFd accept() const
    {
        return UniqueFd(::accept4(m_socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
    }
    void close() { m_socket.reset(); }

private:
    UniqueFd m_socket;
    std::uint16_t m_port = 0;
};

} // namespace

TEST_CASE("tcp: bytes go both ways", "[drivers][transport]")
{
    const Listener listener;
    auto channel = transport::openTcp("127.0.0.1", listener.port(), 2s);
    REQUIRE(channel);
    const auto device = listener.accept();

    CHECK(*(*channel)->write(bytes("100402"), 1s) == 3);
    unsigned char received[8] = {};
    CHECK(::recv(device.get(), received, sizeof received, 0) == 3);
    CHECK(::send(device.get(), "\x16", 1, 0) == 1);
    CHECK(toHex(*(*channel)->read(10, 2s)) == "16");
}

TEST_CASE("tcp: silence is a timeout, and the channel lives on", "[drivers][transport]")
{
    const Listener listener;
    auto channel = *transport::openTcp("127.0.0.1", listener.port(), 2s);
    const auto device = listener.accept();
    CHECK(channel->read(10, 0ms).error().code == Errc::Timeout);
    CHECK(channel->read(10, 20ms).error().code == Errc::Timeout);
    CHECK(channel->write(bytes("00"), 1s));
}

TEST_CASE("tcp: a device that takes no more is a count, then a timeout", "[drivers][transport]")
{
    const Listener listener;
    auto channel = *transport::openTcp("127.0.0.1", listener.port(), 2s);
    const auto device = listener.accept();
    const Bytes much(64 << 20);
    std::size_t taken = 0;
    auto step = channel->write(much, 20ms);
    for (; step; step = channel->write(much, 20ms)) { // the kernel's buffers grow, but not for ever
        taken += *step;
    }
    CHECK(taken > 0);
    CHECK(step.error().code == Errc::Timeout);
}

TEST_CASE("tcp: a device that hangs up ends the channel for good", "[drivers][transport]")
{
    const Listener listener;
    auto channel = *transport::openTcp("127.0.0.1", listener.port(), 2s);
    listener.accept().reset();
    CHECK(channel->read(10, 2s).error().code == Errc::Disconnected);
    const auto written = channel->write(bytes("00"), 1s);
    REQUIRE_FALSE(written);
    CHECK(written.error().code == Errc::Disconnected);
    CHECK(written.error().remedy == Remedy::ReconnectCable);
}

TEST_CASE("tcp: nobody there is told at once, and a name is no address", "[drivers][transport]")
{
    Listener listener;
    const auto port = listener.port();
    listener.close();
    CHECK(transport::openTcp("127.0.0.1", port, 2s).error().code == Errc::Disconnected);
    CHECK(transport::openTcp("printer.local", 9100, 2s).error().code == Errc::Invalid);
}
