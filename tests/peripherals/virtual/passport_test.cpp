// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/passport.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::virtualdevices;

namespace {

const PassportIssuer& utopia()
{
    static const PassportIssuer issuer;
    return issuer;
}

std::string sent(Passport& passport, std::string_view hex)
{
    return toHex(passport.answer(*fromHex(hex)));
}

constexpr auto kSelectApplication = "00A4040C07A0000002471001";

} // namespace

TEST_CASE("virtual passport: nothing of the application is readable before it is opened")
{
    Passport passport({}, utopia());
    CHECK(sent(passport, kSelectApplication) == "9000");
    CHECK(sent(passport, "00A4020C020101") == "6982");
    CHECK(sent(passport, "00B0810000") == "6982");
    CHECK(sent(passport, "0088000008000000000000000000") == "6985");
}

TEST_CASE("virtual passport: a challenge is fresh, and a wrong key is refused")
{
    Passport passport({}, utopia());
    CHECK(sent(passport, "0084000008") == "6985");
    REQUIRE(sent(passport, kSelectApplication) == "9000");
    const auto first = sent(passport, "0084000008"), second = sent(passport, "0084000008");
    CHECK(first.size() == 20);
    CHECK(first != second);
    const auto wrong = "0082000028" + std::string(80, '0') + "28";
    CHECK(sent(passport, wrong) == "6300");
    CHECK(sent(passport, wrong) == "6985"); // a challenge counts once
}

TEST_CASE("virtual passport: how to open it is readable by anybody")
{
    PassportProfile profile;
    profile.paceCurve = 13;
    Passport passport(profile, utopia());
    CHECK(sent(passport, "00B09C0000") == "31143012060A04007F0007020204020202010202010D6282");
    CHECK(sent(passport, "00A4020C02011C") == "9000");
    CHECK(sent(passport, "00B0000004") == "311430129000");
    CHECK(sent(passport, "00B0010004") == "6B00");
}

TEST_CASE("virtual passport: PACE asks for its parameters and its own protocol")
{
    PassportProfile profile;
    profile.paceCurve = 13;
    Passport passport(profile, utopia());
    CHECK(sent(passport, "0022C1A40F800A04007F00070202040202830101") == "6A88");
    CHECK(sent(passport, "0022C1A412800A04007F0007020204020383010184010D") == "6A80");
    CHECK(sent(passport, "0022C1A412800A04007F0007020204020283010184010D") == "9000");
    CHECK(sent(passport, "10860000027C0000").size() == 2 * (2 + 2 + 16 + 2));
}

TEST_CASE("virtual passport: a document without PACE has no such file")
{
    Passport passport({}, utopia());
    CHECK(sent(passport, "00A4020C02011C") == "6A82");
    CHECK(sent(passport, "0022C1A412800A04007F0007020204020283010184010D") == "6A80");
}

TEST_CASE("virtual passport: commands of wrong build are refused, and a strict chip is strict")
{
    Passport passport({}, utopia());
    CHECK(sent(passport, "00A404") == "6700");
    CHECK(sent(passport, "00A4040C07A00000024710") == "6700");
    CHECK(sent(passport, "00FF0000") == "6D00");
    CHECK(sent(passport, "0CB0000000") == "6987");
    PassportProfile profile;
    profile.strictLengths = true;
    Passport strict(profile, utopia());
    CHECK(sent(strict, std::string(kSelectApplication) + "00") == "6700");
    CHECK(sent(strict, kSelectApplication) == "9000");
}
