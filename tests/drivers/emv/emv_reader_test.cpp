// SPDX-License-Identifier: Apache-2.0
#include "drivers/emv/emv_reader.h"

#include <catch2/catch.hpp>

#include "tests/drivers/support/scripted_card_channel.h"

using namespace guichet;
using namespace std::chrono_literals;
using test::bytes;
using test::ScriptedCardChannel;

namespace {

constexpr auto kSelectContact = "00A404000E315041592E5359532E444446303100";
constexpr auto kSelectContactless = "00A404000E325041592E5359532E444446303100";
constexpr auto kSelectUnionPay = "00A4040008A00000033301010100";
constexpr auto kContactlessAtr = "3B8880010000000000000000";
constexpr auto kNotFound = "6A82";

Bytes tlv(std::string_view tag, ByteView value)
{
    auto object = bytes(tag);
    if (value.size() > 0x7f) {
        object.push_back(std::byte{0x81});
    }
    object.push_back(static_cast<std::byte>(value.size()));
    object.insert(object.end(), value.begin(), value.end());
    return object;
}
Bytes tlv(std::string_view tag, std::string_view hex)
{
    return tlv(tag, bytes(hex));
}
Bytes operator+(Bytes one, const Bytes& other)
{
    one.insert(one.end(), other.begin(), other.end());
    return one;
}
Bytes ok(const Bytes& data)
{
    return data + bytes("9000");
}
Bytes text(std::string_view value)
{
    const auto view = asBytes(value);
    return {view.begin(), view.end()};
}

Bytes directoryRecord()
{
    return ok(tlv("70", tlv("61", tlv("4F", "A000000333010101") + tlv("50", text("PBOC DEBIT")) +
                                      tlv("87", "01"))));
}

Bytes unionPayControl(std::string_view optionsList)
{
    auto inner = tlv("50", text("PBOC DEBIT")) + tlv("87", "01");
    if (!optionsList.empty()) {
        inner = inner + tlv("9F38", optionsList);
    }
    return ok(tlv("6F", tlv("84", "A000000333010101") + tlv("A5", inner)));
}

/// Contact card with a directory, an options list and two records.
ScriptedCardChannel unionPayContact()
{
    ScriptedCardChannel card;
    card.on(bytes(kSelectContact),
            ok(tlv("6F", tlv("84", text("1PAY.SYS.DDF01")) + tlv("A5", "880101"))));
    card.on(bytes("00B2010C00"), directoryRecord());
    card.on("00B2020C00", "6A83");
    card.on(bytes(kSelectUnionPay), unionPayControl("9F1A02 9A03"));
    card.on(bytes("80A8000007 8305 0156261124 00"), ok(bytes("80 0A 7C00 08010100 10010200")));
    card.on(bytes("00B2010C00"), ok(tlv("70", tlv("57", "6250947000000014D30122201000000000F0") +
                                                  tlv("5F20", text(" /")))));
    card.on(bytes("00B2011400"),
            ok(tlv("70", tlv("5A", "6250947000000014") + tlv("5F24", "301231"))));
    card.on(bytes("00B2021400"), ok(tlv("70", tlv("5F28", "0156"))));
    return card;
}

emv::ReadOptions options()
{
    return {.today = 2026y / 11 / 24};
}

} // namespace

TEST_CASE("emv: a UnionPay contact card with a directory is read", "[drivers][emv]")
{
    auto channel = unionPayContact();
    const auto card = emv::readCard(channel, options());
    if (!card) {
        FAIL(card.error().detail);
    }
    CHECK(card->scheme == emv::Scheme::UnionPay);
    CHECK(card->label == "PBOC DEBIT");
    CHECK(card->masked() == "625094******0014");
    CHECK(card->expiry == 2030y / 12 / 31);
    CHECK(card->luhnOk);
    CHECK_FALSE(card->holderPresent());
    CHECK_FALSE(card->repeatedTags);
}

TEST_CASE("emv: a card torn out before any exchange asks to be put in again", "[drivers][emv]")
{
    auto whole = unionPayContact();
    REQUIRE(emv::readCard(whole, options()));
    for (std::size_t exchange = 0; exchange < whole.exchanges(); ++exchange) {
        INFO(exchange);
        auto channel = unionPayContact();
        channel.tearBefore(exchange);
        const auto card = emv::readCard(channel, options());
        REQUIRE_FALSE(card);
        CHECK(card.error().code == Errc::Disconnected);
        CHECK(card.error().remedy == Remedy::ReinsertCard);
        CHECK(channel.exchanges() == exchange);
    }
}

