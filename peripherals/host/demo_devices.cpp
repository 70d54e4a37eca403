// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/demo_devices.h"

#include <fstream>

#include <fmt/format.h>

namespace guichet::host {

namespace {

constexpr std::string_view kModulus =
    "D098E0CCA5A47C4E61AF32104713B2185B7C7CF44809669B415CDAE01D60D99D3F7AF571D3967584765C6A9D"
    "365F1B77A816C5A0352E71B65AF43351DEF2D4FD38BF9818A9057CC4AEB96E9C8C71C2781C036249497D604E"
    "256F8F96D9B582A46430FA39CA8E8E845BD5A3F4E57D82111591789BCC48FF81FA80EF551B08EB7E8AC0EA19"
    "AB3E880A78B29A8DD3561278B6A73A07D33D0EEC4A48F62592180D56C5D9A77AB18E36CFFA65F5ED71BD54CF";

constexpr std::string_view kCountrySigner =
    "308201AB30820151A003020102020101300A06082A8648CE3D040302302B310B300906035504061302555431"
    "1C301A06035504030C1344656D6F20436F756E747279205369676E6572301E170D3230303130313030303030"
    "305A170D3435303130313030303030305A302B310B3009060355040613025554311C301A06035504030C1344"
    "656D6F20436F756E747279205369676E65723059301306072A8648CE3D020106082A8648CE3D030107034200"
    "049BE82B9B508DA053842A34E074607CB2B3D73277C169EEB2387C32FE8ECFE8A622BEECC922D999490E3581"
    "3760D89743D666DAF7F737511BEDD7BB3CC22821ECA366306430120603551D130101FF040830060101FF0201"
    "00300E0603551D0F0101FF040403020106301D0603551D0E04160414A207BCC149A2BB46956B9B61D32178B9"
    "22324FE7301F0603551D23041830168014A207BCC149A2BB46956B9B61D32178B922324FE7300A06082A8648"
    "CE3D0403020348003045022100F52B5F53B167AC5D4B03100A7489ED94B156839DCA1CDD5A4C22B807B19E37"
    "5602206F7C057AEB6D0F390BAF2B9243FFFDD637E42C3046497BA7CB638B065AEA5581";

Result<void> write(const std::filesystem::path& path, std::string_view content)
{
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << content;
    file.close();
    return file ? Result<void>() : fail(Errc::Denied, path.string() + ": cannot be written");
}

std::string table(std::string_view provider, std::string_view checksum)
{
    return fmt::format("[{}-D1]\nmodulus = \"{}\"\nexponent = \"010001\"\nchecksum = \"{}\"\n"
                       "valid_to = \"2049-12-31\"\n",
                       provider, kModulus, checksum);
}

} // namespace

std::string_view demoDevices()
{
    return R"([cardreader]
driver = "pcsc"

[residentreader]
driver = "sdt"
connection = "tcp:127.0.0.1:8497"

[receiptprinter]
driver = "escpos"
connection = "tcp:127.0.0.1:9100"

[camera]
driver = "camera"
source = "http://127.0.0.1:8498/stream.mjpg"

[barcodereader]
driver = "codes"
camera = "camera"

[auxiliaries]
driver = "modbus-sensors"
connection = "tcp:127.0.0.1:8502"
tamperSensor = 0
cabinetFrontDoor = 1
skimmingSensor = 2
ups = 3
headsetMicrophoneSensor = 4
operatorCallButtonSensor = 5
proximitySensor = 6

[lights]
driver = "modbus-lights"
connection = "tcp:127.0.0.1:8502"
cardReader = 0
receiptPrinter = 1
scanner = 2
documentPrinter = 3
statusGood = 4
statusBad = 5

[documentprinter]
driver = "ipp"
uri = "ipp://127.0.0.1:8631/ipp/print"

[idreader]
driver = "mrz"
camera = "camera"

[face]
driver = "face"
camera = "camera"
)";
}

std::string demoSchemeKeys()
{
    return table("A000000333", "026DC2830279FFBEA374C1AC249E5F97AB5973D6") +
           table("A000000003", "769A5C61D13CD27E2FA13C8AD23F0564125633CD");
}

Bytes demoCountrySigner()
{
    return *fromHex(kCountrySigner);
}

std::filesystem::path demoSchemeFile(const std::filesystem::path& folder)
{
    return folder / "scheme-demo.toml";
}

std::filesystem::path demoCountryFolder(const std::filesystem::path& folder)
{
    return folder / "country-signers-demo";
}

Result<void> writeDemoTrust(const std::filesystem::path& folder)
{
    std::error_code failed;
    std::filesystem::create_directories(demoCountryFolder(folder), failed);
    return write(demoSchemeFile(folder), demoSchemeKeys()).and_then([&folder] {
        return write(demoCountryFolder(folder) / "UT.der", asText(demoCountrySigner()));
    });
}

} // namespace guichet::host
