// SPDX-License-Identifier: Apache-2.0
// Customers who change the phone number that the bank has of them.
#include <QTest>
#include <optional>

#include <catch2/catch.hpp>

#include "tests/e2e/story/phone_steps.h"
#include "tests/e2e/story/steps.h"

using namespace guichet::test;

TEST_CASE("phone-change: by card, to the receipt", "[e2e]")
{
    PhoneOutlet outlet;
    Kiosk kiosk(outlet.world.dataFolder());
    toIdentity(kiosk);
    kiosk.touch(QStringLiteral("choice/card/"));
    REQUIRE(kiosk.reaches(QStringLiteral("card")));
    outlet.world.play("/card/insert", {{"card", "unionpay"}});
    toPhoneReview(kiosk);
    CHECK(kiosk.page().facts.at(0).value == QStringLiteral("*三"));
    CHECK(kiosk.page().facts.at(2).value == QStringLiteral("138****1234"));
    CHECK(kiosk.page().facts.at(3).value == QStringLiteral("139 1111 2222"));
    kiosk.touch(QStringLiteral("primary"));
    REQUIRE(kiosk.reaches(QStringLiteral("takeCard")));
    CHECK(printed(outlet.world, 1));
    outlet.world.play("/card/remove");
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    CHECK(kiosk.page().subtitle.contains(QStringLiteral("139****2222")));
    CHECK(kiosk.page().subtitle.contains(QStringLiteral("P000001")));
    kiosk.touch(QStringLiteral("primary"));
    CHECK(kiosk.reaches(QStringLiteral("attract")));
    CHECK(QTest::qWaitFor([&] { return !outlet.world.keepsSession(); }, 30'000));
    CHECK(outlet.world.placesOf("6205500000000000004").isEmpty());
}

TEST_CASE("phone-change: by identity card, and a bank that is cut off changes it once", "[e2e]")
{
    PhoneOutlet outlet;
    std::optional<Kiosk> kiosk(std::in_place, outlet.world.dataFolder());
    toIdentity(*kiosk);
    kiosk->touch(QStringLiteral("choice/document/"));
    REQUIRE(kiosk->reaches(QStringLiteral("document")));
    outlet.world.play("/resident/place", {{"card", "resident"}});
    toPhoneReview(*kiosk);
    CHECK(kiosk->page().facts.at(0).value == QStringLiteral("**明"));
    outlet.world.killBank();
    kiosk->touch(QStringLiteral("primary"));
    REQUIRE(kiosk->reaches(QStringLiteral("submitLost")));
    outlet.world.startBank();
    REQUIRE(kiosk->reaches(QStringLiteral("result")));
    CHECK(kiosk->page().subtitle.contains(QStringLiteral("P000001")));
    CHECK(printed(outlet.world, 1));
}

TEST_CASE("phone-change: a kiosk that dies while the receipt comes does not change it again",
          "[e2e]")
{
    PhoneOutlet outlet;
    std::optional<Kiosk> kiosk(std::in_place, outlet.world.dataFolder());
    toIdentity(*kiosk);
    kiosk->touch(QStringLiteral("choice/document/"));
    REQUIRE(kiosk->reaches(QStringLiteral("document")));
    outlet.world.play("/resident/place", {{"card", "resident"}});
    toPhoneReview(*kiosk);
    outlet.world.play("/printer/slow", {{"bytesPerSecond", 10'000}});
    kiosk->touch(QStringLiteral("primary"));
    REQUIRE(kiosk->reaches(QStringLiteral("printing")));
    REQUIRE(QTest::qWaitFor(
        [&] { return outlet.world.state().at("printer").at("midTicket").get<bool>(); }, 30'000));
    kiosk.reset();
    kiosk.emplace(outlet.world.dataFolder());
    REQUIRE(kiosk->reaches(QStringLiteral("result")));
    CHECK(kiosk->page().subtitle.contains(QStringLiteral("P000001")));
    CHECK(printed(outlet.world, 1));
}

TEST_CASE("phone-change: whose number only the counter may change gets a ticket for it", "[e2e]")
{
    PhoneOutlet outlet;
    Kiosk kiosk(outlet.world.dataFolder());
    toIdentity(kiosk);
    kiosk.touch(QStringLiteral("choice/document/"));
    REQUIRE(kiosk.reaches(QStringLiteral("document")));
    outlet.world.play("/resident/place", {{"card", "resident-moved"}});
    toPhoneReview(kiosk);
    kiosk.touch(QStringLiteral("primary"));
    REQUIRE(kiosk.reaches(QStringLiteral("counterOnly")));
    kiosk.touch(QStringLiteral("primary"));
    REQUIRE(kiosk.reaches(QStringLiteral("card")));
    kiosk.touch(QStringLiteral("choice/skip/"));
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    CHECK(kiosk.page().ticket->service == QStringLiteral("开户与银行卡"));
    CHECK(printed(outlet.world, 1));
}
