// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

/// Which input of an I/O unit is which sensor, and which coil which light, in the words of
/// XFS4IoT. Pure.
namespace guichet::host {

/// Names as in devices.toml, numbers from 0.
using IoMap = std::map<std::string, std::int64_t>;

/// All that a switch can tell: "tamperSensor", "cabinetFrontDoor" ... as XFS4IoT's Auxiliaries name
/// them; "ups" (mains have failed) and "skimmingSensor", which Common calls antiFraudModule.
[[nodiscard]] const std::vector<std::string>& sensorNames();
/// "cardReader", "receiptPrinter" ... as XFS4IoT's Lights name them.
[[nodiscard]] const std::vector<std::string>& lightNames();

/// Members `common` and `auxiliaries` (Common.Capabilities) of the sensors that are there.
[[nodiscard]] nlohmann::json sensorCapabilities(const IoMap& sensors);
/// The same of Common.Status. `inputs`: as read, from 0; one that is missing counts as off.
/// `inverted`: names of sensors that rest at on, as contacts do that open when something is wrong.
[[nodiscard]] nlohmann::json sensorStatus(const IoMap& sensors,
                                          const std::vector<std::string>& inverted,
                                          const std::vector<bool>& inputs);

/// The same while the unit is away. Only the skimming sensor has a word for it: the others keep
/// their last state, and the device's own says that it is old.
[[nodiscard]] nlohmann::json sensorsUnknown(const IoMap& sensors);

/// Member `lights` (Common.Capabilities): each at its one place, in the colour it has.
[[nodiscard]] nlohmann::json lightCapabilities(const IoMap& lights);
/// Member `lights` of Common.Status; `rates`: flash rates by name; off without one.
[[nodiscard]] nlohmann::json lightStatus(const IoMap& lights,
                                         const std::map<std::string, std::string>& rates);

/// How many bits have to be read or written to reach all of the map.
[[nodiscard]] std::size_t bitsOf(const IoMap& map);

} // namespace guichet::host
