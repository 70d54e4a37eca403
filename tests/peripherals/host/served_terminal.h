// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "peripherals/base/random.h"
#include "peripherals/host/device_host.h"
#include "peripherals/host/io_map.h"
#include "peripherals/net/client.h"
#include "tests/peripherals/host/waiting.h"
#include "tests/support/json_schema.h"

/// A terminal of fake devices, its clients on the wire, and the schemas that all messages keep to.
namespace guichet::test {

using namespace guichet::host;
using nlohmann::json;

inline bool valid(const std::string& file, const json& message)
{
    std::ifstream stream(file);
    INFO(file);
    REQUIRE(stream);
    return fitsSchema(json::parse(stream), message);
}

/// The schema of the standard for one message of a service.
inline bool standard(const json& message)
{
    const auto type = message["header"]["type"].get<std::string>();
    const std::string folder = GUICHET_TEST_DATA "/xfs4iot/";
    if (type == "acknowledge") {
        return valid(folder + "acknowledge.json", message);
    }
    const auto kind = type == "completion" ? ".completion.json" : ".event.json";
    return valid(folder + message["header"]["name"].get<std::string>() + kind, message);
}

inline bool own(const std::string& schema, const json& message)
{
    return valid(GUICHET_SOURCE_DIR "/peripherals/host/schemas/" + schema, message);
}

/// What is wired to the I/O unit.
inline json wiring(DeviceClass deviceClass)
{
    if (deviceClass == DeviceClass::Sensors) {
        auto every = IoMap();
        for (const auto& name : sensorNames()) {
            every[name] = 0;
        }
        return sensorCapabilities(every);
    }
    return deviceClass == DeviceClass::Lights
               ? json{{"lights", lightCapabilities({{"cardReader", 0}, {"statusBad", 1}})}}
               : json::object();
}

/// The whole of guichet-devices over fake devices, on a free port. With a chip there are only a
/// scanner that hands it out and the card reader, which tells it as its key: how the chip behaves.
struct Devices {
    explicit Devices(std::optional<VendorApplication> application = {}, std::string chip = {})
        : folder(std::filesystem::temp_directory_path() / ("guichet-" + randomUuid()))
    {
        std::filesystem::create_directories(folder);
        DeviceHostConfig config;
        config.ports = {0};
        config.data = folder;
        config.vendorApplication = std::move(application);
        for (const auto& [name, deviceClass] :
             std::map<std::string, DeviceClass>{{"barcodereader", DeviceClass::BarcodeReader},
                                                {"camera", DeviceClass::Camera},
                                                {"cardreader", DeviceClass::CardReader},
                                                {"documentprinter", DeviceClass::DocumentPrinter},
                                                {"face", DeviceClass::FaceReader},
                                                {"idreader", DeviceClass::MrzReader},
                                                {"auxiliaries", DeviceClass::Sensors},
                                                {"lights", DeviceClass::Lights},
                                                {"receiptprinter", DeviceClass::ReceiptPrinter},
                                                {"residentreader", DeviceClass::ResidentReader}}) {
            if (!chip.empty() && deviceClass != DeviceClass::CardReader &&
                deviceClass != DeviceClass::MrzReader) {
                continue;
            }
            config.devices.push_back({deviceClass, FakeHelper::configuration()});
            config.devices.back().helper.name = name;
            config.devices.back().capabilities = wiring(deviceClass);
            if (!chip.empty() && deviceClass == DeviceClass::CardReader) {
                auto& command = config.devices.back().helper.command;
                command.insert(command.end(), {"zoneKey", chip});
            }
            if (!chip.empty() && deviceClass == DeviceClass::MrzReader) {
                config.devices.back().passportReader = "cardreader";
            }
        }
        auto started = DeviceHost::start(std::move(config), clock);
        REQUIRE(started);
        host = std::move(*started);
    }
    ~Devices()
    {
        host.reset();
        std::filesystem::remove_all(folder);
    }
    SystemClock clock;
    std::filesystem::path folder;
    std::unique_ptr<DeviceHost> host;
};

struct Wire {
    Wire(const Devices& devices, std::string path)
    {
        net::WebSocketClientConfig config;
        config.server.baseUrl = "ws://127.0.0.1:" + std::to_string(devices.host->port());
        config.request.path = std::move(path);
        auto connected = net::WebSocketClient::connect(
            config, {[this](std::string_view text) { frames.put(json::parse(text)); },
                     [](const Error&) {}});
        REQUIRE(connected);
        socket = std::move(*connected);
    }
    void send(const json& message) { REQUIRE(socket->send(message.dump())); }
    Inbox<json> frames;
    std::unique_ptr<net::WebSocketClient> socket;
};

struct XfsWire : Wire {
    XfsWire(const Devices& devices, const std::string& service)
        : Wire(devices, "/xfs4iot/v1.0/" + service)
    {
    }
    /// Sends, validates every message that comes, and returns the completion.
    json command(const std::string& name, const std::string& version, const json& payload)
    {
        const int id = ++lastId;
        send({{"header",
               {{"type", "command"}, {"name", name}, {"version", version}, {"requestId", id}}},
              {"payload", payload}});
        for (;;) {
            auto message = frames.take();
            INFO(message.dump());
            CHECK(standard(message));
            if (message["header"]["type"] == "completion" && message["header"]["requestId"] == id) {
                return message;
            }
        }
    }
    /// Sends a ReadImage and does not wait for what comes of it.
    void beginScan(int id, int timeoutMs, const json& wanted)
    {
        send({{"header",
               {{"type", "command"},
                {"name", "Printer.ReadImage"},
                {"version", "3.0"},
                {"requestId", id},
                {"timeout", timeoutMs}}},
              {"payload", wanted}});
    }
    void waitUntilOnline()
    {
        while (command("Common.Status", "2.0", json::object())["payload"]["common"]["device"] !=
               "online") {
        }
    }
    int lastId = 0;
};

} // namespace guichet::test
