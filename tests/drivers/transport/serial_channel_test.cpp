// SPDX-License-Identifier: Apache-2.0
#include "drivers/transport/serial_channel.h"

#include <catch2/catch.hpp>

#include "tests/drivers/support/hex_text.h"
#include "tests/drivers/support/pty_line.h"

using namespace guichet;
using namespace std::chrono_literals;
using test::bytes;

TEST_CASE("serial: every byte passes unchanged both ways, whatever terminals make of it")
{
    const test::PtyLine line;
    line.send(bytes("41"));              // before us: not for us
    CHECK(toHex(line.heard(1)) == "41"); // a terminal's echo, as long as nobody turns it off
    const auto channel = transport::openSerial(line.path(), 115200);
    REQUIRE(channel);
    const auto special = "03041113000D0A1A1C7FFF";
    line.send(bytes(special));
    CHECK(toHex(*(*channel)->read(64, 2s)) == special);
    CHECK((*channel)->write(bytes(special), 1s) == 11);
    CHECK(toHex(line.heard(11)) == special);
    CHECK((*channel)->name() == "serial " + line.path());
}

TEST_CASE("serial: silence is a timeout, and a line that is pulled out ends the channel")
{
    test::PtyLine line;
    const auto channel = std::move(*transport::openSerial(line.path(), 9600));
    CHECK(channel->read(10, 0ms).error().code == Errc::Timeout);
    CHECK(channel->read(10, 20ms).error().code == Errc::Timeout);
    line.unplug();
    CHECK(channel->read(10, 2s).error().code == Errc::Disconnected);
    const auto written = channel->write(bytes("00"), 1s);
    REQUIRE_FALSE(written);
    CHECK(written.error().remedy == Remedy::ReconnectCable);
}

TEST_CASE("serial: what cannot be opened says why")
{
    const test::PtyLine line;
    const auto away = transport::openSerial("/dev/ttyUSB-none", 9600);
    CHECK(away.error().code == Errc::Disconnected);
    CHECK(away.error().remedy == Remedy::ReconnectCable);
    CHECK(transport::openSerial(line.path(), 115201).error().code == Errc::Invalid);
    CHECK(transport::openSerial("/dev/null", 9600).error().code == Errc::Invalid);
}
