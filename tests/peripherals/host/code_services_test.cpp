// SPDX-License-Identifier: Apache-2.0
// Codes from what the camera or the hand scanner sends to what an XFS4IoT client is told, with the
// helpers of guichet-devices in their bounds.
#include <filesystem>
#include <fstream>
#include <future>

#include <catch2/catch.hpp>

#include "peripherals/base/bytes.h"
#include "peripherals/base/random.h"
#include "peripherals/frames/frame_writer.h"
#include "peripherals/host/device_host.h"
#include "peripherals/host/symbologies.h"
#include "peripherals/xfs/client.h"
#include "peripherals/xfs/messages.h"
#include "tests/drivers/barcode/code_scene.h"
#include "tests/drivers/support/pty_line.h"
#include "tests/peripherals/host/waiting.h"

using namespace guichet;
using namespace guichet::host;
using namespace std::chrono_literals;
using nlohmann::json;
using test::Scene;

namespace {

/// guichet-devices with one device of the file, whose helper is the real program.
class OneDevice {
public:
    OneDevice(const std::string& name, DeviceClass deviceClass, const std::string& devices)
        : folder(std::filesystem::temp_directory_path() / ("guichet-" + randomUuid()))
    {
        std::filesystem::create_directories(folder / "frames");
        std::ofstream(folder / "devices.toml") << devices;
        DeviceHostConfig config;
        config.ports = {0};
        config.data = folder;
        HelperConfig helper;
        helper.name = name;
        helper.command = {GUICHET_BIN_DIR "/guichet-devices",
                          "--helper",
                          name,
                          "--config",
                          folder / "devices.toml",
                          "--data",
                          folder};
        config.devices.push_back({deviceClass, std::move(helper)});
        auto started = DeviceHost::start(std::move(config), m_clock);
        REQUIRE(started);
        m_host = std::move(*started);
        auto opened = xfs::Client::open(
            "ws://127.0.0.1:" + std::to_string(m_host->port()) + "/xfs4iot/v1.0/" + name,
            {{}, [this](const json& status) { m_states.put(status); }, {}});
        REQUIRE(opened);
        client = std::move(*opened);
        while (m_states.take()["barcodeReader"]["scanner"] == "unknown") { // no word of its helper
        }
    }
    ~OneDevice()
    {
        client.reset();
        m_host.reset();
        std::filesystem::remove_all(folder);
    }

    /// What a read of the wanted kinds says, while `meanwhile` is done again and again.
    template <typename Meanwhile> json read(const json& payload, Meanwhile meanwhile)
    {
        auto promise = std::make_shared<std::promise<Result<xfs::Completion>>>();
        auto end = promise->get_future();
        client->command("BarcodeReader.Read", payload, 60s,
                        [promise](const auto& completion) { promise->set_value(completion); });
        while (end.wait_for(30ms) != std::future_status::ready) {
            meanwhile();
        }
        const auto completion = end.get();
        REQUIRE(completion);
        INFO(completion->errorDescription);
        REQUIRE(completion->ok());
        return completion->payload.at("readOutput").at(0);
    }

    std::filesystem::path folder;
    std::unique_ptr<xfs::Client> client;

private:
    SystemClock m_clock;
    test::Inbox<json> m_states;
    std::unique_ptr<DeviceHost> m_host;
};

json output(const char* symbology, const std::string& content)
{
    return {{"symbology", symbology},
            {"barcodeData", toBase64(asBytes(content))},
            {"symbologyName", titleOf(symbology)}};
}

} // namespace

TEST_CASE("code services: each kind of code before the camera reaches the client", "[host]")
{
    OneDevice device("barcodereader", DeviceClass::BarcodeReader,
                     "[camera]\ndriver = \"camera\"\nsource = \"file:/none\"\n"
                     "[barcodereader]\ndriver = \"codes\"\ncamera = \"camera\"\n");
    auto writer = frames::FrameWriter::open(device.folder / "frames" / "camera.sock",
                                            {4, Scene::kWidth * Scene::kHeight});
    REQUIRE(writer);
    for (const auto& each : symbologyNames()) {
        INFO(each);
        const auto modules = test::codeModules(*symbologyFromName(each), "A042-2026");
        const auto scene = test::sceneOf(modules, {.size = 420});
        const auto seen = device.read({{"symbologies", {{each, true}}}}, [&] {
            const auto now = std::chrono::steady_clock::now().time_since_epoch();
            CHECK((*writer)->publish({.captureNs = std::chrono::nanoseconds(now).count(),
                                      .width = Scene::kWidth,
                                      .height = Scene::kHeight,
                                      .stride = Scene::kWidth},
                                     scene.pixels));
        });
        CHECK(seen == output(each.c_str(), "A042-2026"));
    }
}

TEST_CASE("code services: what a hand scanner on a serial line sends reaches the client", "[host]")
{
    const test::PtyLine line;
    OneDevice device("handscanner", DeviceClass::HandScanner,
                     "[handscanner]\ndriver = \"scan-serial\"\nends_with = \"crlf\"\n"
                     "aim_identifier = true\nconnection = \"serial:" +
                         line.path() + "@9600\"\n");
    const auto scanned = [&device, &line](const std::string& sent) {
        bool done = false;
        return device.read(nullptr, [&] {
            const auto status = device.client->status();
            if (!done && status["barcodeReader"]["scanner"] == "on") {
                line.send(asBytes(sent));
                done = true;
            }
        });
    };
    CHECK(scanned("]Q1GT1:abc\r\n") == output("qrCode", "GT1:abc"));
    CHECK(scanned("]L0@\nANSI\r\r\n") == output("pdf417", "@\nANSI\r"));
    CHECK(device.client->capabilities()["barcodeReader"]["canFilterSymbologies"] == false);
}
