// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/tlv.h"

#include <catch2/catch.hpp>

#include "tests/drivers/support/hex_text.h"

using namespace guichet;
using namespace guichet::mrtd;
using test::bytes;

TEST_CASE("mrtd: the first bytes of a file say how long it is")
{
    struct Sample {
        const char* start;
        std::uint32_t tag;
        std::size_t total;
    };
    const auto sample = GENERATE(
        Sample{"6014 5F0104303130", 0x60, 0x16}, Sample{"5F1F 05 3132", 0x5F1F, 8},
        Sample{"61 81 80", 0x61, 0x83}, Sample{"75 82 3A98", 0x75, 15'004},
        Sample{"75 83 010000", 0x75, 0x10005}, Sample{"7F61 83 FFFFFF", 0x7F61, 0x1000005});
    INFO(sample.start);
    const auto header = parseHeader(bytes(sample.start));
    REQUIRE(header);
    CHECK(header->tag == sample.tag);
    CHECK(header->total() == sample.total);
}

TEST_CASE("mrtd: objects that lie about themselves are refused")
{
    const auto* text = GENERATE("60", "60 80 0000", "60 84 00000001 00", "60 05 01020304", "5F",
                                "5F 81 01 00", "1F FF 7F 00", "60 82 01", "6000 61 01");
    INFO(text);
    const auto objects = objectsIn(bytes(text));
    REQUIRE_FALSE(objects);
    CHECK(objects.error().code == Errc::Protocol);
}

TEST_CASE("mrtd: objects beyond a thousand in one level are refused")
{
    Bytes many;
    for (int i = 0; i < 1'000; ++i) {
        many.push_back(std::byte{0x04});
        many.push_back(std::byte{0x00});
    }
    REQUIRE(objectsIn(many));
    many.push_back(std::byte{0x04});
    many.push_back(std::byte{0x00});
    CHECK_FALSE(objectsIn(many));
}

TEST_CASE("mrtd: a path leads into the first object of each tag")
{
    const auto file = bytes("6F 0A A503 800101 A503 800102");
    const auto value = valueAt(file, {0x6F, 0xA5, 0x80});
    REQUIRE(value);
    CHECK(toHex(*value) == "01");
    const auto missing = valueAt(file, {0x6F, 0xA6});
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == Errc::NotFound);
}

TEST_CASE("mrtd: what is written is read back")
{
    const std::size_t size = GENERATE(0, 1, 127, 128, 255, 256, 65'535, 65'536);
    const std::uint32_t tag = GENERATE(0x87, 0x7F49);
    const auto object = makeObject(tag, Bytes(size, std::byte{0x5A}));
    const auto objects = objectsIn(object);
    REQUIRE(objects);
    REQUIRE(objects->size() == 1);
    CHECK(objects->front().tag == tag);
    CHECK(objects->front().value.size() == size);
    CHECK(objects->front().whole.size() == object.size());
}
