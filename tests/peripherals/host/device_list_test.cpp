// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/device_list.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "drivers/emv/scheme_keys.h"
#include "peripherals/host/demo_devices.h"
#include "peripherals/host/plugged_devices.h"
#include "peripherals/virtual/card_issuer.h"
#include "peripherals/virtual/passport_issuer.h"

using namespace guichet;
using namespace guichet::host;

namespace {

Result<Terminal> read(std::string_view text)
{
    auto file = ConfigFile::parse(text, "devices.toml");
    REQUIRE(file);
    return readTerminal(std::move(*file), {.data = "/var/lib/guichet"});
}

const Device& named(const Terminal& terminal, std::string_view name)
{
    const auto found = std::ranges::find(terminal.devices, name, &Device::name);
    REQUIRE(found != terminal.devices.end());
    return *found;
}

} // namespace

TEST_CASE("device list: each table is a device with its driver", "[host]")
{
    const auto terminal = read(R"(
[bank]
sealing_key = "/etc/guichet/bank.pem"
[publisher]
allowed_users = ["guichet"]
[cardreader]
driver = "pcsc"
[contactless]
driver = "pcsc"
reader = "ACS ACR1252"
[residentreader]
driver = "sdt"
connection = "serial:/dev/ttyUSB0"
[receiptprinter]
driver = "escpos"
connection = "tcp:192.0.2.7:9100"
width_dots = 512
)");
    REQUIRE(terminal);
    CHECK(terminal->allowedUsers == std::vector<std::string>{"guichet"});
    CHECK(terminal->devices.size() == 4);
    CHECK(named(*terminal, "contactless").deviceClass == DeviceClass::CardReader);
    CHECK(named(*terminal, "residentreader").deviceClass == DeviceClass::ResidentReader);
    CHECK(named(*terminal, "receiptprinter").deviceClass == DeviceClass::ReceiptPrinter);
    CHECK(std::ranges::all_of(terminal->devices,
                              [](const Device& device) { return bool(device.open); }));
}

TEST_CASE("device list: the demo has one device of every class", "[host]")
{
    const auto terminal = read(demoDevices());
    REQUIRE(terminal);
    for (const auto deviceClass :
         {DeviceClass::CardReader, DeviceClass::ReceiptPrinter, DeviceClass::Camera,
          DeviceClass::BarcodeReader, DeviceClass::ResidentReader, DeviceClass::MrzReader,
          DeviceClass::FaceReader}) {
        CHECK(std::ranges::count(terminal->devices, deviceClass, &Device::deviceClass) == 1);
    }
}

TEST_CASE("device list: the demo knows the key of the virtual cards' scheme", "[host]")
{
    const auto keys = emv::SchemeKeys::read(*ConfigFile::parse(demoSchemeKeys(), "demo"));
    REQUIRE(keys);
    const auto today = std::chrono::year(2026) / 11 / 26;
    for (const char* provider : {"A000000333", "A000000003"}) {
        const auto* key =
            keys->find(*fromHex(provider), virtualdevices::kDemoSchemeKeyIndex, today);
        REQUIRE(key != nullptr);
        CHECK(key->modulus == virtualdevices::demoSchemeKey().modulus);
    }
}

TEST_CASE("device list: the demo trusts the state that issued the virtual passports", "[host]")
{
    CHECK(demoCountrySigner() == virtualdevices::PassportIssuer::demo().countryCertificate());
}

TEST_CASE("device list: without a file, every device that needs no words waits for its plug",
          "[host]")
{
    const auto terminal = read(pluggedDevices());
    REQUIRE(terminal);
    std::vector<std::string> names;
    for (const auto& device : terminal->devices) {
        names.push_back(device.name);
    }
    CHECK(names == std::vector<std::string>{"barcodereader", "camera", "cardreader", "face",
                                            "idreader", "receiptprinter", "residentreader"});
}

