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
)";
}

std::string demoSchemeKeys()
{
    return table("A000000333", "026DC2830279FFBEA374C1AC249E5F97AB5973D6") +
           table("A000000003", "769A5C61D13CD27E2FA13C8AD23F0564125633CD");
}

Result<std::filesystem::path> writeDemoSchemeKeys(const std::filesystem::path& folder)
{
    auto path = folder / "scheme-demo.toml";
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << demoSchemeKeys();
    file.close();
    if (!file) {
        return fail(Errc::Denied, path.string() + ": cannot be written");
    }
    return path;
}

} // namespace guichet::host