TEST_CASE("emv: a contactless card that gives all with its options needs no records",
          "[drivers][emv]")
{
    ScriptedCardChannel channel(kContactlessAtr);
    channel.on(bytes(kSelectContactless),
               ok(tlv("6F", tlv("84", text("2PAY.SYS.DDF01")) +
                                tlv("A5", tlv("BF0C", tlv("61", tlv("4F", "A0000000031010") +
                                                                    tlv("87", "01")))))));
    channel.on(
        bytes("00A4040007A000000003101000"),
        ok(tlv("6F", tlv("84", "A0000000031010") + tlv("A5", tlv("9F38", "9F6604 9F3704")))));
    channel.on(
        "80A800000A 8308 26000000*",
        "77 21 8202 0000 57 10 4761739001010119D2812201000000AF 5F20 04 4A2F4B20 5F3401 00 9000");
    const auto card = emv::readCard(channel, options());
    if (!card) {
        FAIL(card.error().detail);
    }
    CHECK(card->scheme == emv::Scheme::Visa);
    CHECK(card->label == "Visa");
    CHECK(card->holder.reveal() == "J/K");
    CHECK(card->expiry == 2028y / 12 / 31);
    CHECK(channel.finished());
}

TEST_CASE("emv: a card without a directory is found by the known names", "[drivers][emv]")
{
    ScriptedCardChannel channel;
    channel.on(kSelectContact, kNotFound).on(kSelectContactless, kNotFound);
    channel.on(bytes(kSelectUnionPay), unionPayControl(""));
    channel.on("80A8000002830000", "80 06 7C00 08010100 9000");
    channel.on(bytes("00B2010C00"),
               ok(tlv("70", tlv("5A", "6250947000000014") + tlv("5F24", "301231"))));
    const auto card = emv::readCard(channel, options());
    REQUIRE(card);
    CHECK(card->applicationName == "A000000333010101");
}

TEST_CASE("emv: a card without directory or label is found and called as the bank says",
          "[drivers][emv]")
{
    ScriptedCardChannel channel;
    channel.on(kSelectContact, kNotFound).on(kSelectContactless, kNotFound);
    channel.on("00A4040006A0000009990100", kNotFound);
    channel.on("00A4040005A00000099900", "6F 02 A500 9000");
    channel.on("80A8000002830000", "80 06 7C00 08010100 9000");
    channel.on(bytes("00B2010C00"),
               ok(tlv("70", tlv("5A", "6250947000000014") + tlv("5F24", "301231"))));
    auto ours = options();
    ours.applications = {{bytes("A00000099901"), "Town card"}, {bytes("A000000999"), "City card"}};
    const auto card = emv::readCard(channel, ours);
    REQUIRE(card);
    CHECK(card->applicationName == "A000000999");
    CHECK(card->label == "City card");
    CHECK(card->scheme == emv::Scheme::Other);
}

TEST_CASE("emv: an application that refuses its options gives way to the next one",
          "[drivers][emv]")
{
    ScriptedCardChannel channel;
    channel.on(kSelectContact, kNotFound);
    channel.on(bytes(kSelectContactless),
               ok(tlv("6F", tlv("61", tlv("4F", "A000000333010101") + tlv("87", "01")) +
                                tlv("61", tlv("4F", "A000000333010102") + tlv("87", "02")))));
    channel.on(bytes(kSelectUnionPay), unionPayControl("")).on("80A8000002830000", "6985");
    channel.on(bytes("00A4040008A00000033301010200"), unionPayControl(""));
    channel.on("80A8000002830000", "80 06 7C00 08010100 9000");
    channel.on(bytes("00B2010C00"),
               ok(tlv("70", tlv("5A", "6250947000000014") + tlv("5F24", "301231"))));
    const auto card = emv::readCard(channel, options());
    REQUIRE(card);
    CHECK(card->applicationName == "A000000333010102");
}

TEST_CASE("emv: a card that gives neither records nor a number is given back", "[drivers][emv]")
{
    ScriptedCardChannel channel;
    channel.on(kSelectContact, kNotFound).on(kSelectContactless, kNotFound);
    channel.on(bytes(kSelectUnionPay), unionPayControl(""))
        .on("80A8000002830000", "77048202 7C00 9000");
    const auto card = emv::readCard(channel, options());
    REQUIRE_FALSE(card);
    CHECK(card.error().code == Errc::Unsupported);
    CHECK(card.error().remedy == Remedy::RemoveCard);
    CHECK(channel.finished());
}

TEST_CASE("emv: a card that is no bank card is given back", "[drivers][emv]")
{
    ScriptedCardChannel channel;
    for (int i = 0; i < 40; ++i) {
        channel.on("00A404*", kNotFound);
    }
    const auto card = emv::readCard(channel, options());
    REQUIRE_FALSE(card);
    CHECK(card.error().code == Errc::Unsupported);
    CHECK(card.error().remedy == Remedy::RemoveCard);
}