TEST_CASE("device list: a wrong line is named, with what is legal there", "[host]")
{
    const auto refusal = [](std::string_view text) {
        const auto terminal = read(text);
        REQUIRE_FALSE(terminal);
        CHECK(terminal.error().code == Errc::Invalid);
        return terminal.error().detail;
    };
    CHECK(refusal("[cardreader]\ndriver = \"psc\"\n") ==
          "devices.toml:2: cardreader.driver: want one of: camera codes escpos face ipp "
          "modbus-lights modbus-sensors mrz pcsc scan-hid scan-serial sdt xfs");
    CHECK(refusal("[cardreader]\nreader = \"ACS\"\n")
              .starts_with("devices.toml:1: cardreader.driver: want one of: "));
    CHECK(refusal("[cardreader]\ndriver = \"pcsc\"\nraeder = \"ACS\"\n")
              .starts_with("devices.toml:3: unknown key cardreader.raeder"));
    CHECK(refusal("[residentreader]\ndriver = \"sdt\"\nconnection = \"ttyUSB0\"\n") ==
          "devices.toml:3: residentreader.connection: want tcp:ADDRESS:PORT, serial:/dev/NAME, "
          "serial:/dev/NAME@BAUD, usb:VENDOR:PRODUCT or usb:printer");
    CHECK(
        refusal("[printer]\ndriver = \"escpos\"\nwidth_dots = 9\nconnection = \"serial:/dev/lp\"\n")
            .starts_with("devices.toml:3: printer.width_dots"));
    CHECK(refusal("[lights]\ndriver = \"modbus-lights\"\nconnection = \"tcp:127.0.0.1:502\"\n")
              .starts_with("devices.toml:1: lights: want the number of an input or coil"));
    CHECK(refusal("[cardreader]\ndriver = \"xfs\"\nservice = \"127.0.0.1:5846\"\n")
              .starts_with("devices.toml:3: cardreader.service: want ws://"));
    CHECK(refusal("[doors]\ndriver = \"modbus-sensors\"\nconnection = \"tcp:127.0.0.1:502\"\n"
                  "safeDoor = 1\ninverted = [\"backDoor\"]\n")
              .starts_with("devices.toml:5: doors.inverted: want names of sensors"));
    CHECK(refusal("[documentprinter]\ndriver = \"ipp\"\nuri = \"http://x\"\n")
              .starts_with("devices.toml:3: documentprinter.uri: want ipp://"));
    CHECK(refusal("[s]\ndriver = \"scan-hid\"\ninput = \"/etc/passwd\"\n")
              .starts_with("devices.toml:3: s.input: want a keyboard below /dev/input/"));
    CHECK(refusal("[s]\ndriver = \"scan-serial\"\nends_with = \"tab\"\n")
              .starts_with("devices.toml:3: s.ends_with: want one of: cr lf crlf"));
    CHECK(refusal("[\"Card Reader\"]\ndriver = \"pcsc\"\n").find("small letters") !=
          std::string::npos);
    CHECK(refusal("[camera]\ndriver = \"camera\"\nsource = \"video0\"\n")
              .starts_with("devices.toml:3: camera.source: want v4l2:"));
}

TEST_CASE("device list: the bank says which applications are tried on a card without a directory",
          "[host]")
{
    const auto refusal = [](std::string_view line) {
        const auto terminal = read("[bank]\n" + std::string(line) + "\n");
        REQUIRE_FALSE(terminal);
        return terminal.error().detail;
    };
    CHECK(read("[bank]\napplications = [\"A0000000031010 Visa\"]\n"));
    CHECK(refusal("applications = [\"A0000000031010\"]")
              .starts_with("devices.toml:2: bank.applications: want lines such as"));
    CHECK(refusal("applications = []")
              .starts_with("devices.toml:2: bank.applications: want at least one line"));
    CHECK(refusal("applications = \"A0000000031010 Visa\"") ==
          "devices.toml:2: bank.applications: want a list of strings");
}

TEST_CASE("device list: a card is asked for a cryptogram only where scheme keys can check it",
          "[host]")
{
    CHECK(read("[bank]\nscheme_keys = \"schemes.toml\"\ncombined_authentication = true\n"));
    CHECK(read("[bank]\ncombined_authentication = false\n"));
    const auto alone = read("[bank]\ncombined_authentication = true\n");
    REQUIRE_FALSE(alone);
    CHECK(alone.error().detail ==
          "devices.toml:2: bank.combined_authentication: want scheme_keys beside it");
}

TEST_CASE("device list: codes are read in the frames of a camera of the terminal", "[host]")
{
    constexpr std::string_view kCamera =
        "[front]\ndriver = \"camera\"\nsource = \"v4l2:/dev/video0\"\n";
    const auto whole =
        read(std::string(kCamera) + "[codes]\ndriver = \"codes\"\ncamera = \"front\"\n");
    REQUIRE(whole);
    CHECK(named(*whole, "codes").camera == "front");
    for (const char* rest :
         {"[codes]\ndriver = \"codes\"\ncamera = \"back\"\n", "[codes]\ndriver = \"codes\"\n"}) {
        const auto refused = read(std::string(kCamera) + rest);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().detail.find("codes.camera: want the name of a camera") !=
              std::string::npos);
    }
}

TEST_CASE("device list: a scanner hands chips out only if its bank names their card reader",
          "[host]")
{
    const auto withKeys = [](const std::string& keys) {
        return read("[camera]\ndriver = \"camera\"\nsource = \"v4l2:/dev/video0\"\n"
                    "[cardreader]\ndriver = \"pcsc\"\n"
                    "[idreader]\ndriver = \"mrz\"\ncamera = \"camera\"\n" +
                    keys);
    };
    CHECK(named(*withKeys(""), "idreader").passportReader.empty());
    const auto allowed = withKeys("passport_reader = \"cardreader\"\n");
    REQUIRE(allowed);
    CHECK(named(*allowed, "idreader").passportReader == "cardreader");
    for (const char* other : {"camera", "contactless"}) {
        const auto refused = withKeys("passport_reader = \"" + std::string(other) + "\"\n");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().detail.starts_with(
            "devices.toml:9: idreader.passport_reader: want the name of a card reader"));
    }
    CHECK(std::ranges::all_of(read(demoDevices())->devices, &std::string::empty,
                              &Device::passportReader));
}

