// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/story/steps.h"

#include <QTest>

#include <catch2/catch.hpp>

namespace guichet::test {

namespace {

constexpr int kStepMs = 30'000;

} // namespace

void chooseLanguage(Kiosk& kiosk)
{
    REQUIRE(kiosk.reaches(QStringLiteral("attract")));
    kiosk.touch(QStringLiteral("primary"));
    REQUIRE(kiosk.reaches(QStringLiteral("language")));
    kiosk.touch(QStringLiteral("choice/language/en"));
    REQUIRE(kiosk.reaches(QStringLiteral("service")));
}

void chooseCash(Kiosk& kiosk)
{
    chooseLanguage(kiosk);
    kiosk.touch(QStringLiteral("choice/service/cash"));
    REQUIRE(kiosk.reaches(QStringLiteral("card")));
}

void takeNumber(Kiosk& kiosk)
{
    chooseCash(kiosk);
    kiosk.touch(QStringLiteral("choice/skip/"));
}

void takeNumberSlowly(World& world, Kiosk& kiosk)
{
    world.play("/printer/slow", {{"bytesPerSecond", 10'000}});
    takeNumber(kiosk);
    REQUIRE(kiosk.reaches(QStringLiteral("printing")));
    REQUIRE(QTest::qWaitFor([&] { return world.state().at("printer").at("midTicket").get<bool>(); },
                            kStepMs));
}

bool printed(World& world, std::size_t count)
{
    return QTest::qWaitFor([&] { return world.printedTickets() == count; }, kStepMs);
}

} // namespace guichet::test
