// SPDX-License-Identifier: Apache-2.0
#include "drivers/handscanner/hand_scanner.h"

#include <catch2/catch.hpp>
#include <fcntl.h>

#include "drivers/handscanner/key_decoder.h"
#include "drivers/handscanner/line_decoder.h"
#include "drivers/transport/serial_channel.h"
#include "drivers/transport/stream_channel.h"
#include "tests/drivers/handscanner/typed_keys.h"
#include "tests/drivers/support/pty_line.h"

using namespace guichet;
using namespace guichet::handscanner;
using namespace std::chrono_literals;
using Next = std::optional<std::string>;

namespace {

Next scan(HandScanner& scanner, std::chrono::milliseconds timeout)
{
    auto next = scanner.next(timeout);
    REQUIRE(next);
    return std::move(*next);
}

struct Desk {
    test::PtyLine line;
    SystemClock clock;
    HandScanner scanner{[this] { return transport::openSerial(line.path(), 9600); },
                        std::make_unique<LineDecoder>(Ending::Cr), clock};
};

/// Time passes only while nothing comes.
struct SilentChannel final : Channel {
    SilentChannel(ManualClock& theClock, Bytes& theComing)
        : clock(theClock)
        , coming(theComing)
    {
    }
    Result<std::size_t> write(ByteView bytes, std::chrono::milliseconds) override
    {
        return bytes.size();
    }
    Result<Bytes> read(std::size_t, std::chrono::milliseconds timeout) override
    {
        if (!coming.empty()) {
            return std::exchange(coming, {});
        }
        clock.advance(timeout);
        return fail(Errc::Timeout, "silent");
    }
    [[nodiscard]] std::string_view name() const override { return "silent"; }
    ManualClock& clock;
    Bytes& coming;
};

Bytes text(std::string_view all)
{
    const auto bytes = asBytes(all);
    return {bytes.begin(), bytes.end()};
}

} // namespace

TEST_CASE("hand scanner: codes come over a serial line in order, in whatever pieces")
{
    Desk desk;
    REQUIRE(desk.scanner.clear()); // opens it
    desk.line.send(asBytes("]Q1on"));
    CHECK(scan(desk.scanner, 0ms) == Next());
    desk.line.send(asBytes("e\r]C0two\r"));
    CHECK(scan(desk.scanner, 2s) == Next("]Q1one"));
    CHECK(scan(desk.scanner, 2s) == Next("]C0two"));
    CHECK(scan(desk.scanner, 0ms) == Next());
}

TEST_CASE("hand scanner: what was scanned before does not count")
{
    Desk desk;
    REQUIRE(desk.scanner.clear());
    desk.line.send(asBytes("before\rmid"));
    CHECK(scan(desk.scanner, 2s) == Next("before"));
    desk.line.send(asBytes("dle\rbefore too\rhal"));
    REQUIRE(desk.scanner.clear());
    desk.line.send(asBytes("f\rafter\r"));
    CHECK(scan(desk.scanner, 2s) == Next("after"));
}

TEST_CASE("hand scanner: a line that is pulled out is said so, and opened again")
{
    Desk desk;
    REQUIRE(desk.scanner.clear());
    desk.line.send(asBytes("half"));
    CHECK(scan(desk.scanner, 0ms) == Next());
    desk.line.unplug();
    const auto gone = desk.scanner.next(2s);
    REQUIRE_FALSE(gone);
    CHECK(gone.error().remedy == Remedy::ReconnectCable);
    desk.line = test::PtyLine();
    REQUIRE_FALSE(desk.scanner.next(0ms)); // the half of before
    desk.line.send(asBytes("whole\r"));
    CHECK(scan(desk.scanner, 2s) == Next("whole"));
}

TEST_CASE(
    "hand scanner: a code whose end does not come is refused after a second, with what to set")
{
    ManualClock clock{Instant{}};
    Bytes coming = text("1234");
    HandScanner scanner([&] { return std::make_unique<SilentChannel>(clock, coming); },
                        std::make_unique<LineDecoder>(Ending::Cr), clock);
    CHECK(scan(scanner, 1s) == Next());
    const auto refused = scanner.next(1s);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::Protocol);
    CHECK(refused.error().detail.starts_with(
        "hand scanner: 4 characters and no end: set the scanner to end each code"));
    coming = text("5678\r");
    CHECK(scan(scanner, 1s) == Next("5678"));
}

TEST_CASE("hand scanner: keys come as the kernel's records")
{
    int ends[2];
    REQUIRE(::pipe2(ends, O_NONBLOCK | O_CLOEXEC) == 0);
    const UniqueFd typing(ends[1]);
    UniqueFd keyboard(ends[0]);
    const SystemClock clock;
    HandScanner scanner(
        [&] { return std::make_unique<transport::StreamChannel>(std::move(keyboard), "keys"); },
        std::make_unique<KeyDecoder>(), clock);
    const auto keys = test::typed({KEY_G, KEY_T, KEY_1, KEY_ENTER});
    CHECK(::write(typing.get(), keys.data(), keys.size()) == static_cast<ssize_t>(keys.size()));
    CHECK(scan(scanner, 2s) == Next("gt1"));
}
