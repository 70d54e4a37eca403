// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/symbologies.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace guichet;
using namespace guichet::host;
using nlohmann::json;

TEST_CASE("symbologies: each kind has a name that leads back to it", "[host]")
{
    for (const auto& each : symbologyNames()) {
        const auto symbology = symbologyFromName(each);
        REQUIRE(symbology);
        CHECK(name(*symbology) == each);
        CHECK_FALSE(titleOf(each).empty());
    }
    CHECK_FALSE(symbologyFromName("msi"));
}

TEST_CASE("symbologies: a hand scanner's identifier names the kind", "[host]")
{
    using barcode::Symbology;
    CHECK(symbologyFromAim("]Q1") == Symbology::QrCode);
    CHECK(symbologyFromAim("]z0") == Symbology::Aztec);
    CHECK(symbologyFromAim("]d2") == Symbology::DataMatrix);
    CHECK(symbologyFromAim("]L0") == Symbology::Pdf417);
    CHECK(symbologyFromAim("]C1") == Symbology::Code128);
    CHECK_FALSE(symbologyFromAim("]E0"));
    CHECK_FALSE(symbologyFromAim(""));
}

TEST_CASE("symbologies: who asks for nothing gets all", "[host]")
{
    const json payload =
        GENERATE(json::object(), json{{"symbologies", nullptr}},
                 json{{"symbologies", json::object()}}, json{{"symbologies", {{"qrCode", false}}}});
    CHECK(wantedSymbologies(payload) == symbologyNames());
}

TEST_CASE("symbologies: only what is asked for and can be read is looked for", "[host]")
{
    const auto wanted = wantedSymbologies(
        {{"symbologies", {{"qrCode", true}, {"msi", true}, {"aztec", false}, {"own", true}}}});
    CHECK(wanted == std::vector<std::string>{"qrCode"});
}
