// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "peripherals/host/device_list.h"

namespace guichet::host {

/// What devices.toml may name as a driver. The only place where driver families meet.
struct DriverEntry {
    std::string_view name;
    DeviceClass deviceClass;
    Remedy remedy;
    std::chrono::milliseconds watchInterval;
    /// Reads the device's keys, refuses wrong ones in the file, and sets `open`.
    void (*configure)(ConfigFile& file, Device& device, const Surroundings& surroundings);
};

/// Null if there is no such driver.
[[nodiscard]] const DriverEntry* findDriver(std::string_view name);
/// "camera codes escpos ..."
[[nodiscard]] std::string driverNames();

} // namespace guichet::host
