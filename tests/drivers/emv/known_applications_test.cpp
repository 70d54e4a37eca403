// SPDX-License-Identifier: Apache-2.0
#include "drivers/emv/known_applications.h"

#include <catch2/catch.hpp>

#include "drivers/emv/application.h"

using namespace guichet;
using namespace guichet::emv;

TEST_CASE("known applications: lines are taken in their order")
{
    const auto applications =
        parseApplications({"A0000000041010 Mastercard", "a000000333010101 银联借记"});
    REQUIRE(applications);
    CHECK(*applications ==
          std::vector<KnownApplication>{{*fromHex("A0000000041010"), "Mastercard"},
                                        {*fromHex("A000000333010101"), "银联借记"}});
}

TEST_CASE("known applications: a wrong line is refused with what is legal")
{
    const auto refusal = [](const std::vector<std::string>& lines) {
        const auto applications = parseApplications(lines);
        REQUIRE_FALSE(applications);
        CHECK(applications.error().code == Errc::Invalid);
        return applications.error().detail;
    };
    const auto* const wrong =
        GENERATE("", "Visa", "A0000000031010", "A0000000031010 ", "A0000000031010  Visa",
                 "A000000003101 Visa", "A0000003 Visa", "A0000000031010\tVisa",
                 "A000000003101000000000000000000000 Visa", "A0000000031010 Vi\x1bsa");
    CHECK(refusal({"A0000000041010 Mastercard", wrong}).starts_with("lines such as"));
    CHECK(refusal({"A0000000031010 Visa", "a0000000031010 Visa"}) ==
          "each AID once, A0000000031010 is there twice");
    CHECK(refusal({}).starts_with("at least one line"));
}

TEST_CASE("known applications: a card's application has the label of its longest beginning")
{
    const auto applications =
        *parseApplications({"A000000333 UnionPay", "A000000333010101 UnionPay debit"});
    CHECK(labelIn(applications, *fromHex("A00000033301010101")) == "UnionPay debit");
    CHECK(labelIn(applications, *fromHex("A000000333010102")) == "UnionPay");
    CHECK(labelIn(applications, *fromHex("A0000000031010")).empty());
}

TEST_CASE("known applications: the usual ones begin with UnionPay's, of schemes that we know")
{
    const auto& usual = usualApplications();
    CHECK(usual.front() == KnownApplication{*fromHex("A000000333010101"), "UnionPay debit"});
    for (const auto& application : usual) {
        CHECK(schemeOf(application.name) != Scheme::Other);
    }
}
