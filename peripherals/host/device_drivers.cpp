// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/device_drivers.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "drivers/camera/camera_presence.h"
#include "drivers/camera/camera_source.h"
#include "drivers/camera/pipeline_plan.h"
#include "drivers/emv/scheme_keys.h"
#include "drivers/escpos/escpos_printer.h"
#include "drivers/face/face_library.h"
#include "drivers/handscanner/key_decoder.h"
#include "drivers/handscanner/line_decoder.h"
#include "drivers/ipp/http_link.h"
#include "drivers/ipp/ipp_printer.h"
#include "drivers/transport/connection.h"
#include "drivers/transport/input_channel.h"
#include "drivers/transport/pcsc_reader.h"
#include "peripherals/base/clock.h"
#include "peripherals/base/sealing.h"
#include "peripherals/host/barcode_helper.h"
#include "peripherals/host/camera_helper.h"
#include "peripherals/host/card_helper.h"
#include "peripherals/host/document_helper.h"
#include "peripherals/host/face_helper.h"
#include "peripherals/host/hand_scanner_helper.h"
#include "peripherals/host/lights_helper.h"
#include "peripherals/host/mrz_helper.h"
#include "peripherals/host/printer_helper.h"
#include "peripherals/host/resident_helper.h"
#include "peripherals/host/sensors_helper.h"
#include "peripherals/host/ticket_drawing.h"
#include "peripherals/host/xfs_card_reader.h"

