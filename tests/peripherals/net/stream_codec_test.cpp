// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "peripherals/net/event_codec.h"
#include "peripherals/net/peer_user.h"
#include "peripherals/net/websocket_codec.h"

using namespace guichet;
using namespace guichet::net;

namespace {
constexpr std::array<std::uint8_t, 4> kMask{0x11, 0x22, 0x33, 0x44};
}

TEST_CASE("net: events survive encoding and parsing, however they arrive", "[net]")
{
    const auto wire = encodeComment("") + encodeEvent("7", "queue", "line one\nline two") +
                      encodeEvent("", "", "plain");
    const std::size_t step = GENERATE(1U, 3U, 1000U);
    EventParser parser(1000);
    std::vector<ServerEvent> events;
    for (std::size_t at = 0; at < wire.size(); at += step) {
        const auto some = parser.feed(wire.substr(at, step));
        REQUIRE(some);
        events.insert(events.end(), some->begin(), some->end());
    }
    REQUIRE(events.size() == 2);
    CHECK(events[0].id == "7");
    CHECK(events[0].event == "queue");
    CHECK(events[0].data == "line one\nline two");
    CHECK(events[1].event == "message");
    CHECK(parser.lastId() == "7");
}

TEST_CASE("net: an event may end its lines with CR or CRLF", "[net]")
{
    EventParser parser(1000);
    const auto events = parser.feed("retry: 300\r\ndata: a\r\ndata:b\r\n\r\nid:2\rdata: c\r\r");
    REQUIRE(events);
    REQUIRE(events->size() == 2);
    CHECK((*events)[0].data == "a\nb");
    CHECK((*events)[1].id == "2");
    CHECK(parser.retry() == std::chrono::milliseconds(300));
}

TEST_CASE("net: an event without end is refused", "[net]")
{
    EventParser parser(100);
    CHECK(parser.feed("data: " + std::string(200, 'x')).error().code == Errc::Protocol);
}

TEST_CASE("net: the WebSocket accept key is that of RFC 6455", "[net]")
{
    CHECK(webSocketAccept("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST_CASE("net: a WebSocket message survives encoding and parsing", "[net]")
{
    const std::size_t size = GENERATE(0U, 1U, 125U, 126U, 65535U, 65536U);
    const std::size_t step = GENERATE(1U, 4096U, 100000U);
    const auto wire = encodeFrame(Opcode::Text, std::string(size, 'a'), kMask);
    FrameReader reader(true, 100000);
    std::vector<Message> got;
    for (std::size_t at = 0; at < wire.size(); at += step) {
        const auto some = reader.feed(std::string_view(wire).substr(at, step));
        REQUIRE(some);
        got.insert(got.end(), some->begin(), some->end());
    }
    REQUIRE(got.size() == 1);
    CHECK(got[0].payload == std::string(size, 'a'));
}

TEST_CASE("net: fragments are joined and control frames pass between them", "[net]")
{
    FrameReader reader(false, 100);
    const auto messages = reader.feed(std::string("\x01\x02he", 4) + std::string("\x89\x00", 2) +
                                      std::string("\x80\x03llo", 5));
    REQUIRE(messages);
    REQUIRE(messages->size() == 2);
    CHECK((*messages)[0].opcode == Opcode::Ping);
    CHECK((*messages)[1].payload == "hello");
}

TEST_CASE("net: a wrong frame is refused with its close code", "[net]")
{
    struct Case {
        std::string wire;
        std::uint16_t code;
    };
    const auto wrong =
        GENERATE(Case{std::string("\xc1\x00", 2), 1002},         // reserved bit
                 Case{std::string("\x83\x00", 2), 1002},         // reserved opcode
                 Case{std::string("\x80\x00", 2), 1002},         // nothing to continue
                 Case{std::string("\x09\x00", 2), 1002},         // fragmented ping
                 Case{std::string("\x89\x7e\x00\x80", 4), 1002}, // long ping
                 Case{std::string("\x81\x80", 2), 1002},         // masked by a server
                 Case{std::string("\x82\x00", 2), 1003},         // binary
                 Case{std::string("\x81\x01\xff", 3), 1007},     // not UTF-8
                 Case{std::string("\x88\x01x", 3), 1002},        // half a close code
                 Case{std::string("\x81\x7f\x00\x00\x00\x00\x00\x10\x00\x00", 10), 1009},
                 Case{std::string("\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff", 10), 1009});
    FrameReader reader(false, 1000);
    const auto messages = reader.feed(wrong.wire);
    REQUIRE_FALSE(messages);
    CHECK(messages.error().closeCode == wrong.code);
}

TEST_CASE("net: UTF-8 is told from what only looks like it", "[net]")
{
    CHECK(isUtf8("a\xc3\xa9\xe5\x8f\xb7\xf0\x9f\x8e\xab"));
    const std::string wrong = GENERATE("\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80",
                                       "\xf4\x90\x80\x80", "\xe5\x8f", "\x80", "\xff");
    CHECK_FALSE(isUtf8(wrong));
}

TEST_CASE("net: a handshake without a proper key is refused", "[net]")
{
    Request request{.headers = {{"Upgrade", "WebSocket"},
                                {"Connection", "keep-alive, Upgrade"},
                                {"Sec-WebSocket-Version", "13"},
                                {"Sec-WebSocket-Key", "short"}}};
    CHECK(refuseHandshake(request)->status == 400);
    request.headers.set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    CHECK_FALSE(refuseHandshake(request));
    request.headers.set("Sec-WebSocket-Version", "8");
    CHECK(refuseHandshake(request)->status == 426);
}

TEST_CASE("net: the owner of a socket is found in the kernel's table", "[net]")
{
    const std::string table =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
        "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        "
        "0 1 1\n"
        "   1: 0100007F:C001 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        "
        "0 7 1\n"
        "   2: 0100007F:C002 0100007F:1F90 06 00000000:00000000 00:00000000 00000000     0        "
        "0 0 1\n";
    CHECK(ownerInTable(table, "0100007F:C001", "0100007F:1F90") == 1000U);
    CHECK_FALSE(ownerInTable(table, "0100007F:C003", "0100007F:1F90"));
    CHECK_FALSE(ownerInTable(table, "0100007F:C002", "0100007F:1F90")); // orphaned: not root's
}
