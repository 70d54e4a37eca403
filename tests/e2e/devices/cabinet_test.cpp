// SPDX-License-Identifier: Apache-2.0
// Doors, sensors and lights of the demo's I/O unit, as any XFS4IoT client sees them.
#include <QTest>

#include <catch2/catch.hpp>

#include "peripherals/xfs/client.h"
#include "peripherals/xfs/messages.h"
#include "tests/e2e/devices/patience.h"
#include "tests/e2e/support/world.h"

using namespace guichet;
using namespace guichet::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

void waitFor(xfs::Client& client, const char* member, const std::string& value)
{
    INFO(member << " " << value);
    REQUIRE(QTest::qWaitFor(
        [&] {
            return client.connected() &&
                   client.status().value(json::json_pointer(member), "") == value;
        },
        kPatienceMs));
}

} // namespace

TEST_CASE("cabinet: an opened door, a skimming device and a cut cable are told at once", "[e2e]")
{
    World world;
    const auto client = xfs::Client::find("127.0.0.1", 5846, "auxiliaries", {});
    waitFor(*client, "/auxiliaries/cabinetFrontDoor", "closed");
    world.play("/io/input", {{"input", 1}, {"on", true}});
    waitFor(*client, "/auxiliaries/cabinetFrontDoor", "open");
    world.play("/io/input", {{"input", 2}, {"on", true}});
    waitFor(*client, "/common/antiFraudModule", "deviceDetected");
    world.play("/io/plug", {{"in", false}});
    waitFor(*client, "/common/device", "offline");
    world.play("/io/plug", {{"in", true}});
    waitFor(*client, "/common/device", "online");
}

TEST_CASE("cabinet: a light goes on where it is wired", "[e2e]")
{
    World world;
    const auto client = xfs::Client::find("127.0.0.1", 5846, "lights", {});
    waitFor(*client, "/common/device", "online");
    const auto set = client->call("Lights.SetLight",
                                  {{"scanner", {{"default", {{"flashRate", "continuous"}}}}}}, 10s);
    REQUIRE(set);
    CHECK(set->ok());
    CHECK(world.state().at("io").at("coils").at(2) == true);
    waitFor(*client, "/lights/scanner/default/flashRate", "continuous");
}
