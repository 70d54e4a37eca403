// SPDX-License-Identifier: Apache-2.0
#include "drivers/emv/scheme_keys.h"

#include <catch2/catch.hpp>

#include "tests/drivers/emv/scheme_key_text.h"

using namespace guichet;
using namespace guichet::emv;
using namespace std::chrono_literals;
using test::demoSchemeTable;

namespace {

const Bytes kUnionPay = *fromHex("A000000333");

Result<SchemeKeys> read(const std::string& text)
{
    auto file = ConfigFile::parse(text, "keys.toml");
    REQUIRE(file);
    return SchemeKeys::read(std::move(*file));
}

std::string changed(std::string text, const std::string& from, const std::string& to)
{
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

} // namespace

TEST_CASE("scheme keys: a key is found by provider and index, through its last day")
{
    const auto keys =
        read(demoSchemeTable("A000000333", "2031-12-31") + demoSchemeTable("A000000003"));
    REQUIRE(keys);
    const auto* key = keys->find(kUnionPay, 0xD1, 2031y / 12 / 31);
    REQUIRE(key != nullptr);
    CHECK(key->modulus == virtualdevices::demoSchemeKey().modulus);
    CHECK(keys->find(kUnionPay, 0xD1, 2032y / 1 / 1) == nullptr);
    CHECK(keys->find(kUnionPay, 0xD2, 2031y / 12 / 31) == nullptr);
    CHECK(keys->find(*fromHex("A000000004"), 0xD1, 2031y / 12 / 31) == nullptr);
}

TEST_CASE("scheme keys: a wrong line refuses the file, with what is legal there")
{
    const auto good = demoSchemeTable("A000000333");
    const auto refusal = [](const std::string& text) {
        const auto keys = read(text);
        REQUIRE_FALSE(keys);
        CHECK(keys.error().code == Errc::Invalid);
        return keys.error().detail;
    };
    CHECK(refusal(changed(good, "A000000333-D1", "UnionPay")).starts_with("keys.toml:1: UnionPay"));
    CHECK(refusal(changed(good, "exponent = \"010001\"", "exponent = \"05\""))
              .starts_with("keys.toml:3: A000000333-D1.exponent: want 03 or 010001"));
    CHECK(refusal(changed(good, "010001\"\nchecksum = \"", "010001\"\nchecksum = \"00"))
              .find("one of them is wrong") != std::string::npos);
    CHECK(refusal(changed(good, "modulus = \"", "modulus = \"0"))
              .starts_with("keys.toml:2: A000000333-D1.modulus: want pairs"));
    CHECK(refusal(changed(good, "2049-12-31", "2049-13-31"))
              .starts_with("keys.toml:5: A000000333-D1.valid_to: want a day"));
    CHECK(refusal(changed(good, "valid_to", "valid_until")).starts_with("keys.toml:"));
}
