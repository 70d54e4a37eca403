// SPDX-License-Identifier: Apache-2.0
#include "drivers/residentid/identity_text.h"

#include <catch2/catch.hpp>

#include "tests/drivers/residentid/card_text.h"

using namespace guichet;
using namespace guichet::residentid;
using namespace std::chrono_literals;
using test::CardText;
using test::residentText;

TEST_CASE("identity text: a resident card")
{
    const auto card = parseIdentityText(residentText().bytes());
    REQUIRE(card);
    CHECK(card->kind == CardKind::Resident);
    CHECK(card->name.reveal() == "王小明");
    CHECK(card->sex == Sex::Male);
    CHECK(card->ethnicGroup == "01");
    CHECK(ethnicGroupName(card->ethnicGroup) == "汉");
    CHECK(card->birth == std::chrono::year_month_day(1949y / 12 / 31));
    CHECK(card->address.reveal() == "北京市朝阳区松树街1号");
    CHECK(card->number.reveal() == "11010519491231002X");
    CHECK(card->numberOk);
    CHECK(card->issuedBy == "北京市公安局朝阳分局");
    CHECK(card->validFrom == std::chrono::year_month_day(2012y / 1 / 1));
    CHECK(card->validTo == std::chrono::year_month_day(2032y / 1 / 1));
    CHECK_FALSE(card->longTerm);
    CHECK(card->nationality.empty());
    CHECK(card->passNumber.empty());
    CHECK_FALSE(card->nameMayBeCut);
    CHECK_FALSE(card->unreadable);
}

TEST_CASE("identity text: a card without an end has none")
{
    const auto card = parseIdentityText(residentText().put(204, u"长期      ").bytes());
    REQUIRE(card);
    CHECK(card->longTerm);
    CHECK_FALSE(card->validTo);
}

TEST_CASE("identity text: a permit of Hong Kong, Macao and Taiwan")
{
    const auto card = parseIdentityText(residentText()
                                            .put(32, u"  ")
                                            .put(220, u"H12345678")
                                            .put(238, u"02")
                                            .put(248, u"J")
                                            .bytes());
    REQUIRE(card);
    CHECK(card->kind == CardKind::Permit);
    CHECK(card->passNumber.reveal() == "H12345678");
    CHECK(card->issueCount == 2);
    CHECK(card->ethnicGroup.empty());
}

TEST_CASE("identity text: a foreigner's card of 2017")
{
    CardText text;
    text.put(0, u"SMITH JOHN EDWARD").put(120, u"1").put(122, u"CAN110102090801").put(152, u"CAN");
    text.put(158, u"史密斯").put(188, u"20180101").put(204, u"20280101").put(220, u"19800229");
    text.put(236, u"01").put(240, u"1500").put(248, u"I");
    const auto card = parseIdentityText(text.bytes());
    REQUIRE(card);
    CHECK(card->kind == CardKind::Foreigner2017);
    CHECK(card->englishName.reveal() == "SMITH JOHN EDWARD");
    CHECK(card->name.reveal() == "史密斯");
    CHECK(card->nationality == "CAN");
    CHECK(card->number.reveal() == "CAN110102090801");
    CHECK_FALSE(card->numberOk);
    CHECK(card->birth == std::chrono::year_month_day(1980y / 2 / 29));
    CHECK(card->address.empty());
}

TEST_CASE("identity text: a foreigner's card of 2023 carries a long name in two places")
{
    CardText text;
    text.put(0, u"史密斯").put(30, u"2").put(32, u"00").put(36, u"19491231");
    text.put(52, u"WOLFESCHLEGELSTEINHAUSENBERGERDORFF"); // 35
    text.put(122, u"11010519491231002X").put(188, u"20240101").put(204, u"20340101");
    text.put(220, u" HUBERT").put(242, u"DEU").put(248, u"Y");
    const auto card = parseIdentityText(text.bytes());
    REQUIRE(card);
    CHECK(card->kind == CardKind::Foreigner2023);
    CHECK(card->englishName.reveal() == "WOLFESCHLEGELSTEINHAUSENBERGERDORFF HUBERT");
    CHECK(card->nationality == "DEU");
    CHECK_FALSE(card->nameMayBeCut);
    const auto between = parseIdentityText(
        text.put(52, u"WOLFESCHLEGELSTEINHAUSENBERGERDORF ").put(220, u"HUBERT ").bytes());
    REQUIRE(between);
    CHECK(between->englishName.reveal() == "WOLFESCHLEGELSTEINHAUSENBERGERDORF HUBERT");
}

