// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrz/mrz_text.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::mrz;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::year_month_day kToday = 2026y / 11 / 26;

constexpr auto kPrintedPassport = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
                                  "L898902C36UTO7408122F1204159ZE184226B<<<<<10\n";

Mrz read(std::string_view text)
{
    auto mrz = parseMrz(text, kToday);
    REQUIRE(mrz);
    return std::move(*mrz);
}

std::string with(std::string text, std::size_t at, std::string_view change)
{
    return text.replace(at, change.size(), change);
}

} // namespace

TEST_CASE("mrz: the specimens of all five formats say who it is, and all checks are right")
{
    const auto [format, text] =
        GENERATE(std::pair(Format::Td3, kPrintedPassport),
                 std::pair(Format::Td1, "I<UTOD231458907<<<<<<<<<<<<<<<\n"
                                        "7408122F1204159UTO<<<<<<<<<<<6\n"
                                        "ERIKSSON<<ANNA<MARIA<<<<<<<<<<\n"),
                 std::pair(Format::Td2, "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n"
                                        "D231458907UTO7408122F1204159<<<<<<<6\n"),
                 std::pair(Format::MrvA, "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
                                         "L8988901C4XXX4009078F96121096ZE184226B<<<<<<\n"),
                 std::pair(Format::MrvB, "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n"
                                         "L8988901C4XXX4009078F9612109<<<<<<<<\n"));
    INFO(name(format));
    const auto mrz = read(text);
    CHECK(mrz.format == format);
    CHECK(mrz.sound());
    CHECK(mrz.surname.reveal() == "ERIKSSON");
    CHECK(mrz.givenName.reveal() == "ANNA MARIA");
    CHECK_FALSE(mrz.nameMayBeCut);
    CHECK(mrz.issuer == "UTO");
    CHECK(mrz.sex == Sex::Female);
    CHECK(mrz.check(Field::Number) == Check::Right);
    CHECK(mrz.birthText.reveal().size() == 6);
    CHECK(mrz.birth);
    CHECK(mrz.expiry);
}

TEST_CASE("mrz: a passport's fields are where they belong")
{
    const auto mrz = read(kPrintedPassport);
    CHECK(mrz.documentCode == "P");
    CHECK(mrz.number.reveal() == "L898902C3");
    CHECK(mrz.nationality == "UTO");
    CHECK(mrz.birth == PartialDate{1974, 8, 12});
    CHECK(mrz.expiry == PartialDate{2012, 4, 15});
    CHECK(mrz.optional.reveal() == "ZE184226B");
    for (const auto field :
         {Field::Number, Field::Birth, Field::Expiry, Field::Optional, Field::Composite}) {
        CHECK(mrz.check(field) == Check::Right);
    }
}

TEST_CASE("mrz: each check digit watches its own field, and is believed before no repair")
{
    const auto [at, field] = GENERATE(
        std::pair(std::size_t(45), Field::Number), std::pair(std::size_t(59), Field::Birth),
        std::pair(std::size_t(67), Field::Expiry), std::pair(std::size_t(74), Field::Optional));
    const auto mrz = read(with(kPrintedPassport, at, "7"));
    CHECK(mrz.check(field) == Check::Wrong);
    CHECK(mrz.check(Field::Composite) == Check::Wrong);
    CHECK_FALSE(mrz.sound());
    CHECK(mrz.surname.reveal() == "ERIKSSON");
}

TEST_CASE("mrz: a long document number goes on in the optional data")
{
    const auto text = GENERATE("I<UTOD23145890<7349<<<<<<<<<<<\n"
                               "3407127M9507122UTO<<<<<<<<<<<2\n"
                               "STEVENSON<<PETER<JOHN<<<<<<<<<\n",
                               "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<\n"
                               "D23145890<UTO3407127M95071227349<<<8\n");
    const auto mrz = read(text);
    CHECK(mrz.number.reveal() == "D23145890734");
    CHECK(mrz.check(Field::Number) == Check::Right);
    CHECK(mrz.check(Field::Composite) == Check::Right);
    CHECK(mrz.optional.empty());
}

