// SPDX-License-Identifier: Apache-2.0
#include "drivers/transport/serial_channel.h"

#include <array>
#include <filesystem>

#include <catch2/catch.hpp>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include "peripherals/base/unique_handle.h"
#include "tests/drivers/support/hex_text.h"

using namespace guichet;
using namespace std::chrono_literals;
using test::bytes;

namespace {

/// The kernel's own terminal with the device at its other end.
class Line {
public:
    Line()
    {
        int device = -1;
        int line = -1;
        std::array<char, 128> path{};
        REQUIRE(::openpty(&device, &line, path.data(), nullptr, nullptr) == 0);
        m_device.reset(device);
        m_line.reset(line);
        m_path = path.data();
    }
    [[nodiscard]] const std::string& path() const { return m_path; }
    void send(std::string_view hex) const
    {
        const auto all = bytes(hex);
        CHECK(::write(m_device.get(), all.data(), all.size()) == static_cast<ssize_t>(all.size()));
    }
    [[nodiscard]] std::string heard(std::size_t count) const
    {
        Bytes all(count);
        CHECK(::read(m_device.get(), all.data(), all.size()) == static_cast<ssize_t>(count));
        return toHex(all);
    }
    void unplug() { m_device.reset(); }

private:
    UniqueFd m_device;
    UniqueFd m_line; ///< kept open: the line is there before and after we use it
    std::string m_path;
};

} // namespace

TEST_CASE("serial: every byte passes unchanged both ways, whatever terminals make of it")
{
    const Line line;
    line.send("41");              // before us: not for us
    CHECK(line.heard(1) == "41"); // a terminal's echo, as long as nobody turns it off
    const auto channel = transport::openSerial(line.path(), 115200);
    REQUIRE(channel);
    const auto special = "03041113000D0A1A1C7FFF";
    line.send(special);
    CHECK(toHex(*(*channel)->read(64, 2s)) == special);
    CHECK((*channel)->write(bytes(special), 1s) == 11);
    CHECK(line.heard(11) == special);
    CHECK((*channel)->name() == "serial " + line.path());
}

TEST_CASE("serial: silence is a timeout, and a line that is pulled out ends the channel")
{
    Line line;
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
    const Line line;
    const auto away = transport::openSerial("/dev/ttyUSB-none", 9600);
    CHECK(away.error().code == Errc::Disconnected);
    CHECK(away.error().remedy == Remedy::ReconnectCable);
    CHECK(transport::openSerial(line.path(), 115201).error().code == Errc::Invalid);
    CHECK(transport::openSerial("/dev/null", 9600).error().code == Errc::Invalid);
}
