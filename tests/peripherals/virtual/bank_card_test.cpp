// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/bank_card.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::virtualdevices;

namespace {

std::string ask(BankCard& card, std::string_view command)
{
    return toHex(card.answer(*fromHex(command)));
}

BankCard card(std::string_view name)
{
    const auto* profile = findCard(name);
    REQUIRE(profile);
    return BankCard(*profile);
}

const std::string kSelectDirectory = "00A404000E315041592E5359532E444446303100";
const std::string kSelectContactless = "00A404000E325041592E5359532E444446303100";
const std::string kSelectUnionPay = "00A4040008A00000033301010100";
const std::string kSelectVisa = "00A4040007A000000003101000";
/// PDOL of the UnionPay cards asks for 13 bytes.
const std::string kOptionsUnionPay = "80A800000F830D0156261124000156112233440000";

bool endsWith(const std::string& text, const std::string& end)
{
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool luhn(const std::string& number)
{
    int sum = 0;
    for (std::size_t i = 0; i < number.size(); ++i) {
        int digit = number[number.size() - 1 - i] - '0';
        if (i % 2 == 1) {
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        }
        sum += digit;
    }
    return sum % 10 == 0;
}

} // namespace

TEST_CASE("bank card: every number satisfies the check digit")
{
    for (const auto& profile : knownCards()) {
        INFO(profile.name);
        CHECK(luhn(profile.pan));
    }
}

TEST_CASE("bank card: the directory names the application")
{
    auto chip = card("unionpay");
    CHECK(endsWith(ask(chip, kSelectDirectory), "8801015F2D047A68656E9000"));
    const auto record = ask(chip, "00B2010C00");
    CHECK(record.find("4F08A000000333010101") != std::string::npos);
    CHECK(ask(chip, "00B2020C00") == "6A83");
}

TEST_CASE("bank card: the contactless directory lists the application in its answer")
{
    auto chip = card("visa");
    const auto answer = ask(chip, kSelectContactless);
    CHECK(answer.find("BF0C") != std::string::npos);
    CHECK(answer.find("4F07A0000000031010") != std::string::npos);
}

TEST_CASE("bank card: an application is selected by the start of its name")
{
    auto chip = card("unionpay");
    CHECK(endsWith(ask(chip, "00A4040007A000000333010100"), "9000"));
    CHECK(ask(chip, "00A4040207A000000333010100") == "6A82");
    CHECK(ask(chip, kSelectVisa) == "6A82");
}

TEST_CASE("bank card: records are read after the processing options")
{
    auto chip = card("unionpay");
    const auto fci = ask(chip, kSelectUnionPay);
    CHECK(fci.find("9F38109F1A029A039C015F2A029F3704DF6001") != std::string::npos);
    CHECK(ask(chip, "00B2010C00") == "6985");
    CHECK(ask(chip, kOptionsUnionPay) == "771282023C00940C080101001001020118010200"
                                         "9000");
    CHECK(ask(chip, "80CA9F3600") == "9F360200089000");
    const auto second = ask(chip, "00B2011400");
    CHECK(second.find("5A0A6205500000000000004F") != std::string::npos);
    CHECK(second.find("5F2403311231") != std::string::npos);
    CHECK(ask(chip, "00B2031400") == "6A83");
    CHECK(ask(chip, "00B2012400") == "6A82");
}

TEST_CASE("bank card: only a chip with a key of its own signs a challenge")
{
    auto chip = card("unionpay");
    CHECK(ask(chip, "00880000041122334400") == "6985"); // before the processing options
    (void)ask(chip, kSelectUnionPay);
    (void)ask(chip, kOptionsUnionPay);
    const auto signature = ask(chip, "00880000041122334400");
    CHECK(signature.starts_with("7781849F4B8180"));
    CHECK(endsWith(signature, "9000"));
    CHECK(ask(chip, "00880000041122334500") != signature);
    CHECK(ask(chip, "008800000311223300") == "6700");
    auto older = card("visa");
    (void)ask(older, kSelectVisa);
    (void)ask(older, "80A8000002830000");
    CHECK(ask(older, "00880000041122334400") == "6D00");
}

TEST_CASE("bank card: a chip that signs cryptograms asks its issuer once, and then declines")
{
    const std::string list(2 * 25, '0'); // CDOL1 asks for 29 bytes, the last four at random
    auto chip = card("combined");
    CHECK(ask(chip, "80AE90001D" + list + "1122334400") == "6985"); // before the options
    (void)ask(chip, kSelectUnionPay);
    CHECK(ask(chip, kOptionsUnionPay).starts_with("771282021D00"));
    CHECK(ask(chip, "00880000041122334400") == "6D00");
    CHECK(ask(chip, "80AE9000041122334400") == "6700");
    const auto asked = ask(chip, "80AE90001D" + list + "1122334400");
    CHECK(asked.starts_with("7781979F2701809F360200089F4B8180"));
    CHECK(endsWith(asked, "9F100707010103A000009000"));
    CHECK(ask(chip, "80AE00000B" + std::string(22, '0') + "00").starts_with("8012000008"));
    CHECK(ask(chip, "80AE00000B" + std::string(22, '0') + "00") == "6985");
    auto other = card("unionpay");
    (void)ask(other, kSelectUnionPay);
    (void)ask(other, kOptionsUnionPay);
    CHECK(ask(other, "80AE90001D" + list + "1122334400") == "6D00");
}

TEST_CASE("bank card: options that do not fit the card's list are refused")
{
    auto chip = card("unionpay");
    (void)ask(chip, kSelectUnionPay);
    CHECK(ask(chip, "80A8000002830000") == "6700");
    CHECK(ask(chip, "80A8000002840000") == "6A80");
}

TEST_CASE("bank card: options without a selected application are refused")
{
    auto chip = card("visa");
    CHECK(ask(chip, "80A8000002830000") == "6985");
    (void)ask(chip, kSelectVisa);
    CHECK(ask(chip, "80A8000002830000") == "800E5C000801010010010201180102009000");
    chip.reset();
    CHECK(ask(chip, "00B2010C00") == "6985");
}

TEST_CASE("bank card: the old chip answers with 61xx until the response is fetched")
{
    auto chip = card("t0");
    const auto announced = ask(chip, kSelectVisa);
    REQUIRE(announced.size() == 4);
    CHECK(announced.substr(0, 2) == "61");
    const auto length = announced.substr(2);
    CHECK(endsWith(ask(chip, "00C00000" + length), "9000"));
    CHECK(ask(chip, "00C00000" + length) == "6985");
}

TEST_CASE("bank card: the old chip names the right length of a record")
{
    auto chip = card("t0");
    (void)ask(chip, kSelectVisa);
    const auto options = ask(chip, "80A80000078305015626112400");
    REQUIRE(options.substr(0, 2) == "61");
    const auto wrong = ask(chip, "00B2011400");
    REQUIRE(wrong.size() == 4);
    CHECK(wrong.substr(0, 2) == "6C");
    CHECK(endsWith(ask(chip, "00B20114" + wrong.substr(2)), "9000"));
}

TEST_CASE("bank card: a response may be fetched in pieces")
{
    auto chip = card("t0");
    (void)ask(chip, kSelectVisa);
    const auto first = ask(chip, "00C0000004");
    CHECK(first.size() == 2 * 6);
    CHECK(first.substr(8, 2) == "61");
    CHECK(ask(chip, "00C00000FF").substr(0, 2) == "6C");
}

TEST_CASE("bank card: an unreadable card gives no file list")
{
    auto chip = card("unreadable");
    (void)ask(chip, kSelectUnionPay);
    CHECK(ask(chip, kOptionsUnionPay) == "770482023C009000");
    CHECK(ask(chip, "00B2010C00") == "6985");
}

TEST_CASE("bank card: a blocked application says so when it is selected")
{
    auto chip = card("blocked");
    CHECK(endsWith(ask(chip, kSelectUnionPay), "6283"));
    CHECK(ask(chip, kOptionsUnionPay) == "6985");
}

TEST_CASE("bank card: nonsense gets a status word")
{
    auto chip = card("visa");
    CHECK(ask(chip, "00A4") == "6700");
    CHECK(ask(chip, "00A4040005A000") == "6700");
    CHECK(ask(chip, "A0A4040000") == "6E00");
    CHECK(ask(chip, "00FE000000") == "6D00");
    CHECK(ask(chip, "00A400000111") == "6A86");
}
