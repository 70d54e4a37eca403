// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/lds.h"

#include <catch2/catch.hpp>

#include "drivers/mrtd/tlv.h"
#include "tests/drivers/support/hex_text.h"

using namespace guichet;
using namespace guichet::mrtd;
using test::bytes;

namespace {

constexpr std::string_view kMrz =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10";

Bytes dg1(std::string_view mrz)
{
    return makeObject(0x61, makeObject(0x5F1F, asBytes(mrz)));
}

Bytes picture(std::string_view start, std::size_t size)
{
    auto whole = bytes(start);
    whole.resize(size, std::byte{0x11});
    return whole;
}

/// ISO/IEC 19794-5: header, one face with that many feature points, the picture.
Bytes facialRecord(unsigned points, const Bytes& image)
{
    const auto block = 20 + 8 * points + 12 + image.size();
    const auto u32 = [](std::size_t value) {
        Bytes four;
        for (const int shift : {24, 16, 8, 0}) {
            four.push_back(static_cast<std::byte>(value >> shift & 0xFF));
        }
        return four;
    };
    return joined({bytes("46414300 30313000"), u32(14 + block), bytes("0001"), u32(block),
                   bytes("00"), ByteView(u32(points)).last(1), Bytes(14), Bytes(8 * points),
                   Bytes(12), image});
}

Bytes dg2(const Bytes& block, std::uint32_t tag = 0x5F2E)
{
    const auto header = makeObject(0xA1, bytes("8001 02 870201018802 0008"));
    const auto face = makeObject(0x7F60, joined({header, makeObject(tag, block)}));
    return makeObject(0x75, makeObject(0x7F61, joined({bytes("020101"), face})));
}

} // namespace

TEST_CASE("mrtd: the common file lists its data groups")
{
    const auto common =
        parseCommon(bytes("6016 5F0104 30313037 5F3606 303430303030 5C04 6175 616F"));
    REQUIRE(common);
    CHECK(common->ldsVersion == "0107");
    CHECK(common->unicodeVersion == "040000");
    CHECK(common->groups == std::vector{1, 2, 15});
}

TEST_CASE("mrtd: the zone of each kind of document is handed out")
{
    const std::size_t length = GENERATE(72, 88, 90);
    const auto mrz = parseMrz(dg1((std::string(kMrz) + "<<").substr(0, length)));
    REQUIRE(mrz);
    CHECK(mrz->reveal().size() == length);
}

TEST_CASE("mrtd: a zone of other characters or another length is refused")
{
    const std::string zone(kMrz);
    const auto wrong =
        GENERATE_COPY(std::string(), zone.substr(1), zone + "<", zone.substr(1) + "\n",
                      zone.substr(1) + "p", zone.substr(1) + std::string(1, '\0'));
    const auto mrz = parseMrz(dg1(wrong));
    REQUIRE_FALSE(mrz);
    CHECK(mrz.error().code == Errc::Protocol);
    CHECK(mrz.error().detail.find("ERIKSSON") == std::string::npos);
}

TEST_CASE("mrtd: the picture of a facial record is cut out exactly")
{
    const auto* start = GENERATE("FFD8FFE0", "0000000C6A502020", "FF4FFF51");
    const auto points = GENERATE(0U, 3U);
    const auto image = picture(start, 300);
    const auto face =
        parseFace(dg2(joined({facialRecord(points, image), bytes("FFD8FF BEEF")})), 1'000);
    REQUIRE(face);
    CHECK(face->format == (std::string_view(start).starts_with("FFD8") ? PictureFormat::Jpeg
                                                                       : PictureFormat::Jpeg2000));
    CHECK(face->bytes.reveal() == image);
}

TEST_CASE("mrtd: a picture in a record of another format is found by its first bytes")
{
    const auto image = picture("FFD8FFE0", 200);
    const auto block = joined({bytes("7F2E A1 02"), image});
    const auto tag = GENERATE(0x5F2EU, 0x7F2EU);
    const auto face = parseFace(dg2(block, tag), 1'000);
    REQUIRE(face);
    CHECK(face->bytes.reveal() == image);
}

TEST_CASE("mrtd: a facial record that lies about its length is searched instead")
{
    auto record = facialRecord(0, picture("FFD8FFE0", 100));
    record[17] = std::byte{0xFF};
    const auto face = parseFace(dg2(record), 1'000);
    REQUIRE(face);
    CHECK(face->bytes.reveal().size() == 100);
}

TEST_CASE("mrtd: a picture above the allowed size is refused")
{
    const auto file = dg2(facialRecord(0, picture("FFD8FFE0", 500)));
    CHECK(parseFace(file, 500));
    const auto face = parseFace(file, 499);
    REQUIRE_FALSE(face);
    CHECK(face.error().code == Errc::Unsupported);
}

TEST_CASE("mrtd: a group without a picture says so")
{
    const auto face = parseFace(dg2(Bytes(64, std::byte{0x42})), 1'000);
    REQUIRE_FALSE(face);
    CHECK(face.error().code == Errc::Unsupported);
}

TEST_CASE("mrtd: personal details are taken as far as they are said")
{
    const auto names = makeObject(
        0xA0, joined({bytes("020101"), makeObject(0x5F0F, asBytes(std::string_view("MARIA")))}));
    const auto content =
        joined({bytes("5C06 5F0E 5F2B 5F42"),
                makeObject(0x5F0E, asBytes(std::string_view("ERIKSSON<<ANNA"))), names,
                makeObject(0x5F2B, bytes("19740812")),
                makeObject(0x5F42, asBytes(std::string_view("1 MAIN ST<UTOPIA CITY")))});
    const auto details = parseDetails(makeObject(0x6B, content));
    REQUIRE(details);
    CHECK(details->fullName.reveal() == "ERIKSSON<<ANNA");
    REQUIRE(details->otherNames.size() == 1);
    CHECK(details->otherNames[0].reveal() == "MARIA");
    CHECK(details->fullBirthDate.reveal() == "19740812");
    CHECK(details->address.reveal() == "1 MAIN ST<UTOPIA CITY");
    CHECK(details->telephone.empty());
}

TEST_CASE("mrtd: the key of active authentication is handed out whole")
{
    const auto key = parseActiveKey(bytes("6F 05 3003 020101"));
    REQUIRE(key);
    CHECK(toHex(*key) == "3003020101");
    CHECK_FALSE(parseActiveKey(bytes("6F 03 020101")));
}

TEST_CASE("mrtd: a file with another tag is not taken for the one asked for")
{
    const auto file = dg2(facialRecord(0, picture("FFD8FFE0", 100)));
    CHECK_FALSE(parseCommon(file));
    CHECK_FALSE(parseMrz(file));
    CHECK_FALSE(parseDetails(file));
    CHECK_FALSE(parseActiveKey(file));
    CHECK_FALSE(parseFace(dg1(kMrz), 1'000));
}

TEST_CASE("mrtd: a chip says how long an answer may be")
{
    CHECK(longestResponse(bytes("43018E 7F6608 02020100 020207D0")) == 2'000);
    CHECK(longestResponse(bytes("43018E")) == 256);
    CHECK(longestResponse(bytes("7F660C 020400010000 0204FFFFFFFF")) == 65'536);
    CHECK(longestResponse(bytes("7F66")) == 256);
}
