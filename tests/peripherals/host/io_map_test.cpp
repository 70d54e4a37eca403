// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/io_map.h"

#include <catch2/catch.hpp>

using namespace guichet::host;
using nlohmann::json;

TEST_CASE("io map: each sensor has the standard's words, in status and in capabilities", "[host]")
{
    const IoMap sensors{{"cabinetFrontDoor", 1},
                        {"headsetMicrophoneSensor", 2},
                        {"skimmingSensor", 3},
                        {"tamperSensor", 0},
                        {"ups", 4}};
    const auto can = sensorCapabilities(sensors);
    CHECK(can["auxiliaries"]["frontCabinet"] == json{{"closed", true}, {"open", true}});
    CHECK(can["auxiliaries"]["tamperSensor"] == true);
    CHECK(can["auxiliaries"]["headsetMicrophoneSensor"] == json{{"manual", true}});
    CHECK(can["common"]["antiFraudModule"] == true);

    const auto rest = sensorStatus(sensors, {}, std::vector<bool>(5));
    CHECK(rest["auxiliaries"]["cabinetFrontDoor"] == "closed");
    CHECK(rest["auxiliaries"]["headsetMicrophoneSensor"] == "notPresent");
    CHECK(rest["auxiliaries"]["tamperSensor"] == "off");
    CHECK(rest["auxiliaries"]["UPS"] == json{{"engaged", false}, {"powering", false}});
    CHECK(rest["common"]["antiFraudModule"] == "ok");

    const auto alarm = sensorStatus(sensors, {}, std::vector<bool>(5, true));
    CHECK(alarm["auxiliaries"]["cabinetFrontDoor"] == "open");
    CHECK(alarm["auxiliaries"]["UPS"]["powering"] == true);
    CHECK(alarm["common"]["antiFraudModule"] == "deviceDetected");
}

TEST_CASE("io map: a contact that opens when something is wrong is turned round", "[host]")
{
    const IoMap sensors{{"cabinetFrontDoor", 0}, {"safeDoor", 1}};
    const auto status = sensorStatus(sensors, {"cabinetFrontDoor"}, {true, true});
    CHECK(status["auxiliaries"]["cabinetFrontDoor"] == "closed");
    CHECK(status["auxiliaries"]["safeDoor"] == "open");
}

TEST_CASE("io map: as many bits are asked for as the highest number needs", "[host]")
{
    CHECK(bitsOf({{"scanner", 6}, {"cardReader", 0}}) == 7);
}
