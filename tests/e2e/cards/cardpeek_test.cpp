// SPDX-License-Identifier: Apache-2.0
// Cardpeek's own scripts for bank cards and passports read the virtual cards through the real
// pcscd.
#include "tests/e2e/cards/cardpeek.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/e2e/cards/inserted_card.h"

using namespace guichet;
using namespace guichet::test;
using Catch::Contains;

namespace {

/// How the tree writes a value.
std::string bytesOf(std::string_view text)
{
    return "8:" + toHex(asBytes(text));
}

/// Whether the first object of this name has that value.
bool holds(const std::string& tree, const std::string& label, const std::string& value)
{
    const auto name = tree.find(">" + label + "<");
    const auto object = tree.substr(std::min(name, tree.size()), tree.find("</node>", name) - name);
    return object.find(value) != std::string::npos;
}

constexpr auto kYesToProcessingOptions = "1\n";

void readsPassport(std::string_view name, std::string_view upper, std::string_view lower)
{
    const InsertedCard card(name);
    const auto tree = Cardpeek().read("e-passport.lua", std::string(lower) + "\n");
    CHECK(holds(tree, "LDS Version Number", "01.07"));                             // EF.COM
    CHECK(holds(tree, "MRZ data elements", bytesOf(std::string(upper) += lower))); // EF.DG1
    CHECK_THAT(tree, Contains("Facial Record Data") && Contains(">image/jpeg<"));  // EF.DG2
    CHECK_THAT(tree, Contains(">EF.SOD<"));
}

} // namespace

TEST_CASE("cardpeek: a UnionPay card is read from its directory to its records", "[e2e]")
{
    const InsertedCard card("unionpay");
    const auto tree = Cardpeek().read("emv.lua", kYesToProcessingOptions);
    CHECK(holds(tree, "Dedicated File (DF) Name", "1PAY.SYS.DDF01"));
    CHECK(holds(tree, "Application Label", "UnionPay Debit"));
    CHECK_THAT(tree, Contains(">processing_options<")); // given for the PDOL that was asked
    CHECK(holds(tree, "Application Interchange Profile (AIP)", "8:3C00"));
    CHECK(holds(tree, "Application PAN", "6205500000000000004"));
    CHECK(holds(tree, "Cardholder Name", "ZHANG/SAN"));
    CHECK(holds(tree, "Card Risk Management Data Object List 1 (CDOL1)", "8:9F0206"));
}

TEST_CASE("cardpeek: a Visa card that answers in format 1 is read, too", "[e2e]")
{
    const InsertedCard card("visa");
    const auto tree = Cardpeek().read("emv.lua", kYesToProcessingOptions);
    CHECK(holds(tree, "Application Label", "Visa Credit"));
    CHECK(holds(tree, "Application Interchange Profile (AIP)", "8:5C00"));
    CHECK(holds(tree, "Application PAN", "4111111111111111"));
    CHECK(holds(tree, "Cardholder Name", "DOE/JANE"));
}

TEST_CASE("cardpeek: a passport opens to the key of its lower line alone", "[e2e]")
{
    readsPassport("passport-bac", "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                  "L898902C36UTO7408122F3204153ZE184226B<<<<<16");
}

TEST_CASE("cardpeek: a passport that knows PACE is open to who only knows BAC", "[e2e]")
{
    readsPassport("passport", "POUTOLI<<MING<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<",
                  "E987654324UTO8506106M3301018<<<<<<<<<<<<<<<4");
}

TEST_CASE("cardpeek: a passport stays closed to another one's key", "[e2e]")
{
    const InsertedCard card("passport-bac");
    const auto tree =
        Cardpeek().read("e-passport.lua", "E987654324UTO8506106M3301018<<<<<<<<<<<<<<<4\n1\n");
    CHECK_THAT(tree, Contains("#A0000002471001"));
    CHECK_THAT(tree, !Contains("EF.COM") && !Contains("MRZ data elements"));
}