namespace guichet::host {

namespace {

using namespace std::chrono_literals;

const Clock& systemClock()
{
    static const SystemClock clock;
    return clock;
}

/// Without a key a device still serves what needs none.
std::optional<SealingKey> sealingKey(const std::filesystem::path& file)
{
    if (file.empty()) {
        return std::nullopt;
    }
    auto key = SealingKey::fromFile(file);
    if (!key) {
        spdlog::error("{}", key.error().detail);
        return std::nullopt;
    }
    return std::move(*key);
}

/// Reads and checks the key "connection"; an empty opener if it is wrong.
ChannelOpener readConnection(ConfigFile& file, Device& device)
{
    const auto key = device.name + ".connection";
    std::string text;
    file.read(key, text);
    device.confinement.network = text.starts_with("tcp:");
    if (text.starts_with("serial:")) {
        device.confinement.writable.emplace_back("/dev"); // a plug that returns is another node
    }
    if (text.starts_with("usb:")) {
        device.confinement.writable.emplace_back("/dev/bus/usb");
    }
    auto plan = transport::planConnection(text);
    if (!plan) {
        file.refuse(key, plan.error().detail.substr(std::string_view("want ").size()));
        return {};
    }
    return std::move(*plan);
}

/// A key that is wrong is no reason not to read cards: they are not asked for a proof then.
std::optional<emv::SchemeKeys> schemeKeys(const std::filesystem::path& file)
{
    if (file.empty()) {
        return std::nullopt;
    }
    auto keys = ConfigFile::open(file).and_then(
        [](ConfigFile&& opened) { return emv::SchemeKeys::read(std::move(opened)); });
    if (!keys) {
        spdlog::error("{}", keys.error().detail);
        return std::nullopt;
    }
    return std::move(*keys);
}

/// Without certificates documents are read, and who signed them is not checked.
mrtd::CountrySigners countrySigners(const std::filesystem::path& folder)
{
    if (folder.empty()) {
        return {};
    }
    auto signers = mrtd::CountrySigners::load(folder);
    if (!signers) {
        spdlog::error("{}", signers.error().detail);
        return {};
    }
    for (const auto& refused : signers->refused()) {
        spdlog::warn("country signers: {}", refused);
    }
    return std::move(*signers);
}

/// Cards are read without their photo then.
std::optional<residentid::PhotoDecoder> photoDecoder(const std::filesystem::path& file)
{
    if (file.empty()) {
        return std::nullopt;
    }
    auto decoder = residentid::PhotoDecoder::load(file);
    if (!decoder) {
        spdlog::error("{}", decoder.error().detail);
        return std::nullopt;
    }
    return std::move(*decoder);
}

std::unique_ptr<CardHelper> cardHelper(std::unique_ptr<CardReader> reader,
                                       const Surroundings& files)
{
    return std::make_unique<CardHelper>(
        std::move(reader), sealingKey(files.sealingKey),
        CardKnowledge{schemeKeys(files.schemeKeys), files.combinedAuthentication,
                      countrySigners(files.countrySigners), files.applications});
}

void configurePcsc(ConfigFile& file, Device& device, const Surroundings& surroundings)
{
    std::string reader;
    file.read(device.name + ".reader", reader);
    device.confinement.readable = {surroundings.sealingKey, surroundings.schemeKeys,
                                   surroundings.countrySigners};
    device.open = [reader, files = surroundings] {
        return cardHelper(transport::makePcscReader(reader), files);
    };
}

void configureXfs(ConfigFile& file, Device& device, const Surroundings& surroundings)
{
    const auto key = device.name + ".service";
    std::string service;
    file.read(key, service);
    if (!service.starts_with("ws://")) {
        file.refuse(key, "ws://HOST:PORT/xfs4iot/v1.0/NAME, a CardReader service of another maker");
    }
    device.confinement.readable = {surroundings.sealingKey, surroundings.schemeKeys,
                                   surroundings.countrySigners};
    device.confinement.network = true;
    device.open = [service, files = surroundings] {
        return XfsCardReader::open(service).map([&files](std::unique_ptr<XfsCardReader> reader) {
            return cardHelper(std::move(reader), files);
        });
    };
}

void configureSdt(ConfigFile& file, Device& device, const Surroundings& surroundings)
{
    std::string decoder;
    file.read(device.name + ".photo_decoder", decoder);
    device.confinement.readable = {surroundings.sealingKey};
    if (!decoder.empty()) { // a maker's library may want its licence or tables beside it
        device.confinement.readable.push_back(std::filesystem::path(decoder).parent_path());
    }
    device.open = [connection = readConnection(file, device), keyFile = surroundings.sealingKey,
                   decoder] {
        return std::make_unique<ResidentHelper>(connection, systemClock(), sealingKey(keyFile),
                                                photoDecoder(decoder));
    };
}

void configureEscpos(ConfigFile& file, Device& device, const Surroundings&)
{
    std::string name = "generic-80", templates;
    file.read(device.name + ".profile", name);
    file.read(device.name + ".templates", templates);
    auto named = escpos::profileNamed(name);
    if (!named) {
        file.refuse(device.name + ".profile", "one of: " + escpos::profileNames());
        named = escpos::PrinterProfile{};
    }
    auto profile = std::move(*named);
    escpos::readProfile(file, device.name, profile);
    device.printer = escpos::traitsOf(profile);
    device.templates = templates;
    if (!templates.empty()) {
        device.confinement.readable.emplace_back(templates);
    }
    device.open = [connection = readConnection(file, device), profile, templates] {
        return std::make_unique<PrinterHelper>(
            std::make_unique<escpos::EscposPrinter>(connection, systemClock(), profile),
            ticketDrawing(templates), systemClock());
    };
}

void configureCamera(ConfigFile& file, Device& device, const Surroundings& surroundings)
{
    const auto key = device.name + ".source";
    std::string source;
    file.read(key, source);
    if (auto plan = camera::planSource(source, {}); !plan) {
        file.refuse(key, "v4l2:/dev/NAME, http://..., rtsp://... or file:PATH");
    }
    const auto cache = cacheOf(surroundings.data, device.name);
    const auto socket = framesOf(surroundings.data, device.name);
    device.confinement = {.readable = {source.substr(source.find(':') + 1)},
                          .writable = {socket.parent_path(), cache, "/dev"},
                          .network = true};
    device.open = [source, socket, cache] {
        // The list of plug-ins; without it each start of the helper looks at all of them anew.
        ::setenv("GST_REGISTRY", (cache / "gstreamer.bin").c_str(), 1); // NOLINT: one thread yet
        return frames::FrameWriter::open(socket, cameraRing()).map([&source](auto frames) {
            return std::make_unique<CameraHelper>(
                [source] { return camera::openCamera(source); },
                [source] { return camera::lookForCamera(source); }, std::move(frames),
                systemClock());
        });
    };
}

void configureCodes(ConfigFile& file, Device& device, const Surroundings& surroundings)
{
    const auto key = device.name + ".camera";
    file.read(key, device.camera);
    if (device.camera.empty()) {
        file.refuse(key, "the name of a camera of this file");
    }
    device.confinement.readable = {framesOf(surroundings.data, device.camera).parent_path()};
    device.open = [socket = framesOf(surroundings.data, device.camera)] {
        return std::make_unique<BarcodeHelper>(socket, systemClock());
    };
}

void configureMrz(ConfigFile& file, Device& device, const Surroundings& surroundings)
{
    const auto key = device.name + ".camera";
    file.read(key, device.camera);
    if (device.camera.empty()) {
        file.refuse(key, "the name of a camera of this file");
    }
    file.read(device.name + ".passport_reader", device.passportReader);
    const auto socket = framesOf(surroundings.data, device.camera);
    device.confinement.readable = {socket.parent_path(), surroundings.sealingKey};
    device.open = [socket, keyFile = surroundings.sealingKey] {
        return std::make_unique<MrzHelper>(socket, systemClock(), sealingKey(keyFile));
    };
}

/// The keys PREFIX and PREFIX_sha256 of a table; nothing if neither is there.
std::optional<face::ModelFile> readModel(ConfigFile& file, const std::string& key)
{
    constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";
    constexpr std::size_t kDigits = 64;
    std::string path, sha256;
    file.read(key, path);
    file.read(key + "_sha256", sha256);
    if (path.empty() && sha256.empty()) {
        return std::nullopt;
    }
    if (!path.starts_with('/')) {
        file.refuse(key, "the path of an ONNX file");
    }
    if (sha256.size() != kDigits || sha256.find_first_not_of(kHexDigits) != sha256.npos) {
        file.refuse(key + "_sha256", "the 64 hexadecimal digits that sha256sum says of it");
    }
    return face::ModelFile{path, sha256};
}

/// A model that cannot be used is no reason not to look.
Result<face::FaceTools> faceTools(const std::filesystem::path& library,
                                  const face::FaceFiles& files)
{
    return face::loadFaceTools(library, files).map([](face::FaceTools tools) {
        if (!tools.refused.empty()) {
            spdlog::error("faces: {}", tools.refused);
        }
        return tools;
    });
}

void configureFace(ConfigFile& file, Device& device, const Surroundings& surroundings)
{
    file.read(device.name + ".camera", device.camera);
    if (device.camera.empty()) {
        file.refuse(device.name + ".camera", "the name of a camera of this file");
    }
    face::FaceFiles files;
    files.detector = readModel(file, device.name + ".detector");
    files.recogniser = readModel(file, device.name + ".recogniser");
    if (files.recogniser && !files.detector) {
        file.refuse(device.name + ".recogniser", "a detector beside it, which finds the faces");
    }
    const auto library = face::faceLibraryOf(std::filesystem::read_symlink("/proc/self/exe"));
    const auto socket = framesOf(surroundings.data, device.camera);
    device.confinement.readable = {socket.parent_path(), library.parent_path(), files.cascades};
    for (const auto& model : {files.detector, files.recogniser}) {
        if (model) {
            device.confinement.readable.push_back(model->path);
        }
    }
    device.open = [socket, library, files] {
        return faceTools(library, files).map([&socket](face::FaceTools tools) {
            return std::make_unique<FaceHelper>(socket, systemClock(), std::move(tools));
        });
    };
}

void configureIpp(ConfigFile& file, Device& device, const Surroundings&)
{
    const auto key = device.name + ".uri";
    std::string uri;
    file.read(key, uri);
    if (!ipp::HttpLink::open(uri, systemClock())) {
        file.refuse(key, "ipp://HOST/ipp/print or, of a CUPS queue, ipp://127.0.0.1/printers/NAME");
    }
    device.confinement.network = true;
    device.open = [uri] {
        return ipp::HttpLink::open(uri, systemClock())
            .map([&uri](std::unique_ptr<ipp::HttpLink> link) {
                return std::make_unique<DocumentHelper>(
                    std::make_unique<ipp::IppPrinter>(uri, std::move(link), systemClock()));
            });
    };
}

/// The keys of a table that say which bit is what.
IoMap readIoMap(ConfigFile& file, const std::string& device, const std::vector<std::string>& names)
{
    constexpr std::int64_t kMostBits = 1999, kNone = -1;
    IoMap map;
    for (const auto& name : names) {
        auto bit = kNone;
        file.read(fmt::format("{}.{}", device, name), bit, 0, kMostBits);
        if (bit != kNone) {
            map[name] = bit;
        }
    }
    if (map.empty()) {
        file.refuse(device, "the number of an input or coil for at least one of its names");
    }
    return map;
}

/// A unit on a serial line speaks RTU, every other one the TCP framing.
std::function<std::unique_ptr<modbus::IoBoard>()> readIoBoard(ConfigFile& file, Device& device)
{
    constexpr std::int64_t kMostUnits = 247;
    std::string connection;
    file.read(device.name + ".connection", connection);
    std::int64_t unit = 1;
    file.read(device.name + ".unit", unit, 0, kMostUnits);
    return [open = readConnection(file, device), unit = static_cast<std::uint8_t>(unit),
            framing =
                connection.starts_with("serial:") ? modbus::Framing::Rtu : modbus::Framing::Tcp] {
        return std::make_unique<modbus::IoBoard>(open, framing, unit, systemClock());
    };
}

void configureSensors(ConfigFile& file, Device& device, const Surroundings&)
{
    const auto sensors = readIoMap(file, device.name, sensorNames());
    std::vector<std::string> inverted;
    file.read(device.name + ".inverted", inverted);
    if (!std::ranges::all_of(inverted, [&](const auto& name) { return sensors.contains(name); })) {
        file.refuse(device.name + ".inverted", "names of sensors of this table");
    }
    device.capabilities = sensorCapabilities(sensors);
    device.open = [board = readIoBoard(file, device), sensors, inverted] {
        return std::make_unique<SensorsHelper>(board(), sensors, inverted);
    };
}

void configureLights(ConfigFile& file, Device& device, const Surroundings&)
{
    const auto lights = readIoMap(file, device.name, lightNames());
    device.capabilities = {{"lights", lightCapabilities(lights)}};
    device.open = [board = readIoBoard(file, device), lights] {
        return std::make_unique<LightsHelper>(board(), lights, systemClock());
    };
}

OpenDevice handScanner(ChannelOpener open,
                       std::function<std::unique_ptr<handscanner::ScanDecoder>()> makeDecoder,
                       bool sendsAimIdentifier)
{
    return [open = std::move(open), makeDecoder = std::move(makeDecoder), sendsAimIdentifier] {
        return std::make_unique<HandScannerHelper>(
            handscanner::HandScanner(open, makeDecoder(), systemClock()), sendsAimIdentifier);
    };
}

void configureScanSerial(ConfigFile& file, Device& device, const Surroundings&)
{
    const auto key = device.name + ".ends_with";
    std::string text = "cr";
    bool aim = false;
    file.read(key, text);
    file.read(device.name + ".aim_identifier", aim);
    const auto ending = handscanner::endingFromName(text);
    if (!ending) {
        return file.refuse(key, "one of: cr lf crlf");
    }
    device.open = handScanner(
        readConnection(file, device),
        [ending = *ending] { return std::make_unique<handscanner::LineDecoder>(ending); }, aim);
}

void configureScanHid(ConfigFile& file, Device& device, const Surroundings&)
{
    const auto key = device.name + ".input";
    std::string input;
    bool aim = false;
    file.read(key, input);
    file.read(device.name + ".aim_identifier", aim);
    if (!input.starts_with("/dev/input/")) {
        return file.refuse(key, "a keyboard below /dev/input/by-id or /dev/input/by-path");
    }
    device.confinement.readable = {"/dev/input"}; // a plug that returns is another node
    device.open = handScanner([input] { return transport::openInput(input); },
                              [] { return std::make_unique<handscanner::KeyDecoder>(); }, aim);
}

constexpr std::array kDrivers{
    DriverEntry{"camera", DeviceClass::Camera, Remedy::Retry, 0ms, configureCamera},
    DriverEntry{"codes", DeviceClass::BarcodeReader, Remedy::Retry, 200ms, configureCodes},
    DriverEntry{"escpos", DeviceClass::ReceiptPrinter, Remedy::CallStaff, 1000ms, configureEscpos},
    DriverEntry{"face", DeviceClass::FaceReader, Remedy::Retry, 500ms, configureFace},
    DriverEntry{"ipp", DeviceClass::DocumentPrinter, Remedy::CallStaff, 3000ms, configureIpp},
    DriverEntry{"modbus-lights", DeviceClass::Lights, Remedy::Retry, LightsHelper::kTick,
                configureLights},
    DriverEntry{"modbus-sensors", DeviceClass::Sensors, Remedy::Retry, 250ms, configureSensors},
    DriverEntry{"mrz", DeviceClass::MrzReader, Remedy::Retry, 500ms, configureMrz},
    DriverEntry{"pcsc", DeviceClass::CardReader, Remedy::ReinsertCard, 200ms, configurePcsc},
    DriverEntry{"scan-hid", DeviceClass::HandScanner, Remedy::Retry, 200ms, configureScanHid},
    DriverEntry{"scan-serial", DeviceClass::HandScanner, Remedy::Retry, 200ms, configureScanSerial},
    DriverEntry{"sdt", DeviceClass::ResidentReader, Remedy::ReinsertCard, 5000ms, configureSdt},
    DriverEntry{"xfs", DeviceClass::CardReader, Remedy::ReinsertCard, 200ms, configureXfs},
};

} // namespace

const DriverEntry* findDriver(std::string_view name)
{
    for (const auto& entry : kDrivers) {
        if (entry.name == name) {
            return &entry;
        }
    }
    return nullptr;
}

std::string driverNames()
{
    std::string names;
    for (const auto& entry : kDrivers) {
        names.append(names.empty() ? "" : " ").append(entry.name);
    }
    return names;
}

} // namespace guichet::host
