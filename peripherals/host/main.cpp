// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "peripherals/base/config.h"
#include "peripherals/host/allowed_users.h"
#include "peripherals/host/demo_devices.h"
#include "peripherals/host/demo_key.h"
#include "peripherals/host/device_host.h"
#include "peripherals/host/device_list.h"
#include "peripherals/host/helper_loop.h"
#include "peripherals/host/plugged_devices.h"
#include "peripherals/host/private_memory.h"
#include "peripherals/host/program.h"
#include "peripherals/host/publisher_address.h"
#include "peripherals/host/ticket_preview.h"

namespace {

using namespace guichet;

constexpr const char* kUsage =
    "usage: guichet-devices [--config FILE] [--publisher HOST:PORT] [--data DIR] [--demo]\n"
    "       guichet-devices [--config FILE | --demo] --preview FILE\n"
    "  --config     the terminal's devices (/etc/guichet/devices.toml; without it, what is plugged "
    "in)\n"
    "  --publisher  where XFS4IoT clients find us (127.0.0.1 and the first free of 5846 to 5856)\n"
    "  --data       journal, frames (/var/lib/guichet)\n"
    "  --demo       the virtual devices of guichet-virtual-devices, and a key that is nobody's\n"
    "  --preview    draws a ticket by the printer's template into a PNG or PDF, and ends\n";
constexpr host::Program kProgram{"guichet-devices", "devices", kUsage};
constexpr const char* kUsualConfig = "/etc/guichet/devices.toml";
constexpr int kHelperDescriptor = 0;

struct Options {
    std::string configFile = kUsualConfig;
    std::optional<std::string> publisher;
    std::string data = "/var/lib/guichet";
    bool demo = false;
    bool help = false;
    std::string preview;            ///< not empty: only this file is wanted
    std::string helper;             ///< not empty: we are the helper process of this device
    std::vector<std::string> given; ///< for our own helpers
};

int complain(int status, std::string_view line)
{
    return kProgram.complain(status, line);
}

Result<Options> parse(const std::vector<std::string>& words)
{
    Options options;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& word = words[i];
        if (word == "--help") {
            options.help = true;
            return options;
        }
        if (word == "--demo") {
            options.demo = true;
            options.given.push_back(word);
            continue;
        }
        if (word != "--helper" && word != "--preview" && word != "--config" &&
            word != "--publisher" && word != "--data") {
            return fail(Errc::Invalid, "unknown argument " + word);
        }
        if (i + 1 == words.size()) {
            return fail(Errc::Invalid, word + " wants a value");
        }
        const auto& value = words[++i];
        if (word == "--helper") {
            options.helper = value;
            continue;
        }
        if (word == "--preview") {
            options.preview = value;
            continue;
        }
        if (word == "--config") {
            options.configFile = value;
        } else if (word == "--publisher") {
            options.publisher = value;
        } else {
            options.data = value;
        }
        options.given.push_back(word);
        options.given.push_back(value);
    }
    return options;
}

Result<host::Terminal> readTerminal(const Options& options)
{
    host::Surroundings surroundings{.data = options.data};
    if (options.demo) {
        surroundings.sealingKey = surroundings.data / "bank-demo.pub.pem";
        surroundings.schemeKeys = host::demoSchemeFile(options.data);
        surroundings.countrySigners = host::demoCountryFolder(options.data);
    }
    const bool usual = options.configFile == kUsualConfig;
    const bool plugged = usual && !options.demo && !std::filesystem::exists(kUsualConfig);
    auto file = plugged ? ConfigFile::parse(host::pluggedDevices(), "plugged devices")
                : options.demo && usual ? ConfigFile::parse(host::demoDevices(), "demo devices")
                                        : ConfigFile::open(options.configFile);
    if (plugged && options.helper.empty()) {
        spdlog::warn("no {}: what is plugged in is served; without a bank's key nobody is "
                     "identified by it",
                     kUsualConfig);
    }
    return std::move(file).and_then([&surroundings](ConfigFile&& read) {
        return host::readTerminal(std::move(read), std::move(surroundings));
    });
}

