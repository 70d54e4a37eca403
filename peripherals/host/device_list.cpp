// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/device_list.h"

#include <algorithm>
#include <utility>

#include "peripherals/host/device_drivers.h"

namespace guichet::host {

namespace {

constexpr std::string_view kBank = "bank", kPublisher = "publisher";
constexpr std::size_t kLongestName = 32;

bool isServiceName(std::string_view name)
{
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789-";
    return name.size() <= kLongestName && name.find_first_not_of(kLetters) == name.npos;
}

Device readDevice(ConfigFile& file, const std::string& name, const Surroundings& surroundings)
{
    const auto key = name + ".driver";
    std::string driver;
    file.read(key, driver);
    const auto* known = findDriver(driver);
    if (known == nullptr) {
        file.refuse(key, "one of: " + driverNames());
        return {};
    }
    if (!isServiceName(name)) {
        file.refuse(name, "a name of at most 32 small letters, digits and hyphens");
    }
    Device device{.name = name,
                  .deviceClass = known->deviceClass,
                  .remedy = known->remedy,
                  .watchInterval = known->watchInterval};
    known->configure(file, device, surroundings);
    return device;
}

void readApplications(ConfigFile& file, std::vector<emv::KnownApplication>& applications)
{
    constexpr std::string_view kKey = "bank.applications";
    auto lines = emv::usualApplicationLines();
    file.read(kKey, lines);
    auto parsed = emv::parseApplications(lines);
    if (!parsed) {
        return file.refuse(kKey, parsed.error().detail);
    }
    applications = std::move(*parsed);
}

bool isThere(const std::vector<Device>& devices, DeviceClass deviceClass, const std::string& name)
{
    return std::ranges::any_of(devices, [&](const Device& device) {
        return device.deviceClass == deviceClass && device.name == name;
    });
}

/// Devices that need another one.
void checkOthers(ConfigFile& file, const std::vector<Device>& devices)
{
    for (const auto& device : devices) {
        if (!device.camera.empty() && !isThere(devices, DeviceClass::Camera, device.camera)) {
            file.refuse(device.name + ".camera", "the name of a camera of this file");
        }
        if (!device.passportReader.empty() &&
            !isThere(devices, DeviceClass::CardReader, device.passportReader)) {
            file.refuse(device.name + ".passport_reader", "the name of a card reader of this file");
        }
    }
}

} // namespace

std::filesystem::path cacheOf(const std::filesystem::path& data, const std::string& device)
{
    return data / "cache" / device;
}

std::filesystem::path framesOf(const std::filesystem::path& data, const std::string& camera)
{
    return data / "frames" / (camera + ".sock");
}

Result<Terminal> readTerminal(ConfigFile file, Surroundings surroundings)
{
    Terminal terminal;
    const auto readPath = [&file](const char* key, std::filesystem::path& target) {
        auto text = target.string();
        file.read(key, text);
        target = text;
    };
    readPath("bank.sealing_key", surroundings.sealingKey);
    readPath("bank.scheme_keys", surroundings.schemeKeys);
    constexpr std::string_view kCombined = "bank.combined_authentication";
    file.read(kCombined, surroundings.combinedAuthentication);
    if (surroundings.combinedAuthentication && surroundings.schemeKeys.empty()) {
        file.refuse(kCombined, "scheme_keys beside it");
    }
    readPath("bank.country_signers", surroundings.countrySigners);
    readApplications(file, surroundings.applications);
    file.read("publisher.allowed_users", terminal.allowedUsers);
    terminal.vendorApplication = readVendorApplication(file);
    for (const auto& name : file.tables()) {
        if (name != kBank && name != kPublisher && name != kVendorApplicationTable) {
            terminal.devices.push_back(readDevice(file, name, surroundings));
        }
    }
    checkOthers(file, terminal.devices);
    return file.finish().map([&terminal] { return std::move(terminal); });
}

} // namespace guichet::host
