// SPDX-License-Identifier: Apache-2.0
#include "kiosk/engine/pages.h"

#include <QSet>

#include <catch2/catch.hpp>

#include "kiosk/engine/journey.h"
#include "kiosk/journeys/journeys.h"

using namespace guichet::kiosk;

namespace {

QVariantList services(int count)
{
    QVariantList list;
    for (int i = 0; i < count; ++i) {
        list.append(QVariantMap{{QStringLiteral("id"), QStringLiteral("s%1").arg(i)},
                                {QStringLiteral("open"), true}});
    }
    return list;
}

QStringList offered(int count, int turned, bool elder = false)
{
    registerBuiltInJourneys();
    const auto journey = loadJourney(QStringLiteral(":/journeys/take-ticket"));
    REQUIRE(journey);
    const auto page = composePage(*journey, {QStringLiteral("service")},
                                  {{QStringLiteral("language"), QStringLiteral("en")},
                                   {QStringLiteral("services"), services(count)},
                                   {QStringLiteral("elder"), elder},
                                   {QStringLiteral("choicesPage"), turned}},
                                  Live{});
    QStringList values;
    for (const auto& choice : page.choices) {
        values.append(choice.event == QLatin1String("more") ? choice.title : choice.value);
    }
    return values;
}

} // namespace

TEST_CASE("pages: six services stand on one page", "[unit]")
{
    CHECK(offered(6, 0).size() == 6);
    CHECK_FALSE(offered(6, 0).contains(QStringLiteral("More services")));
}

TEST_CASE("pages: large letters leave room for five", "[unit]")
{
    CHECK(offered(5, 0, true).size() == 5);
    CHECK(offered(6, 0, true).size() == 5);
    CHECK(offered(6, 1, true).size() == 3);
}

TEST_CASE("pages: more services than fit are all reached, each once, and then the first again",
          "[unit]")
{
    for (const int count : {7, 10, 11, 23}) {
        INFO(count << " services");
        QStringList seen;
        for (int turned = 0; turned < (count + 4) / 5; ++turned) {
            auto page = offered(count, turned);
            REQUIRE(page.size() <= kMostChoices);
            CHECK(page.takeLast() == QStringLiteral("More services"));
            seen += page;
        }
        CHECK(seen.size() == count);
        CHECK(QSet<QString>(seen.begin(), seen.end()).size() == count);
        CHECK(offered(count, (count + 4) / 5) == offered(count, 0));
    }
}

TEST_CASE("pages: a choice that needs the camera is disabled while no code can be read")
{
    PageSpec spec;
    spec.kind = PageKind::Choose;
    spec.choices = {{QStringLiteral("scan"), {}, {}, QStringLiteral("camera")},
                    {QStringLiteral("typed"), {}, {}, {}}};
    StateSpec state;
    state.id = QStringLiteral("how");
    state.page = spec;
    Journey journey;
    journey.states = {state};
    const auto page = composePage(journey, {state.id}, {}, {.camera = false});
    CHECK_FALSE(page.choices[0].enabled);
    CHECK(page.choices[1].enabled);
    CHECK(composePage(journey, {state.id}, {}, {.camera = true}).choices[0].enabled);
}
