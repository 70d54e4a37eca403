// SPDX-License-Identifier: Apache-2.0
#include "peripherals/base/config.h"

#include <catch2/catch.hpp>

using namespace guichet;

TEST_CASE("config: a present key is read, an absent one leaves the default", "[base]")
{
    auto file = ConfigFile::parse("[hub]\nurl = \"https://hub\"\n", "kiosk.toml");
    REQUIRE(file);
    std::string url;
    std::int64_t idle = 60;
    file->read("hub.url", url);
    file->read("timeouts.idle_s", idle, 10, 600);
    REQUIRE(file->finish());
    CHECK(url == "https://hub");
    CHECK(idle == 60);
}

TEST_CASE("config: an unknown key is named with file, line and what is legal", "[base]")
{
    auto file = ConfigFile::parse("[hub]\nurll = \"x\"\n", "kiosk.toml");
    std::string url;
    file->read("hub.url", url);
    const auto checked = file->finish();
    REQUIRE_FALSE(checked);
    CHECK(checked.error().detail == "kiosk.toml:2: unknown key hub.urll: want one of: hub.url");
}

TEST_CASE("config: what is legal is told for the table that is wrong, or else by table", "[base]")
{
    auto file = ConfigFile::parse("[hubb]\nurl = 1\n[call]\nringg_s = 1\n", "k.toml");
    std::string text;
    for (const auto* key : {"hub.url", "hub.pin", "call.ring_s", "name"}) {
        file->read(key, text);
    }
    CHECK(file->finish().error().detail ==
          "k.toml:4: unknown key call.ringg_s: want one of: call.ring_s");
    auto other = ConfigFile::parse("[hubb]\nurl = 1\n", "k.toml");
    for (const auto* key : {"hub.url", "hub.pin", "call.ring_s", "name"}) {
        other->read(key, text);
    }
    CHECK(other->finish().error().detail ==
          "k.toml:2: unknown key hubb.url: want one of: call hub name");
}

TEST_CASE("config: a wrong type or a value out of range is refused with its line", "[base]")
{
    auto file = ConfigFile::parse("idle = 5\n", "k.toml");
    std::int64_t idle = 60;
    file->read("idle", idle, 10, 600);
    const auto checked = file->finish();
    REQUIRE_FALSE(checked);
    CHECK(checked.error().detail == "k.toml:1: idle: want a whole number from 10 to 600");
    CHECK(idle == 60);
}

TEST_CASE("config: what is not TOML is refused with its line", "[base]")
{
    const auto file = ConfigFile::parse("a = 1\nb =\n", "k.toml");
    REQUIRE_FALSE(file);
    CHECK(file.error().detail.starts_with("k.toml:2: not TOML"));
}

TEST_CASE("config: a program that lets people name their tables can list them", "[base]")
{
    auto file = ConfigFile::parse("top = 1\n[passport]\n[card]\ndriver = \"x\"\n", "d.toml");
    REQUIRE(file);
    CHECK(file->tables() == std::vector<std::string>{"card", "passport"});
}

TEST_CASE("config: a value that only the caller can judge is refused with its line", "[base]")
{
    auto file = ConfigFile::parse("[card]\ndriver = \"x\"\n[passport]\n", "d.toml");
    REQUIRE(file);
    std::string driver;
    file->read("card.driver", driver);
    SECTION("that is there")
    {
        file->refuse("card.driver", "pcsc");
        CHECK(file->finish().error().detail == "d.toml:2: card.driver: want pcsc");
    }
    SECTION("that is missing, by the line of its table")
    {
        file->refuse("passport.driver", "pcsc");
        CHECK(file->finish().error().detail == "d.toml:3: passport.driver: want pcsc");
    }
}