TEST_CASE("identity text: only the spaces behind a name go")
{
    const auto [written, read] =
        GENERATE(std::pair(u"买买提·艾力", "买买提·艾力"), std::pair(u"SMITH JOHN", "SMITH JOHN"),
                 std::pair(u"  李", "  李"));
    const auto card =
        parseIdentityText(residentText().put(0, u"               ").put(0, written).bytes());
    REQUIRE(card);
    CHECK(card->name.reveal() == read);
}

TEST_CASE("identity text: rare characters pass unchanged, in and beyond the first plane")
{
    // U+20BB7 of Unicode's second plane, and a private one of a police's own font
    const auto card = parseIdentityText(residentText().put(0, u"\U00020BB7\uE863一").bytes());
    REQUIRE(card);
    CHECK(card->name.reveal() == "\xF0\xA0\xAE\xB7\xEE\xA1\xA3\xE4\xB8\x80");
    CHECK_FALSE(card->unreadable);
}

TEST_CASE(
    "identity text: a name that fills its field may be cut, even in the middle of a character")
{
    const auto whole =
        parseIdentityText(residentText().put(0, u"一二三四五六七八九十一二三四五").bytes());
    REQUIRE(whole);
    CHECK(whole->nameMayBeCut);
    const std::u16string cut = std::u16string(u"一二三四五六七八九十一二三四") + char16_t{0xD842};
    const auto card = parseIdentityText(residentText().put(0, cut).bytes());
    REQUIRE(card);
    CHECK(card->nameMayBeCut);
    CHECK_FALSE(card->unreadable);
    CHECK(card->name.reveal() == "一二三四五六七八九十一二三四");
}

TEST_CASE("identity text: half a character elsewhere is shown as such and said")
{
    const auto card =
        parseIdentityText(residentText().put(0, std::u16string(u"王") + char16_t{0xDC00}).bytes());
    REQUIRE(card);
    CHECK(card->name.reveal() == "王\xEF\xBF\xBD明");
    CHECK(card->unreadable);
}

TEST_CASE("identity text: a day that is none is left out, the rest stands")
{
    const auto card = parseIdentityText(residentText()
                                            .put(36, u"19900230")
                                            .put(188, u"2012011 ")
                                            .put(204, u"２０３２０１０１")
                                            .bytes());
    REQUIRE(card);
    CHECK_FALSE(card->birth);
    CHECK_FALSE(card->validFrom);
    CHECK_FALSE(card->validTo);
    CHECK(card->name.reveal() == "王小明");
}

TEST_CASE("identity text: what lacks a name or a number, or has another size, is no card")
{
    auto bytes = residentText().bytes();
    CHECK_FALSE(parseIdentityText(ByteView(bytes).first(255)));
    CHECK_FALSE(parseIdentityText({}));
    CHECK_FALSE(parseIdentityText(CardText().bytes()));
    CHECK_FALSE(parseIdentityText(CardText().put(0, u"王").bytes()));
    const auto error = parseIdentityText(CardText().put(122, u"11010519491231002X").bytes());
    REQUIRE_FALSE(error);
    CHECK(error.error().detail.find("110105") == std::string::npos);
}

TEST_CASE("identity text: new addresses come in blocks of seventy bytes")
{
    CardText text;
    text.put(0, u"上海市").put(70, u"浦东新区");
    const auto bytes = text.bytes();
    const auto one = parseNewAddress(ByteView(bytes).first(70));
    REQUIRE(one);
    CHECK(one->reveal() == "上海市");
    const auto two = parseNewAddress(ByteView(bytes).first(140));
    REQUIRE(two);
    CHECK(two->reveal() == "上海市浦东新区");
    CHECK_FALSE(parseNewAddress(ByteView(bytes).first(71)));
    CHECK_FALSE(parseNewAddress({}));
}

TEST_CASE("identity text: an ethnic group of no list is shown by its code")
{
    CHECK(ethnicGroupName("56") == "基诺");
    CHECK(ethnicGroupName("46") == "德昂");
    CHECK(ethnicGroupName("97") == "其他");
    CHECK(ethnicGroupName("57") == "57");
    CHECK(ethnicGroupName("0") == "0");
    CHECK(ethnicGroupName("") == "");
    CHECK(ethnicGroupName("ab") == "ab");
}
