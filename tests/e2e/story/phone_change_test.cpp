// SPDX-License-Identifier: Apache-2.0
// Customers who change the phone number that the bank has of them.
#include <QImage>
#include <QTest>
#include <optional>

#include <catch2/catch.hpp>

#include "tests/drivers/face/drawn_face.h"
#include "tests/e2e/story/steps.h"

using namespace guichet::test;

namespace {

/// A world with a bank, and a face before the camera.
class Outlet {
public:
    Outlet()
    {
        world.startBank();
        const auto face = DrawnPicture({1280, 720}).add({}).noise(3, 1);
        const auto& gray = face.gray();
        const QImage picture(gray.data, gray.cols, gray.rows, static_cast<qsizetype>(gray.step),
                             QImage::Format_Grayscale8);
        const auto file = world.dataFolder() + QStringLiteral("/face.png");
        REQUIRE(picture.save(file));
        world.play("/camera/picture", {{"file", file.toStdString()}});
    }
    World world;
};

void toIdentify(Kiosk& kiosk)
{
    REQUIRE(kiosk.reaches(QStringLiteral("attract")));
    kiosk.touch(QStringLiteral("choice/tasks/"));
    REQUIRE(kiosk.reaches(QStringLiteral("tasks")));
    kiosk.touch(QStringLiteral("choice/phone/"));
    REQUIRE(kiosk.reaches(QStringLiteral("identify")));
}

void typeDigits(Kiosk& kiosk, const std::string& digits)
{
    for (const char digit : digits) {
        kiosk.touch(QStringLiteral("key/") + QLatin1Char(digit));
    }
}

void toReview(Kiosk& kiosk)
{
    REQUIRE(kiosk.reaches(QStringLiteral("number")));
    typeDigits(kiosk, "1391111222213911112222"); // a full field leads on to the next
    kiosk.touch(QStringLiteral("primary"));
    REQUIRE(kiosk.reaches(QStringLiteral("sign"))); // past the face, which is seen at once
    CHECK_FALSE(kiosk.offers(QStringLiteral("primary")));
    kiosk.sign();
    kiosk.touch(QStringLiteral("primary"));
    REQUIRE(kiosk.reaches(QStringLiteral("review")));
}

} // namespace

TEST_CASE("phone-change: by card, to the receipt", "[e2e]")
{
    Outlet outlet;
    Kiosk kiosk(outlet.world.dataFolder());
    toIdentify(kiosk);
    kiosk.touch(QStringLiteral("choice/card/"));
    REQUIRE(kiosk.reaches(QStringLiteral("card")));
    outlet.world.play("/card/insert", {{"card", "unionpay"}});
    toReview(kiosk);
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
    Outlet outlet;
    std::optional<Kiosk> kiosk(std::in_place, outlet.world.dataFolder());
    toIdentify(*kiosk);
    kiosk->touch(QStringLiteral("choice/document/"));
    REQUIRE(kiosk->reaches(QStringLiteral("document")));
    outlet.world.play("/resident/place", {{"card", "resident"}});
    toReview(*kiosk);
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
    Outlet outlet;
    std::optional<Kiosk> kiosk(std::in_place, outlet.world.dataFolder());
    toIdentify(*kiosk);
    kiosk->touch(QStringLiteral("choice/document/"));
    REQUIRE(kiosk->reaches(QStringLiteral("document")));
    outlet.world.play("/resident/place", {{"card", "resident"}});
    toReview(*kiosk);
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
    Outlet outlet;
    Kiosk kiosk(outlet.world.dataFolder());
    toIdentify(kiosk);
    kiosk.touch(QStringLiteral("choice/document/"));
    REQUIRE(kiosk.reaches(QStringLiteral("document")));
    outlet.world.play("/resident/place", {{"card", "resident-moved"}});
    toReview(kiosk);
    kiosk.touch(QStringLiteral("primary"));
    REQUIRE(kiosk.reaches(QStringLiteral("counterOnly")));
    kiosk.touch(QStringLiteral("primary"));
    REQUIRE(kiosk.reaches(QStringLiteral("card")));
    kiosk.touch(QStringLiteral("choice/skip/"));
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    CHECK(kiosk.page().ticket->service == QStringLiteral("开户与银行卡"));
    CHECK(printed(outlet.world, 1));
}
