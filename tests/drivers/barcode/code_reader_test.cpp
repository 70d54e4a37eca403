// SPDX-License-Identifier: Apache-2.0
#include "drivers/barcode/code_reader.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/drivers/barcode/code_scene.h"

using namespace guichet;
using namespace guichet::barcode;
using test::Sight;

namespace {

const std::string kToken = "GT1:7WF8TS0N0%6W5 9RCJV9AKJ63K3:Y6Q4LHWPEG3DR2CQ1Z7WE4F88";
const std::vector<Symbology> kAll{Symbology::QrCode, Symbology::Aztec, Symbology::DataMatrix,
                                  Symbology::Pdf417, Symbology::Code128};

std::string read(const test::Scene& scene, const std::vector<Symbology>& wanted)
{
    const auto code = readCode(scene.view(), wanted);
    return code ? std::string(asText(code->bytes)) : std::string();
}

} // namespace

TEST_CASE("code reader: a QR code is read however the customer holds it", "[barcode]")
{
    const auto [name, sight] = GENERATE(
        std::pair("straight", Sight{}), std::pair("turned by 17", Sight{.degrees = 17}),
        std::pair("turned by 45", Sight{.degrees = 45}),
        std::pair("turned by 90", Sight{.degrees = 90}),
        std::pair("upside down", Sight{.degrees = 180}),
        std::pair("turned back", Sight{.degrees = -110}), std::pair("blurred", Sight{.blur = 1.5}),
        std::pair("more blurred", Sight{.blur = 2.2}), std::pair("dim", Sight{.light = 0.25}),
        std::pair("dim and noisy", Sight{.light = 0.3, .noise = 6}),
        std::pair("noisy", Sight{.noise = 40}), std::pair("small", Sight{.size = 120}),
        std::pair("large", Sight{.size = 600}), std::pair("aslant", Sight{.aslant = 0.25}),
        std::pair("aslant and turned", Sight{.degrees = 30, .aslant = 0.2}),
        std::pair("dark mode", Sight{.inverted = true}),
        std::pair("dark mode, turned", Sight{.degrees = 25, .inverted = true}),
        std::pair("dark mode, dim", Sight{.light = 0.6, .inverted = true}),
        std::pair("dark mode, close", Sight{.size = 690, .inverted = true}),
        std::pair("everything a little",
                  Sight{.degrees = 12, .aslant = 0.1, .blur = 1, .light = 0.6, .noise = 8}));
    INFO(name);
    auto modules = test::qrModules(kToken);
    modules.quiet = sight.inverted ? 8 : 4; // a dark screen goes on around its code
    CHECK(read(test::sceneOf(modules, sight), {Symbology::QrCode}) == kToken);
}

TEST_CASE("code reader: each kind of code gives its bytes and its name", "[barcode]")
{
    const auto symbology = GENERATE(from_range(kAll));
    const auto modules = test::codeModules(symbology, "A042-2026");
    const auto scene = test::sceneOf(modules, {.size = 420});
    const auto code = readCode(scene.view(), kAll);
    REQUIRE(code);
    CHECK(code->symbology == symbology);
    CHECK(asText(code->bytes) == "A042-2026");
}

TEST_CASE("code reader: every kind is read however the customer holds it", "[barcode]")
{
    const auto symbology = GENERATE(from_range(kAll));
    const auto [name, sight] = GENERATE(
        std::pair("turned by 25", Sight{.degrees = 25}),
        std::pair("turned by 45", Sight{.degrees = 45}),
        std::pair("turned by 90", Sight{.degrees = 90}),
        std::pair("turned back", Sight{.degrees = -160}), std::pair("aslant", Sight{.aslant = 0.3}),
        std::pair("aslant and turned", Sight{.degrees = 30, .aslant = 0.15}),
        std::pair("blurred", Sight{.blur = 1.5}), std::pair("noisy", Sight{.noise = 30}),
        std::pair("dim", Sight{.light = 0.25, .noise = 4}),
        std::pair("off the middle", Sight{.right = -260, .down = 100}),
        std::pair("off the middle and turned", Sight{.degrees = 20, .right = 200, .down = -80}),
        std::pair("dark mode", Sight{.inverted = true}),
        std::pair("dark mode, turned", Sight{.degrees = 25, .inverted = true}));
    INFO(name);
    auto modules = test::codeModules(symbology, "A042-2026");
    modules.quiet = std::max(modules.quiet, sight.inverted ? 8 : 0);
    auto held = sight;
    held.size = 420;
    CHECK(read(test::sceneOf(modules, held), {symbology}) == "A042-2026");
}

TEST_CASE("code reader: bytes that are no text come out as they are", "[barcode]")
{
    const std::string bytes("\xff\x01\x80\xc3\x28", 5);
    const auto scene = test::sceneOf(test::qrModules(bytes), {});
    CHECK(read(scene, {Symbology::QrCode}) == bytes);
}

TEST_CASE("code reader: a kind that is not wanted is not read", "[barcode]")
{
    const auto scene = test::sceneOf(test::qrModules(kToken), {});
    CHECK(read(scene, {Symbology::Aztec, Symbology::Code128}).empty());
    CHECK(read(scene, {}).empty());
}

TEST_CASE("code reader: a scene without a code has none", "[barcode]")
{
    const auto sight = GENERATE(Sight{}, Sight{.noise = 20}, Sight{.light = 0.2, .noise = 4});
    const auto scene = test::sceneOf({}, sight);
    CHECK_FALSE(readCode(scene.view(), kAll));
}

TEST_CASE("code reader: a view beyond its pixels is not looked at", "[barcode]")
{
    const auto scene = test::sceneOf(test::qrModules(kToken), {});
    auto view = scene.view();
    SECTION("higher")
    {
        ++view.height;
    }
    SECTION("wider than its rows")
    {
        view.width = view.stride + 1;
    }
    SECTION("empty")
    {
        view.height = 0;
    }
    SECTION("no pixels")
    {
        view.pixels = {};
    }
    CHECK_FALSE(readCode(view, kAll));
}
