// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrz/zone_comparison.h"

#include <catch2/catch.hpp>

using namespace guichet::mrz;

namespace {

const std::string kPrinted = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
                             "L898902C36UTO7408122F1204159ZE184226B<<<<<10\n";

/// As a chip has it, with `change` from `at` on.
std::string chip(std::size_t at = 0, std::string_view change = {})
{
    auto text = kPrinted;
    std::erase(text, '\n');
    return text.replace(at, change.size(), change);
}

using Fields = std::vector<std::string_view>;

} // namespace

TEST_CASE("zone comparison: line feeds do not count")
{
    CHECK(differences(kPrinted, chip()).empty());
}

TEST_CASE("zone comparison: each field that differs is named once")
{
    CHECK(differences(kPrinted, chip(0, "I")) == Fields{"document code"});
    CHECK(differences(kPrinted, chip(2, "D<<")) == Fields{"issuing state"});
    CHECK(differences(kPrinted, chip(5, "ERICSSON")) == Fields{"name"});
    CHECK(differences(kPrinted, chip(44, "M")) == Fields{"document number"});
    CHECK(differences(kPrinted, chip(57, "7508122M")) == Fields{"date of birth", "sex"});
    CHECK(differences(kPrinted, chip(65, "130415")) == Fields{"date of expiry"});
    CHECK(differences(kPrinted, chip(72, "YE")) == Fields{"optional data"});
    CHECK(differences("I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\n"
                      "ERIKSSON<<ANNA<MARIA<<<<<<<<<<\n",
                      "I<UTOD231458907A<<<<<<<<<<<<<<7408122F1204159UTOB<<<<<<<<<<6"
                      "ERIKSSON<<ANNA<MARIA<<<<<<<<<<") == Fields{"optional data"});
}

TEST_CASE("zone comparison: a check digit that differs is no match")
{
    CHECK(differences(kPrinted, chip(87, "1")) == Fields{"check digits or fillers"});
}

TEST_CASE("zone comparison: zones of different formats differ in the format alone")
{
    CHECK(differences(kPrinted, chip().substr(0, 72)) == Fields{"format"});
    CHECK(differences("", chip()) == Fields{"format"});
}
