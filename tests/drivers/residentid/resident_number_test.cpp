// SPDX-License-Identifier: Apache-2.0
#include "drivers/residentid/resident_number.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::residentid;
using namespace std::chrono_literals;

TEST_CASE("resident number: birth and sex are in it")
{
    const auto number = parseResidentNumber("11010519491231002X");
    REQUIRE(number);
    CHECK(number->birth == std::chrono::year_month_day(1949y / 12 / 31));
    CHECK(number->sex == Sex::Female);
    const auto second = parseResidentNumber("440524188001010014");
    REQUIRE(second);
    CHECK(second->sex == Sex::Male);
}

TEST_CASE("resident number: a small x and full-width digits are what people type")
{
    for (const char* typed : {"11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ"}) {
        const auto number = parseResidentNumber(typed);
        REQUIRE(number);
        CHECK(number->text.reveal() == "11010519491231002X");
    }
}

TEST_CASE("resident number: what is none is refused, and not repeated in the error")
{
    const auto* const typed =
        GENERATE("", "11010519491231002", "11010519491231002XX", "110105194912310021",
                 "1101051949123100AX", "11010519491331002X", "11010519X91231002X", "\xEF\xBC");
    const auto number = parseResidentNumber(typed);
    REQUIRE_FALSE(number);
    CHECK(number.error().code == Errc::Invalid);
    CHECK((std::string(typed).empty() || number.error().detail.find(typed) == std::string::npos));
}

TEST_CASE(
    "resident number: a birth on a day that there never was is refused, whatever its check digit")
{
    // 30 February: seventeen digits with the check digit that fits them
    std::string text = "11010519900230001";
    int refused = 0;
    for (const char check : std::string_view("0123456789X")) {
        refused += parseResidentNumber(text + check) ? 0 : 1;
    }
    CHECK(refused == 11);
}

TEST_CASE("resident number: the mask is as wide whatever it hides")
{
    CHECK(maskResidentNumber("11010519491231002X") == "110***********002X");
    CHECK(maskResidentNumber("1234") == "******************");
}
