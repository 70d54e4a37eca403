// SPDX-License-Identifier: Apache-2.0
#include "peripherals/base/bytes.h"

#include <catch2/catch.hpp>

#include "peripherals/base/random.h"

using namespace guichet;

TEST_CASE("bytes: a read beyond the end is refused and moves nothing", "[base]")
{
    const auto data = *fromHex("0102");
    ByteReader in(data);
    REQUIRE_FALSE(in.u32());
    CHECK(in.left() == 2);
    CHECK(*in.u16() == 0x0102);
    CHECK_FALSE(in.u8());
}

TEST_CASE("bytes: hex and base64 come back as they went", "[base]")
{
    const auto size = GENERATE(0U, 1U, 2U, 3U, 57U);
    const auto data = randomBytes(size);
    CHECK(*fromHex(toHex(data)) == data);
    CHECK(*fromBase64(toBase64(data)) == data);
}

TEST_CASE("bytes: malformed hex and base64 are refused", "[base]")
{
    CHECK_FALSE(fromHex("0"));
    CHECK_FALSE(fromHex("0g"));
    CHECK_FALSE(fromBase64("abc"));
    CHECK_FALSE(fromBase64("ab=c"));
    CHECK_FALSE(fromBase64("a b="));
}

TEST_CASE("bytes: a text is the only base64 of its bytes", "[base]")
{
    // RFC 4648 section 3.5: the bits behind the last byte are zero, so that a changed token is
    // another token.
    CHECK(fromBase64("AQ=="));
    CHECK_FALSE(fromBase64("AR=="));
    CHECK(fromBase64Url("AQI"));
    CHECK_FALSE(fromBase64Url("AQJ"));
}

TEST_CASE("random: a UUID has its version and variant", "[base]")
{
    const auto uuid = randomUuid();
    CHECK(uuid.size() == 36);
    CHECK(uuid[14] == '4');
    CHECK(std::string("89ab").find(uuid[19]) != std::string::npos);
}