int runAsHelper(const Options& options, const host::Terminal& terminal)
{
    const auto device = std::find_if(terminal.devices.begin(), terminal.devices.end(),
                                     [&](const auto& each) { return each.name == options.helper; });
    if (device == terminal.devices.end()) {
        return complain(2, "no such device: " + options.helper);
    }
    if (auto hardened = host::hardenHelper(); !hardened) {
        return complain(1, hardened.error().detail);
    }
    if (auto confined = host::confine(device->confinement); !confined) {
        return complain(1, confined.error().detail);
    }
    host::runHelper(kHelperDescriptor, device->watchInterval, device->open);
}

host::ServedDeviceConfig served(const host::Device& device, const Options& options)
{
    host::ServedDeviceConfig config{.deviceClass = device.deviceClass, .helper = {}};
    config.helper.name = device.name;
    config.capabilities = device.capabilities;
    config.helper.command = {std::filesystem::read_symlink("/proc/self/exe"), "--helper",
                             device.name};
    config.helper.command.insert(config.helper.command.end(), options.given.begin(),
                                 options.given.end());
    config.helper.remedy = device.remedy;
    config.printer = device.printer;
    config.passportReader = device.passportReader;
    return config;
}

/// Keys that are nobody's.
Result<void> prepareDemo(const Options& options)
{
    std::error_code failed;
    std::filesystem::create_directories(options.data, failed);
    return host::demoSealingKey(options.data).and_then([&options](const auto&) {
        return host::writeDemoTrust(options.data);
    });
}

int serve(const Options& options, const host::Terminal& terminal)
{
    const bool handsOutDocuments = std::ranges::any_of(
        terminal.devices, [](const auto& device) { return !device.passportReader.empty(); });
    if (handsOutDocuments) { // as the chip has them, through this process
        if (const auto kept = host::keepMemoryPrivate(); !kept) {
            return complain(1, kept.error().detail);
        }
    }
    host::DeviceHostConfig config;
    auto users = host::allowedUserIds(terminal.allowedUsers);
    if (!users) {
        return complain(1, users.error().detail);
    }
    config.allowedPeerUids = std::move(*users);
    if (options.publisher) {
        const auto address = host::parsePublisherAddress(*options.publisher);
        if (!address) {
            return complain(2, address.error().detail);
        }
        config.host = address->host;
        config.ports = {address->port};
    }
    config.vendorApplication = terminal.vendorApplication;
    config.data = options.data;
    std::error_code failed;
    std::filesystem::create_directories(host::framesOf(config.data, "any").parent_path(), failed);
    for (const auto& device : terminal.devices) {
        std::filesystem::create_directories(host::cacheOf(config.data, device.name), failed);
        config.devices.push_back(served(device, options));
    }
    if (failed) {
        return complain(1, options.data + ": " + failed.message());
    }

    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ending, nullptr); // before any thread, so that all inherit it
    const SystemClock clock;
    auto devices = host::DeviceHost::start(std::move(config), clock);
    if (!devices) {
        return complain(1, devices.error().detail);
    }
    fmt::print("guichet-devices: XFS4IoT on port {}\n", (*devices)->port());
    std::fflush(stdout);
    int signal = 0;
    sigwait(&ending, &signal);
    return 0;
}

int perform(const Options& options)
{
    if (!options.preview.empty()) {
        const auto drawn = readTerminal(options).and_then([&](const host::Terminal& terminal) {
            return host::previewTicket(terminal, options.preview);
        });
        return drawn ? 0 : complain(1, drawn.error().detail);
    }
    if (options.demo && options.helper.empty()) {
        if (const auto prepared = prepareDemo(options); !prepared) {
            return complain(1, prepared.error().detail);
        }
    }
    const auto terminal = readTerminal(options);
    if (!terminal) {
        return complain(1, terminal.error().detail);
    }
    return options.helper.empty() ? serve(options, *terminal) : runAsHelper(options, *terminal);
}

} // namespace

int main(int argc, char** argv)
{
    return host::run(kProgram, parse({argv + 1, argv + argc}), perform);
}
