// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/options.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::virtualdevices;

namespace {

Result<Options> parse(const std::vector<std::string>& arguments)
{
    return parseOptions(arguments);
}

} // namespace

TEST_CASE("virtual options: the demo has every port of the contract")
{
    const auto options = parse({"--demo"});
    REQUIRE(options);
    CHECK(toText(options->world.card) == "127.0.0.1:35963");
    CHECK(toText(options->world.printer) == "127.0.0.1:9100");
    CHECK(toText(options->control) == "127.0.0.1:8499");
    REQUIRE(options->world.relay);
    CHECK(toText(options->world.relay->listen) == "127.0.0.1:8481");
    CHECK(toText(options->world.relay->target) == "127.0.0.1:8480");
    CHECK(options->window);
}

TEST_CASE("virtual options: a demo's ports may be changed")
{
    const auto options = parse({"--demo", "--relay", "127.0.0.1:0=127.0.0.1:99", "--control",
                                "127.0.0.1:0", "--no-window", "--data", "/tmp/x"});
    REQUIRE(options);
    CHECK(options->control.port == 0);
    CHECK(options->world.relay->target.port == 99);
    CHECK(options->world.data == "/tmp/x");
    CHECK_FALSE(options->window);
}

TEST_CASE("virtual options: what is wrong is named")
{
    const auto [arguments, detail] = GENERATE(table<std::vector<std::string>, std::string>({
        {{"--frob"}, "--frob: no such option"},
        {{"--data"}, "--data: a value is missing"},
        {{"--printer", "9100"}, "--printer: want HOST:PORT"},
        {{"--printer", "127.0.0.1:99999"}, "--printer: port: want a number from 0 to 65535"},
        {{"--card", "nowhere:1"}, "--card: address: want a numeric IPv4 address"},
        {{"--relay", "127.0.0.1:1"}, "--relay: want LISTEN=TARGET"},
    }));
    const auto options = parse(arguments);
    REQUIRE_FALSE(options);
    CHECK(options.error().code == Errc::Invalid);
    CHECK(options.error().detail == detail);
}
