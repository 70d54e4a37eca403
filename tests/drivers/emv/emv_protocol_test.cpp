// SPDX-License-Identifier: Apache-2.0
#include "drivers/emv/emv_protocol.h"

#include <catch2/catch.hpp>

#include "drivers/emv/application.h"
#include "tests/drivers/support/hex_text.h"

using namespace guichet;
using namespace std::chrono_literals;
using test::bytes;

TEST_CASE("emv: commands carry their fields", "[drivers][emv]")
{
    CHECK(toHex(emv::selectByName(bytes("A000000333010101"))) == "00A4040008A00000033301010100");
    CHECK(toHex(emv::readRecord(2, 3)) == "00B2021C00");
    CHECK(toHex(emv::getProcessingOptions({})) == "80A8000002830000");
    CHECK(toHex(emv::getProcessingOptions(Bytes(128))).substr(0, 16) == "80A8000083838180");
}

TEST_CASE("emv: a cryptogram is asked for to be signed, and declined without", "[drivers][emv]")
{
    CHECK(toHex(emv::requestSignedCryptogram(bytes("11223344"))) == "80AE9000041122334400");
    CHECK(toHex(emv::declineTransaction(bytes("5A33"))) == "80AE0000025A3300");
}

TEST_CASE("emv: a data object list is split into tags and lengths", "[drivers][emv]")
{
    const auto list = emv::parseDol(bytes("9F66 04 9A 03 DF8101 01"));
    REQUIRE(list);
    CHECK(*list == std::vector<emv::DolEntry>{{0x9f66, 4}, {0x9a, 3}, {0xdf8101, 1}});
    CHECK(emv::parseDol({})->empty());
}

TEST_CASE("emv: a cut or greedy data object list is refused", "[drivers][emv]")
{
    const auto* text = GENERATE("9F", "9F66", "9A", "9FFFFFFFFF0104", "9AFF 9CFF", "9F8181818181");
    const auto list = emv::parseDol(bytes(text));
    REQUIRE_FALSE(list);
    CHECK(list.error().code == Errc::Protocol);
}

TEST_CASE("emv: values are fitted by their format", "[drivers][emv]")
{
    const std::vector<emv::TerminalValue> values{
        {0x9a, emv::Format::Numeric, bytes("261124")},
        {0x9f37, emv::Format::Binary, bytes("01020304")},
        {0x5a, emv::Format::CompressedNumeric, bytes("1234")},
    };
    const auto fitted = [&values](std::string_view list) {
        return toHex(emv::buildDolData(*emv::parseDol(bytes(list)), values));
    };
    CHECK(fitted("9A03") == "261124");
    CHECK(fitted("9A05") == "0000261124");
    CHECK(fitted("9A02") == "1124");
    CHECK(fitted("9F3706") == "010203040000");
    CHECK(fitted("9F3702") == "0102");
    CHECK(fitted("5A04") == "1234FFFF");
    CHECK(fitted("9F5303") == "000000");
    CHECK(fitted("9F5302 9A03") == "0000261124");
}

TEST_CASE("emv: the terminal says today's date and country 0156", "[drivers][emv]")
{
    const auto values = emv::terminalValues(2026y / 11 / 24, bytes("01020304"));
    CHECK(toHex(emv::buildDolData(*emv::parseDol(bytes("9A03 9F1A02 9F3704 9F6604")), values)) ==
          "26112401560102030426000000");
}

TEST_CASE("emv: a file locator names files and records", "[drivers][emv]")
{
    const auto files = emv::parseAfl(bytes("08010200 10010301"));
    REQUIRE(files);
    CHECK(*files == std::vector<emv::FileRecords>{{1, 1, 2, 0}, {2, 1, 3, 1}});
}

TEST_CASE("emv: a file locator outside its ranges is refused", "[drivers][emv]")
{
    const auto* text = GENERATE("080102", "00010100", "F8010100", "08000100", "08020100",
                                "08010102", "0801FF00", "09010100", "08014000 10010100");
    const auto files = emv::parseAfl(bytes(text));
    REQUIRE_FALSE(files);
    CHECK(files.error().code == Errc::Protocol);
}

TEST_CASE("emv: the locator is found in both formats", "[drivers][emv]")
{
    const auto plain = bytes("80 06 7C00 08010100"),
               tagged = bytes("77 0A 8202 7C00 9404 08010100"), none = bytes("77 04 8202 7C00");
    CHECK(toHex(*emv::fileLocator(*emv::parseTlv(plain))) == "08010100");
    CHECK(toHex(*emv::fileLocator(*emv::parseTlv(tagged))) == "08010100");
    CHECK(emv::fileLocator(*emv::parseTlv(none))->empty());
}

TEST_CASE("emv: processing options of neither format are refused", "[drivers][emv]")
{
    const auto data = bytes(GENERATE("", "8001 7C", "7004 82027C00", "5A021234"));
    CHECK_FALSE(emv::fileLocator(*emv::parseTlv(data)));
}

TEST_CASE("emv: applications are ordered by their priority, none last", "[drivers][emv]")
{
    const auto data = bytes("70 30"
                            "61 0C 4F07 A0000000031010 8701 00"
                            "61 0C 4F07 A0000000041010 8701 82"
                            "61 0D 4F08 A000000333010101 8701 01"
                            "61 03 4F01 A0");
    const auto found = emv::candidates(*emv::parseTlv(data));
    REQUIRE(found.size() == 3);
    CHECK(toHex(found[0].name) == "A000000333010101");
    CHECK(toHex(found[1].name) == "A0000000041010");
    CHECK(toHex(found[2].name) == "A0000000031010");
}

TEST_CASE("emv: a label is printable, and a preferred name needs a known table", "[drivers][emv]")
{
    const auto label = [](std::string_view text) {
        const auto data = bytes(text);
        return emv::labelOf(*emv::parseTlv(data), "UnionPay");
    };
    CHECK(label("5004 44454249") == "DEBI");
    CHECK(label("5004 1B0D0A00") == "UnionPay");
    CHECK(label("5002 4142 9F1203 43E944 9F1101 01") == "C\xc3\xa9"
                                                        "D");
    CHECK(label("5002 4142 9F1203 43E944 9F1101 05") == "AB");
    CHECK(label("") == "UnionPay");
}

TEST_CASE("emv: the interface is told by the answer to reset", "[drivers][emv]")
{
    CHECK(emv::interfaceOf(bytes("3B6500002063CB6600")) == emv::CardInterface::Contact);
    CHECK(emv::interfaceOf(bytes("3B8880010000000000000000")) == emv::CardInterface::Contactless);
    CHECK(emv::interfaceOf({}) == emv::CardInterface::Contact);
}