TEST_CASE("device list: a model for faces is named with what must be in it", "[host]")
{
    const auto withKeys = [](const std::string& keys) {
        return read("[camera]\ndriver = \"camera\"\nsource = \"v4l2:/dev/video0\"\n"
                    "[face]\ndriver = \"face\"\ncamera = \"camera\"\n" +
                    keys);
    };
    const auto model = [](const std::string& key) {
        return key + " = \"/models/" + key + ".onnx\"\n" + key + "_sha256 = \"" +
               std::string(64, 'a') + "\"\n";
    };
    const auto whole = withKeys(model("detector") + model("recogniser"));
    REQUIRE(whole);
    const auto& readable = named(*whole, "face").confinement.readable;
    for (const char* file :
         {"/models/detector.onnx", "/models/recogniser.onnx", "/usr/share/opencv4/haarcascades"}) {
        CHECK(std::ranges::count(readable, file) == 1);
    }
    CHECK(named(*whole, "face").confinement.writable.empty());
    CHECK_FALSE(named(*whole, "face").confinement.network);
    const auto refused = [&](const std::string& keys) {
        const auto terminal = withKeys(keys);
        REQUIRE_FALSE(terminal);
        return terminal.error().detail;
    };
    CHECK(
        refused("detector = \"/models/yunet.onnx\"\n").find("face.detector_sha256: want the 64 ") !=
        std::string::npos);
    CHECK(refused(model("recogniser")).find("face.recogniser: want a detector beside it") !=
          std::string::npos);
    CHECK(refused("detector_sha256 = \"" + std::string(64, 'a') + "\"\n")
              .find("face.detector: want the path of an ONNX file") != std::string::npos);
}

TEST_CASE("device list: a printer is what its profile says, and what is said beside it", "[host]")
{
    const auto printer = [](const std::string& keys) {
        const auto terminal = read("[receiptprinter]\ndriver = \"escpos\"\n"
                                   "connection = \"tcp:192.0.2.7:9100\"\n" +
                                   keys);
        INFO((terminal ? std::string() : terminal.error().detail));
        REQUIRE(terminal);
        return named(*terminal, "receiptprinter");
    };
    CHECK(printer("").printer.widthDots == 576);
    CHECK_FALSE(printer("").printer.presenter);
    CHECK(printer("profile = \"generic-58\"").printer.usualCut == CutKind::None);
    const auto kiosk = printer("profile = \"custom-presenter\"\nwidth_dots = 640\n"
                               "retract_after_s = 90\ntemplates = \"/etc/guichet/templates\"\n");
    CHECK(kiosk.printer.widthDots == 640);
    CHECK(kiosk.printer.retractAfter == std::chrono::seconds(90));
    CHECK(std::ranges::count(kiosk.confinement.readable, "/etc/guichet/templates") == 1);
}

TEST_CASE("device list: a printer of no known profile is refused with those there are", "[host]")
{
    const auto refused = [](const std::string& keys) {
        const auto terminal = read("[receiptprinter]\ndriver = \"escpos\"\n"
                                   "connection = \"tcp:192.0.2.7:9100\"\n" +
                                   keys);
        REQUIRE_FALSE(terminal);
        return terminal.error().detail;
    };
    CHECK(refused("profile = \"tm-99\"")
              .find("devices.toml:4: receiptprinter.profile: want one of: "
                    "custom-presenter epson-tm-m30") == 0);
    CHECK(refused("retract_after_s = 30").find("devices.toml:1: receiptprinter.present_command") ==
          0);
    CHECK(refused("paper = \"blue\"").find("unknown key receiptprinter.paper") !=
          std::string::npos);
}

TEST_CASE("device list: the vendor's application has a command for each access level", "[host]")
{
    const auto terminal = read(R"(
[vendorapplication]
name = "service"
basic = ["/usr/bin/guichet-kiosk", "--diagnostics"]
full = ["/opt/vendor/service"]
)");
    REQUIRE(terminal);
    CHECK(terminal->devices.empty());
    REQUIRE(terminal->vendorApplication);
    CHECK(terminal->vendorApplication->name == "service");
    CHECK(terminal->vendorApplication->command(AccessLevel::Basic).size() == 2);
    CHECK(terminal->vendorApplication->command(AccessLevel::Intermediate).empty());
    CHECK_FALSE(read("[publisher]")->vendorApplication);
}

TEST_CASE("device list: a vendor's application that nobody could start is refused", "[host]")
{
    const auto [keys, wanted] = GENERATE(table<std::string, std::string>(
        {{"", "want a command for basic, intermediate or full"},
         {"full = [\"service\"]", "vendorapplication.full: want a program's whole path"},
         {"full = [\"/s\"]\nname = \"\"", "vendorapplication.name: want a name"},
         {"full = [\"/s\"]\ndriver = \"x\"", "unknown key vendorapplication.driver"}}));
    const auto refused = read("[vendorapplication]\n" + keys);
    REQUIRE_FALSE(refused);
    CHECK_THAT(refused.error().detail, Catch::Contains(wanted));
}
