// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "drivers/camera/camera_source.h"
#include "drivers/escpos/escpos_printer.h"
#include "drivers/escpos/receipt_layout.h"
#include "drivers/transport/pcsc_reader.h"
#include "drivers/transport/tcp_channel.h"
#include "peripherals/base/config.h"
#include "peripherals/host/allowed_users.h"
#include "peripherals/host/barcode_helper.h"
#include "peripherals/host/camera_helper.h"
#include "peripherals/host/card_helper.h"
#include "peripherals/host/device_host.h"
#include "peripherals/host/helper_loop.h"
#include "peripherals/host/printer_helper.h"
#include "peripherals/host/seal.h"

namespace {

using namespace guichet;
using namespace std::chrono_literals;

constexpr const char* kUsage =
    "usage: guichet-devices [--config FILE] [--publisher HOST:PORT] [--data DIR] [--demo]\n";
constexpr int kHelperDescriptor = 0;

struct Options {
    std::string configFile;
    std::optional<std::string> publisher;
    std::string data = "/var/lib/guichet";
    bool demo = false;
    std::string helper;             ///< not empty: we are a helper process
    std::vector<std::string> given; ///< for our own helpers
};

struct Settings {
    std::string reader; ///< part of its PC/SC name; empty: the first one
    std::string printerAddress = "127.0.0.1";
    std::int64_t printerPort = 9100;
    std::int64_t printerWidthDots = 576;
    bool printerProcessId = true;
    std::string cameraSource;              ///< empty: there is none
    std::string barcodeCamera;             ///< whose frames it reads; empty: there is none
    std::string sealingKey;                ///< PEM file of the bank
    std::vector<std::string> allowedUsers; ///< who may connect; empty: our own user
};

int complain(int status, std::string_view line)
{
    fmt::print(stderr, "guichet-devices: {}\n", line);
    return status;
}

std::optional<Options> parse(int argc, char** argv)
{
    Options options;
    const std::vector<std::string> words(argv + 1, argv + argc);
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& word = words[i];
        if (word == "--demo") {
            options.demo = true;
            options.given.push_back(word);
            continue;
        }
        if (i + 1 == words.size()) {
            return std::nullopt;
        }
        const auto& value = words[++i];
        if (word == "--helper") {
            options.helper = value;
            continue;
        }
        if (word == "--config") {
            options.configFile = value;
        } else if (word == "--publisher") {
            options.publisher = value;
        } else if (word == "--data") {
            options.data = value;
        } else {
            return std::nullopt;
        }
        options.given.push_back(word);
        options.given.push_back(value);
    }
    return options;
}

Result<void> checkCameras(const Settings& settings)
{
    if (!settings.cameraSource.empty()) {
        if (auto plan = camera::planSource(settings.cameraSource, {}); !plan) {
            return tl::unexpected(std::move(plan).error());
        }
    }
    const bool known = settings.barcodeCamera.empty() ||
                       (settings.barcodeCamera == "camera" && !settings.cameraSource.empty());
    return known ? Result<void>()
                 : fail(Errc::Invalid, "barcodereader.camera: want \"camera\", and camera.source");
}

Result<Settings> readSettings(const Options& options)
{
    Settings settings;
    if (options.demo) {
        settings.cameraSource = "http://127.0.0.1:8498/stream.mjpg";
        settings.barcodeCamera = "camera";
    }
    std::string file = options.configFile;
    if (file.empty()) {
        file = "/etc/guichet/guichet-devices.toml";
        if (options.demo || !std::filesystem::exists(file)) {
            return settings;
        }
    }
    auto config = ConfigFile::open(file);
    if (!config) {
        return tl::unexpected(std::move(config).error());
    }
    config->read("cardreader.reader", settings.reader);
    config->read("cardreader.sealing_key", settings.sealingKey);
    config->read("receiptprinter.address", settings.printerAddress);
    config->read("receiptprinter.port", settings.printerPort, 1, 65535);
    config->read("receiptprinter.width_dots", settings.printerWidthDots, 200, 2000);
    config->read("receiptprinter.process_id", settings.printerProcessId);
    config->read("camera.source", settings.cameraSource);
    config->read("barcodereader.camera", settings.barcodeCamera);
    config->read("publisher.allowed_users", settings.allowedUsers);
    if (auto checked = config->finish(); !checked) {
        return tl::unexpected(std::move(checked).error());
    }
    if (auto checked = checkCameras(settings); !checked) {
        return fail(std::move(checked).error(), file);
    }
    return settings;
}

std::unique_ptr<host::HelperDevice> openCardReader(const Options& options, const Settings& settings)
{
    std::string file = settings.sealingKey;
    if (file.empty() && options.demo) {
        file = std::filesystem::path(options.data) / "bank-demo.pub.pem";
    }
    std::optional<host::SealingKey> key;
    if (!file.empty()) {
        auto loaded = host::SealingKey::fromFile(file);
        if (loaded) {
            key = std::move(*loaded);
        } else {
            spdlog::error("{}", loaded.error().detail);
        }
    }
    return std::make_unique<host::CardHelper>(transport::makePcscReader(settings.reader),
                                              std::move(key));
}