TEST_CASE("mrz: an empty optional field may do with a zero, a filler or nothing to check")
{
    const std::string line1 = "P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<\n";
    const auto filler = read(line1 + "C01X00T478D<<6408125F2702283<<<<<<<<<<<<<<<4\n");
    CHECK(filler.check(Field::Optional) == Check::None);
    CHECK(filler.sound());
    const auto zero = read(line1 + "C01X00T478D<<6408125F2702283<<<<<<<<<<<<<<04\n");
    CHECK(zero.check(Field::Optional) == Check::Right);
    CHECK(zero.sound());
    CHECK(zero.issuer == "D");
    CHECK(zero.nationality == "D");
}

TEST_CASE("mrz: a passport without a filler in its second line is read too")
{
    const auto mrz = read("POCHNZHENGJIAN<<YANGBEN<<<<<<<<<<<<<<<<<<<<<\n"
                          "E000000008CHN8005056F2112091ABCDEFGHIJKLMN10\n");
    CHECK(mrz.documentCode == "PO");
    CHECK(mrz.optional.reveal() == "ABCDEFGHIJKLMN");
    CHECK(mrz.sound());
}

TEST_CASE("mrz: names may be one, and may be cut")
{
    const auto one = read(with(kPrintedPassport, 5, "ARKFREITH<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<"));
    CHECK(one.surname.reveal() == "ARKFREITH");
    CHECK(one.givenName.empty());
    const auto cut = read(with(kPrintedPassport, 5, "NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K"));
    CHECK(cut.givenName.reveal() == "CHAYAPA DEJTHAMRONG K");
    CHECK(cut.nameMayBeCut);
}

TEST_CASE("mrz: the century is the one that can be, and an unknown day stays unknown")
{
    const auto birth = [](std::string_view six) {
        return read(with(kPrintedPassport, 58, six)).birth;
    };
    CHECK(birth("261126") == PartialDate{2026, 11, 26}); // born today
    CHECK(birth("261127") == PartialDate{1926, 11, 27});
    CHECK(birth("270101") == PartialDate{1927, 1, 1});
    CHECK(birth("74<<<<") == PartialDate{1974, std::nullopt, std::nullopt});
    CHECK(birth("7408<<") == PartialDate{1974, 8, std::nullopt});
    CHECK(birth("000229") == PartialDate{2000, 2, 29});
    for (const char* nonsense : {"740231", "741301", "740800", "<<0812", "7A0812", "74<812"}) {
        INFO(nonsense);
        CHECK_FALSE(birth(nonsense));
    }
    const auto expiry = [](std::string_view six) {
        return read(with(kPrintedPassport, 66, six)).expiry;
    };
    CHECK(expiry("760101") == PartialDate{2076, 1, 1});
    CHECK(expiry("990101") == PartialDate{1999, 1, 1});
}

TEST_CASE("mrz: spaces around the lines and small letters do no harm")
{
    const auto mrz = read("  p<utoeriksson<<anna<maria<<<<<<<<<<<<<<<<<<<  \r\n\n"
                          "\tL898902C36UTO7408122F1204159ZE184226B<<<<<10");
    CHECK(mrz.sound());
}

TEST_CASE("mrz: what is no zone is refused, and nothing of it is repeated")
{
    const auto text =
        GENERATE(std::string(), std::string("P<UTOERIKSSON"),
                 std::string(kPrintedPassport).substr(0, 60), with(kPrintedPassport, 10, "?"),
                 with(kPrintedPassport, 10, " "), with(kPrintedPassport, 0, "1"),
                 with(kPrintedPassport, 0, "<"), std::string(kPrintedPassport) + kPrintedPassport);
    const auto mrz = parseMrz(text, kToday);
    REQUIRE_FALSE(mrz);
    CHECK(mrz.error().code == Errc::Protocol);
    CHECK(mrz.error().detail.find("ERIKSSON") == std::string::npos);
}
