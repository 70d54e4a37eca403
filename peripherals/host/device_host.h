// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "peripherals/base/clock.h"
#include "peripherals/base/error.h"
#include "peripherals/host/device_list.h"
#include "peripherals/host/helper_process.h"
#include "peripherals/host/vendor_application.h"

namespace guichet::host {

/// One device: what it is, and the helper that drives it. The helper's name is the service's.
struct ServedDeviceConfig {
    DeviceClass deviceClass = DeviceClass::CardReader;
    HelperConfig helper;
    PrinterTraits printer = {};                             ///< of a receipt printer
    nlohmann::json capabilities = nlohmann::json::object(); ///< beside its class's
    std::string passportReader = {};                        ///< of a scanner, see Device
};

struct DeviceHostConfig {
    std::string host = "127.0.0.1";
    std::vector<std::uint16_t> ports = {5846, 5847, 5848, 5849, 5850, 5851,
                                        5852, 5853, 5854, 5855, 5856};
    std::filesystem::path data;
    std::vector<ServedDeviceConfig> devices;
    std::optional<VendorApplication> vendorApplication = {}; ///< nothing: not served
    /// User ids that may connect; empty: any (tests).
    std::vector<std::uint32_t> allowedPeerUids;
};

/// All of guichet-devices but its command line: helpers, services, journal and the port.
class DeviceHost {
public:
    /// Serves when it returns. Fails with Errc::Busy (ports taken), Errc::Denied or Errc::Protocol
    /// (journal).
    [[nodiscard]] static Result<std::unique_ptr<DeviceHost>> start(DeviceHostConfig config,
                                                                   const Clock& clock);
    /// Ends open commands, kills the helpers and joins.
    ~DeviceHost();
    DeviceHost(const DeviceHost&) = delete;
    DeviceHost& operator=(const DeviceHost&) = delete;

    [[nodiscard]] std::uint16_t port() const;

private:
    struct Parts;
    explicit DeviceHost(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> m_parts;
};

} // namespace guichet::host