host::RenderTicket ticketDrawing()
{
    auto renderer = escpos::TicketRenderer::open();
    if (!renderer) {
        spdlog::error("{}", renderer.error().detail);
        return [error = renderer.error()](const xfs::TicketForm&, int) -> Result<Bitmap> {
            return tl::unexpected(error);
        };
    }
    const auto shared // because std::function copies what it holds
        = std::make_shared<const escpos::TicketRenderer>(std::move(*renderer));
    return [shared](const xfs::TicketForm& form, int width) {
        escpos::TicketText ticket;
        ticket.outlet = form.outlet;
        ticket.number = form.number;
        ticket.service = form.service;
        ticket.rows = form.rows;
        ticket.footer = form.footer;
        ticket.qrText = form.code;
        ticket.large = form.large;
        ticket.copyIndex = static_cast<int>(form.printIndex);
        return shared->render(ticket, width);
    };
}

std::unique_ptr<host::HelperDevice> openPrinter(const Settings& settings)
{
    static const SystemClock clock;
    escpos::PrinterProfile profile;
    profile.widthDots = static_cast<int>(settings.printerWidthDots);
    profile.askForProcessId = settings.printerProcessId;
    auto printer = std::make_unique<escpos::EscposPrinter>(
        [settings] {
            return transport::openTcp(settings.printerAddress,
                                      static_cast<std::uint16_t>(settings.printerPort), 2s);
        },
        clock, profile);
    return std::make_unique<host::PrinterHelper>(std::move(printer), ticketDrawing());
}

std::filesystem::path framesOf(const Options& options, const std::string& camera)
{
    return std::filesystem::path(options.data) / "frames" / (camera + ".sock");
}

std::unique_ptr<host::HelperDevice> openCamera(const Options& options, const Settings& settings)
{
    static const SystemClock clock;
    auto frames = frames::FrameWriter::open(framesOf(options, "camera"), host::cameraRing());
    if (!frames) {
        std::_Exit(complain(1, frames.error().detail)); // tried again with back-off
    }
    return std::make_unique<host::CameraHelper>(
        [source = settings.cameraSource] { return camera::openCamera(source); }, std::move(*frames),
        clock);
}

std::unique_ptr<host::HelperDevice> openBarcodeReader(const Options& options,
                                                      const Settings& settings)
{
    static const SystemClock clock;
    return std::make_unique<host::BarcodeHelper>(framesOf(options, settings.barcodeCamera), clock);
}

int runAsHelper(const Options& options, const Settings& settings)
{
    if (auto hardened = host::hardenHelper(); !hardened) {
        return complain(1, hardened.error().detail);
    }
    if (options.helper == "cardreader") {
        host::runHelper(kHelperDescriptor, 200ms,
                        [&options, &settings] { return openCardReader(options, settings); });
    }
    if (options.helper == "receiptprinter") {
        host::runHelper(kHelperDescriptor, 1000ms, [&settings] { return openPrinter(settings); });
    }
    if (options.helper == "camera") {
        host::runHelper(kHelperDescriptor, 0ms,
                        [&options, &settings] { return openCamera(options, settings); });
    }
    if (options.helper == "barcodereader") {
        host::runHelper(kHelperDescriptor, 200ms,
                        [&options, &settings] { return openBarcodeReader(options, settings); });
    }
    return complain(2, "no such helper");
}

/// "127.0.0.1:5846" or "[::1]:5846".
bool setAddress(const std::string& text, host::DeviceHostConfig& config)
{
    const auto colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0) {
        return false;
    }
    char* end = nullptr;
    const auto port = std::strtoul(text.c_str() + colon + 1, &end, 10);
    if (*end != '\0' || end == text.c_str() + colon + 1 || port > 65535) {
        return false;
    }
    config.host = text.substr(0, colon);
    config.ports = {static_cast<std::uint16_t>(port)};
    return true;
}

host::HelperConfig helperFor(const char* name, Remedy remedy, const Options& options)
{
    host::HelperConfig helper;
    helper.name = name;
    helper.command = {std::filesystem::read_symlink("/proc/self/exe"), "--helper", name};
    helper.command.insert(helper.command.end(), options.given.begin(), options.given.end());
    helper.remedy = remedy;
    return helper;
}

int serve(const Options& options, const Settings& settings)
{
    host::DeviceHostConfig config;
    auto users = host::allowedUserIds(settings.allowedUsers);
    if (!users) {
        return complain(1, users.error().detail);
    }
    config.allowedPeerUids = std::move(*users);
    if (options.publisher && !setAddress(*options.publisher, config)) {
        return complain(2, "--publisher wants HOST:PORT");
    }
    std::error_code failed;
    const auto frames = framesOf(options, "camera").parent_path();
    std::filesystem::create_directories(frames, failed);
    if (failed) {
        return complain(1, options.data + ": " + failed.message());
    }
    config.data = options.data;
    if (options.demo) {
        if (auto key = host::demoSealingKey(options.data); !key) {
            return complain(1, key.error().detail);
        }
    }
    config.cardReader = helperFor("cardreader", Remedy::ReinsertCard, options);
    config.printer = helperFor("receiptprinter", Remedy::CallStaff, options);
    if (!settings.cameraSource.empty()) {
        config.camera = helperFor("camera", Remedy::Retry, options);
    }
    if (!settings.barcodeCamera.empty()) {
        config.barcodeReader = helperFor("barcodereader", Remedy::Retry, options);
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

} // namespace

int main(int argc, char** argv)
{
    spdlog::set_default_logger(spdlog::stderr_logger_mt("devices"));
    const auto options = parse(argc, argv);
    if (!options) {
        std::fputs(kUsage, stderr);
        return 2;
    }
    const auto settings = readSettings(*options);
    if (!settings) {
        return complain(1, settings.error().detail);
    }
    return options->helper.empty() ? serve(*options, *settings) : runAsHelper(*options, *settings);
}
