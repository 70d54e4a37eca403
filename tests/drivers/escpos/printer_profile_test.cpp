// SPDX-License-Identifier: Apache-2.0
#include "drivers/escpos/printer_profile.h"

#include <sstream>

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::escpos;

namespace {

Result<PrinterProfile> from(std::string_view text, std::string_view name)
{
    auto file = ConfigFile::parse(text, "profiles");
    REQUIRE(file);
    return profileFrom(std::move(*file), name);
}

std::string refusal(std::string_view text)
{
    const auto profile = from(text, "a");
    REQUIRE_FALSE(profile);
    return profile.error().detail;
}

} // namespace

TEST_CASE("printer profiles: each one that is compiled in can be read", "[drivers][escpos]")
{
    std::istringstream names(profileNames());
    int count = 0;
    for (std::string name; names >> name; ++count) {
        INFO(name);
        const auto profile = profileNamed(name);
        REQUIRE(profile);
        CHECK(profile->widthDots % 8 == 0);
    }
    CHECK(count >= 7);
}

TEST_CASE("printer profiles: the usual one is what the driver assumes", "[drivers][escpos]")
{
    CHECK(*profileNamed("generic-80") == PrinterProfile{});
}

TEST_CASE("printer profiles: models differ in what is written of them", "[drivers][escpos]")
{
    const auto narrow = *profileNamed("generic-58");
    CHECK(narrow.widthDots == 384);
    CHECK(narrow.cuts.empty());
    CHECK(traitsOf(narrow).usualCut == CutKind::None);
    CHECK(profileNamed("epson-tm-t88")->raster == RasterCommand::GsL);
    const auto kiosk = *profileNamed("custom-presenter");
    REQUIRE(kiosk.presenter);
    CHECK(kiosk.presenter->retract == *fromHex("1D6502"));
    const auto traits = traitsOf(kiosk);
    CHECK(traits.presenter);
    CHECK(traits.retract);
    CHECK(traits.expel);
    CHECK(traits.takenSensor);
    CHECK(traits.retractAfter == std::chrono::seconds(30));
    CHECK(traits.usualCut == CutKind::Full);
    CHECK(traits.abilities ==
          "576 dots, pictures by GS v 0, cut full, QR codes of its own, presenter");
}

TEST_CASE("printer profiles: one that is not there is not guessed", "[drivers][escpos]")
{
    CHECK(profileNamed("generic-90").error().code == Errc::NotFound);
}

TEST_CASE("printer profiles: what is not said is inherited", "[drivers][escpos]")
{
    constexpr auto kFile = R"([a]
inherits = "b"
process_id = true
[b]
inherits = "c"
width_dots = 432
process_id = false
[c]
cut = ["full"]
)";
    const auto profile = from(kFile, "a");
    REQUIRE(profile);
    CHECK(profile->widthDots == 432);
    CHECK(profile->askForProcessId);
    CHECK(profile->cuts == std::vector{CutKind::Full});
    CHECK_FALSE(from(kFile, "b")->askForProcessId);
}

TEST_CASE("printer profiles: wrong ones name line, key and what is legal", "[drivers][escpos]")
{
    struct Row {
        const char* text;
        const char* detail;
    };
    const auto row = GENERATE(
        Row{"[a]\ncolour = true", "profiles:2: unknown key a.colour"},
        Row{"[a]\nwidth_dots = 20", "profiles:2: a.width_dots: want a whole number from 200"},
        Row{"[a]\nraster = \"png\"", "profiles:2: a.raster: want one of: gs-v-0, gs-l"},
        Row{"[a]\ncut = [\"partial\", \"none\"]",
            "profiles:2: a.cut: want a list of, each once: partial, full"},
        Row{"[a]\nstatus_pages = []", "profiles:2: a.status_pages: want at least one page"},
        Row{"[a]\npresent_command = \"1D6\"",
            "profiles:2: a.present_command: want up to 16 bytes in hexadecimal"},
        Row{"[a]\nretract_command = \"1D6502\"",
            "profiles:1: a.present_command: want a presenter's command"},
        Row{"[a]\npresent_command = \"1D6503\"\nretract_after_s = 30",
            "profiles:3: a.retract_after_s: want 0, or a ticket_sensor and a retract_command"},
        Row{"[a]\ninherits = \"b\"", "profiles:2: a.inherits: want a profile of this file"},
        Row{"[a]\ninherits = \"a\"", "profiles:2: a.inherits: want no circle"});
    CHECK(refusal(row.text).find(row.detail) == 0);
}