TEST_CASE("emv: a blocked card sends the customer to staff", "[drivers][emv]")
{
    const auto* status = GENERATE("6A81", "6283");
    ScriptedCardChannel channel;
    for (int i = 0; i < 40; ++i) {
        channel.on("00A404*", status);
    }
    const auto card = emv::readCard(channel, options());
    REQUIRE_FALSE(card);
    CHECK(card.error().code == Errc::Denied);
    CHECK(card.error().remedy == Remedy::CallStaff);
}

TEST_CASE("emv: nonsense in any answer asks for the card again", "[drivers][emv]")
{
    // A length beyond the answer, a locator of three bytes, a greedy options list, a record
    // without its template, two numbers that differ in kind.
    struct Hostile {
        const char* control;
        const char* optionsAnswer;
        const char* record;
    };
    const auto hostile = GENERATE(
        Hostile{"6F 7F 84 9000", "", ""}, Hostile{"6F 06 A504 9F38 01FF 9000", "", ""},
        Hostile{"6F 00 9000", "80 05 7C00 080101 9000", ""}, Hostile{"6F 00 9000", "9000", ""},
        Hostile{"6F 00 9000", "80 06 7C00 08010100 9000", "5A 02 6250 9000"},
        Hostile{"6F 00 9000", "80 06 7C00 08010100 9000", "70 0A 5A02 6250 5F24 03 301231 9000"},
        Hostile{"6F 00 9000", "80 06 7C00 08010100 9000", "6986"});
    ScriptedCardChannel channel;
    channel.on(kSelectContact, kNotFound).on(kSelectContactless, kNotFound);
    channel.on(kSelectUnionPay, hostile.control);
    channel.on("80A8*", hostile.optionsAnswer).on("00B2*", hostile.record);
    const auto card = emv::readCard(channel, options());
    REQUIRE_FALSE(card);
    CHECK(card.error().code == Errc::Protocol);
    CHECK(card.error().remedy == Remedy::ReinsertCard);
}

TEST_CASE("emv: a number that differs from track 2 is a case for staff", "[drivers][emv]")
{
    ScriptedCardChannel channel;
    channel.on(kSelectContact, kNotFound).on(kSelectContactless, kNotFound);
    channel.on(bytes(kSelectUnionPay), unionPayControl(""));
    channel.on("80A8000002830000", "80 06 7C00 08010100 9000");
    channel.on(bytes("00B2010C00"),
               ok(tlv("70", tlv("5A", "6250947000000014") + tlv("5F24", "301231") +
                                tlv("57", "6250947000000022D3012220"))));
    const auto card = emv::readCard(channel, options());
    REQUIRE_FALSE(card);
    CHECK(card.error().remedy == Remedy::CallStaff);
}

TEST_CASE("emv: of a number given twice the first is taken, flagged", "[drivers][emv]")
{
    ScriptedCardChannel channel;
    channel.on(kSelectContact, kNotFound).on(kSelectContactless, kNotFound);
    channel.on(bytes(kSelectUnionPay), unionPayControl(""));
    channel.on("80A8000002830000", "80 06 7C00 08010100 9000");
    channel.on(bytes("00B2010C00"),
               ok(tlv("70", tlv("5A", "6250947000000014") + tlv("5A", "4761739001010119") +
                                tlv("5F24", "301231"))));
    const auto card = emv::readCard(channel, options());
    REQUIRE(card);
    CHECK(card->number.reveal() == "6250947000000014");
    CHECK(card->repeatedTags);
}

TEST_CASE("emv: reading sends nothing but select, options and read record", "[drivers][emv]")
{
    auto channel = unionPayContact();
    REQUIRE(emv::readCard(channel, options()));
    for (const auto& command : channel.sent()) {
        const auto kind = toHex(ByteView(command).first(2));
        CHECK((kind == "00A4" || kind == "80A8" || kind == "00B2"));
    }
}

TEST_CASE("emv: no error says a card's digits", "[drivers][emv]")
{
    ScriptedCardChannel channel;
    channel.on(kSelectContact, kNotFound).on(kSelectContactless, kNotFound);
    channel.on(bytes(kSelectUnionPay), unionPayControl(""));
    channel.on("80A8000002830000", "80 06 7C00 08010100 9000");
    channel.on(bytes("00B2010C00"),
               ok(tlv("70", tlv("5A", "62509470000000A4") + tlv("5F24", "301231"))));
    const auto card = emv::readCard(channel, options());
    REQUIRE_FALSE(card);
    CHECK(card.error().detail.find("6250") == std::string::npos);
}
