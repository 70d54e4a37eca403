// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "drivers/emv/known_applications.h"
#include "peripherals/base/config.h"
#include "peripherals/classes/printer.h"
#include "peripherals/host/confinement.h"
#include "peripherals/host/helper_device.h"
#include "peripherals/host/vendor_application.h"

/// What a terminal has, as /etc/guichet/devices.toml says it: one table a device, named as its
/// service is, with the driver and what that driver wants to know.
///
///     [receiptprinter]
///     driver = "escpos"
///     connection = "serial:/dev/ttyS0"
namespace guichet::host {

enum class DeviceClass {
    CardReader,
    ResidentReader,
    ReceiptPrinter,
    DocumentPrinter,
    Camera,
    BarcodeReader,
    HandScanner,
    MrzReader,
    Sensors,
    Lights,
    FaceReader,
};

/// What devices share.
struct Surroundings {
    std::filesystem::path data;          ///< cameras' frames are below it
    std::filesystem::path sealingKey;    ///< the bank's public key; empty: none
    std::filesystem::path schemeKeys;    ///< of card schemes; empty: no card is asked for a proof
    bool combinedAuthentication = false; ///< a card may be asked for a cryptogram, see drivers/emv
    /// Of bank cards without a directory.
    std::vector<emv::KnownApplication> applications = emv::usualApplications();
    std::filesystem::path
        countrySigners; ///< folder of states' certificates; empty: none is trusted
};

/// Makes the device inside its helper, on its thread. An error ends the helper, which is started
/// again.
using OpenDevice = std::function<Result<std::unique_ptr<HelperDevice>>()>;

struct Device {
    std::string name;
    DeviceClass deviceClass = DeviceClass::CardReader;
    Remedy remedy = Remedy::Retry; ///< when its helper had to be killed in the middle of something
    std::chrono::milliseconds watchInterval{};
    std::string camera; ///< whose frames it looks at; empty: none
    /// Of a scanner: the card reader whose chips it may hand out as they are; empty: none.
    std::string passportReader;
    PrinterTraits printer;                                  ///< of a receipt printer
    nlohmann::json capabilities = nlohmann::json::object(); ///< beside its class's: what is wired
    std::filesystem::path templates;                        ///< of its bank; empty: ours
    Confinement confinement;
    OpenDevice open;
};

struct Terminal {
    std::vector<Device> devices;
    std::vector<std::string> allowedUsers; ///< who may connect; empty: our own user
    std::optional<VendorApplication> vendorApplication = {};
};

/// Where a helper's libraries keep what they found out about this machine.
[[nodiscard]] std::filesystem::path cacheOf(const std::filesystem::path& data,
                                            const std::string& device);
/// Where one camera's frames are to be had.
[[nodiscard]] std::filesystem::path framesOf(const std::filesystem::path& data,
                                             const std::string& camera);

/// Reads the whole file. Errc::Invalid says which line is wrong and what is legal there: unknown
/// drivers and keys, names that no service can have, devices of others that are not there.
[[nodiscard]] Result<Terminal> readTerminal(ConfigFile file, Surroundings surroundings);

} // namespace guichet::host
