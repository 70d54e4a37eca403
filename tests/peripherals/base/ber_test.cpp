// SPDX-License-Identifier: Apache-2.0
#include "peripherals/base/ber.h"

#include <catch2/catch.hpp>

using namespace guichet;

namespace {

Result<std::uint32_t> tag(std::string_view hex, std::size_t most)
{
    const auto bytes = *fromHex(hex);
    ByteReader reader(bytes);
    return readBerTag(reader, most);
}

Result<std::size_t> length(std::string_view hex, std::size_t most)
{
    const auto bytes = *fromHex(hex);
    ByteReader reader(bytes);
    return readBerLength(reader, most);
}

} // namespace

TEST_CASE("ber: a tag is read whole")
{
    CHECK(tag("5A", 1) == 0x5AU);
    CHECK(tag("9F38", 2) == 0x9F38U);
    CHECK(tag("BF810C", 3) == 0xBF810CU);
    CHECK(tag("DF818101", 4) == 0xDF818101U);
}

TEST_CASE("ber: a tag that is cut short or longer than wanted is refused")
{
    const auto [hex, most] =
        GENERATE(std::pair("", 1), std::pair("9F", 2), std::pair("9F81", 4), std::pair("9F38", 1),
                 std::pair("BF810C", 2), std::pair("DF81818101", 4));
    CAPTURE(hex, most);
    const auto read = tag(hex, static_cast<std::size_t>(most));
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Errc::Protocol);
}

TEST_CASE("ber: a length is read in each of its forms")
{
    CHECK(length("00", 1) == 0U);
    CHECK(length("7F", 1) == 0x7FU);
    CHECK(length("8180", 1) == 0x80U);
    CHECK(length("823A98", 2) == 15'000U);
    CHECK(length("83FFFFFF", 3) == 0xFFFFFFU);
}

TEST_CASE("ber: a length that is cut short, indefinite or longer than wanted is refused")
{
    const auto [hex, most] =
        GENERATE(std::pair("", 1), std::pair("81", 1), std::pair("8201", 2), std::pair("80", 3),
                 std::pair("82FFFF", 1), std::pair("83FFFFFF", 2), std::pair("8400000001", 3));
    CAPTURE(hex, most);
    const auto read = length(hex, static_cast<std::size_t>(most));
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Errc::Protocol);
}
