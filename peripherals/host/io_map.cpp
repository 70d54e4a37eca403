// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/io_map.h"

#include <algorithm>
#include <array>

namespace guichet::host {

using nlohmann::json;

namespace {

constexpr const char* kSkimming = "skimmingSensor";
constexpr const char* kUps = "ups";

/// The standard names the same thing differently in status and in capabilities.
struct Sensor {
    const char* status;
    const char* capability;
    const char* off;
    const char* on;
};
constexpr std::array kSensors{
    Sensor{"tamperSensor", "tamperSensor", "off", "on"},
    Sensor{"internalTamperSensor", "internalTamperSensor", "off", "on"},
    Sensor{"seismicSensor", "seismicSensor", "off", "on"},
    Sensor{"heatSensor", "heatSensor", "off", "on"},
    Sensor{"proximitySensor", "proximitySensor", "notPresent", "present"},
    Sensor{"bootSwitchSensor", "bootSwitchSensor", "off", "on"},
    Sensor{"operatorCallButtonSensor", "operatorCallButtonSensor", "off", "on"},
    Sensor{"handsetSensor", "handsetSensor", "onTheHook", "offTheHook"},
    Sensor{"headsetMicrophoneSensor", "headsetMicrophoneSensor", "notPresent", "present"},
    Sensor{"fasciaMicrophoneSensor", "fasciaMicrophoneSensor", "off", "on"},
    Sensor{"cabinetDoor", "cabinetDoor", "closed", "open"},
    Sensor{"safeDoor", "safeDoor", "closed", "open"},
    Sensor{"cabinetFrontDoor", "frontCabinet", "closed", "open"},
    Sensor{"cabinetRearDoor", "rearCabinet", "closed", "open"},
    Sensor{"cabinetLeftDoor", "leftCabinet", "closed", "open"},
    Sensor{"cabinetRightDoor", "rightCabinet", "closed", "open"},
};

const Sensor* find(const std::string& name)
{
    const auto* found = std::ranges::find(
        kSensors, name, [](const Sensor& each) { return std::string_view(each.status); });
    return found == kSensors.end() ? nullptr : found;
}

/// Doors have states, two sensors have ways of working, the rest are there or not.
json capabilityOf(const Sensor& sensor)
{
    const std::string_view name = sensor.status;
    if (std::string_view(sensor.on) == "open") {
        return {{"closed", true}, {"open", true}};
    }
    if (name == "handsetSensor" || name == "headsetMicrophoneSensor") {
        return {{"manual", true}};
    }
    return true;
}

} // namespace

const std::vector<std::string>& sensorNames()
{
    static const auto kNames = [] {
        std::vector<std::string> names{kSkimming, kUps};
        std::ranges::transform(kSensors, std::back_inserter(names), &Sensor::status);
        std::ranges::sort(names);
        return names;
    }();
    return kNames;
}

const std::vector<std::string>& lightNames()
{
    static const std::vector<std::string> kNames{
        "cardReader", "contactless",     "documentPrinter",  "fasciaLight",
        "pinPad",     "receiptPrinter",  "scanner",          "statusBad",
        "statusGood", "statusInService", "statusSupervisor", "statusWarning"};
    return kNames;
}

json sensorCapabilities(const IoMap& sensors)
{
    json members{{"common", json::object()}, {"auxiliaries", json::object()}};
    for (const auto& [name, input] : sensors) {
        if (name == kSkimming) {
            members["common"]["antiFraudModule"] = true;
        } else if (name == kUps) {
            members["auxiliaries"]["ups"] = {{"engaged", true}, {"powering", true}};
        } else if (const auto* sensor = find(name)) {
            members["auxiliaries"][sensor->capability] = capabilityOf(*sensor);
        }
    }
    return members;
}

json sensorStatus(const IoMap& sensors, const std::vector<std::string>& inverted,
                  const std::vector<bool>& inputs)
{
    json members{{"common", json::object()}, {"auxiliaries", json::object()}};
    for (const auto& [name, input] : sensors) {
        const auto at = static_cast<std::size_t>(input);
        const bool rests = std::ranges::count(inverted, name) > 0;
        const bool on = (at < inputs.size() && inputs[at]) != rests;
        if (name == kSkimming) {
            members["common"]["antiFraudModule"] = on ? "deviceDetected" : "ok";
        } else if (name == kUps) {
            members["auxiliaries"]["UPS"] = {{"engaged", on}, {"powering", on}};
        } else if (const auto* sensor = find(name)) {
            members["auxiliaries"][sensor->status] = on ? sensor->on : sensor->off;
        }
    }
    return members;
}

json sensorsUnknown(const IoMap& sensors)
{
    json members{{"common", json::object()}};
    if (sensors.contains(kSkimming)) {
        members["common"]["antiFraudModule"] = "unknown";
    }
    return members;
}

json lightCapabilities(const IoMap& lights)
{
    const json rates{
        {"off", true}, {"slow", true}, {"medium", true}, {"quick", true}, {"continuous", true}};
    auto members = json::object();
    for (const auto& [name, coil] : lights) {
        members[name] = {{"default", {{"flashRate", rates}}}};
    }
    return members;
}

json lightStatus(const IoMap& lights, const std::map<std::string, std::string>& rates)
{
    auto members = json::object();
    for (const auto& [name, coil] : lights) {
        const auto rate = rates.find(name);
        members[name] = {
            {"default", {{"flashRate", rate == rates.end() ? std::string("off") : rate->second}}}};
    }
    return members;
}

std::size_t bitsOf(const IoMap& map)
{
    std::int64_t most = -1;
    for (const auto& [name, bit] : map) {
        most = std::max(most, bit);
    }
    return static_cast<std::size_t>(most + 1);
}

} // namespace guichet::host
