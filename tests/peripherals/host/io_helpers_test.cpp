// SPDX-License-Identifier: Apache-2.0
// Doors and lights of the virtual I/O unit, through the real driver.
#include <catch2/catch.hpp>

#include "drivers/transport/connection.h"
#include "peripherals/host/lights_helper.h"
#include "peripherals/host/sensors_helper.h"
#include "peripherals/virtual/io_server.h"
#include "tests/peripherals/host/recording_line.h"

using namespace guichet;
using namespace guichet::host;
using namespace std::chrono_literals;
using nlohmann::json;
using virtualdevices::IoServer;

namespace {

struct Cabinet {
    std::unique_ptr<IoServer> unit = std::move(*IoServer::start({"127.0.0.1", 0}));
    SystemClock system;
    ManualClock clock{Instant{}};
    test::RecordingLine line;

    std::unique_ptr<modbus::IoBoard> board() const
    {
        return std::make_unique<modbus::IoBoard>(
            *transport::planConnection("tcp:127.0.0.1:" + std::to_string(unit->port())),
            modbus::Framing::Tcp, 1, system);
    }
};

json setting(const char* light, const char* rate)
{
    return {{"rates", {{light, rate}}}};
}

} // namespace

TEST_CASE("sensors helper: a door that opens is told, and so is a unit that goes away", "[host]")
{
    Cabinet cabinet;
    SensorsHelper helper(cabinet.board(), {{"cabinetFrontDoor", 1}}, {});
    helper.watch(cabinet.line);
    CHECK(cabinet.line.lastStatus["common"]["device"] == "online");
    CHECK(cabinet.line.lastStatus["auxiliaries"]["cabinetFrontDoor"] == "closed");
    cabinet.unit->setInput(1, true);
    helper.watch(cabinet.line);
    CHECK(cabinet.line.lastStatus["auxiliaries"]["cabinetFrontDoor"] == "open");
    REQUIRE(cabinet.unit->plug(false));
    helper.watch(cabinet.line);
    CHECK(cabinet.line.lastStatus["common"]["device"] == "offline");
    REQUIRE(cabinet.unit->plug(true));
    helper.watch(cabinet.line);
    CHECK(cabinet.line.lastStatus["common"]["device"] == "online");
}

TEST_CASE("sensors helper: nobody is told that a slot is clean while the sensor is away", "[host]")
{
    Cabinet cabinet;
    SensorsHelper helper(cabinet.board(), {{"skimmingSensor", 2}}, {});
    helper.watch(cabinet.line);
    CHECK(cabinet.line.lastStatus["common"]["antiFraudModule"] == "ok");
    REQUIRE(cabinet.unit->plug(false));
    helper.watch(cabinet.line);
    CHECK(cabinet.line.lastStatus["common"]["antiFraudModule"] == "unknown");
}

TEST_CASE("lights helper: a light burns or flashes as it is told, the others stay", "[host]")
{
    Cabinet cabinet;
    LightsHelper helper(cabinet.board(), {{"cardReader", 0}, {"scanner", 2}}, cabinet.clock);
    REQUIRE(helper.perform("setLights", setting("scanner", "continuous"), cabinet.line, {}));
    REQUIRE(helper.perform("setLights", setting("cardReader", "medium"), cabinet.line, {}));
    const auto lit = [&] { return cabinet.unit->state().coils[0]; };
    const bool first = lit();
    for (int half = 1; half <= 4; ++half) {
        cabinet.clock.advance(500ms);
        helper.watch(cabinet.line);
        CHECK(lit() == (half % 2 == 0 ? first : !first));
        CHECK(cabinet.unit->state().coils[2]);
    }
    const auto status = cabinet.line.lastStatus["lights"];
    CHECK(status["cardReader"]["default"]["flashRate"] == "medium");
    CHECK(status["scanner"]["default"]["flashRate"] == "continuous");
}

TEST_CASE("lights helper: a light that is not there changes none", "[host]")
{
    Cabinet cabinet;
    LightsHelper helper(cabinet.board(), {{"cardReader", 0}}, cabinet.clock);
    const json both{{"rates", {{"cardReader", "continuous"}, {"pinPad", "continuous"}}}};
    const auto set = helper.perform("setLights", both, cabinet.line, {});
    REQUIRE_FALSE(set);
    CHECK(set.error().code == Errc::NotFound);
    helper.watch(cabinet.line);
    CHECK_FALSE(cabinet.unit->state().coils[0]);
}

TEST_CASE("lights helper: what was lit is lit again after the unit was away", "[host]")
{
    Cabinet cabinet;
    LightsHelper helper(cabinet.board(), {{"cardReader", 0}}, cabinet.clock);
    REQUIRE(cabinet.unit->plug(false));
    const auto set =
        helper.perform("setLights", setting("cardReader", "continuous"), cabinet.line, {});
    REQUIRE_FALSE(set);
    CHECK(cabinet.line.lastStatus["common"]["device"] == "offline");
    REQUIRE(cabinet.unit->plug(true));
    cabinet.clock.advance(2s);
    helper.watch(cabinet.line);
    CHECK(cabinet.line.lastStatus["common"]["device"] == "online");
    CHECK(cabinet.unit->state().coils[0]);
}
