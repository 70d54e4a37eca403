// SPDX-License-Identifier: Apache-2.0
#include "kiosk/engine/journey_checker.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <catch2/catch.hpp>

#include "kiosk/journeys/journeys.h"

using namespace guichet::kiosk;

namespace {

/// take-ticket with one passage of its document replaced.
Journey spoilt(const char* passage, const char* replacement)
{
    registerBuiltInJourneys();
    const QTemporaryDir folder;
    const QDir source(QStringLiteral(":/journeys/take-ticket"));
    for (const auto& name : source.entryList(QDir::Files)) {
        QFile from(source.filePath(name));
        REQUIRE(from.open(QIODevice::ReadOnly));
        auto content = from.readAll();
        if (name == QLatin1String("journey.scxml")) {
            REQUIRE(content.contains(passage));
            content.replace(passage, replacement);
        }
        QFile to(folder.filePath(name));
        REQUIRE(to.open(QIODevice::WriteOnly));
        to.write(content);
    }
    auto journey = loadJourney(folder.path());
    REQUIRE(journey);
    return std::move(*journey);
}

void checkBuiltIn(const char* task)
{
    registerBuiltInJourneys();
    const auto journey = loadJourney(QStringLiteral(":/journeys/") + QLatin1String(task));
    REQUIRE(journey);
    const auto findings = checkJourney(*journey);
    CHECK(findings.problems.join(QLatin1Char('\n')).toStdString() == "");
    CHECK(findings.situations > 20);
    CHECK(findings.faults > 50);
}

} // namespace

TEST_CASE("checker: take-ticket has a way on from every stand, whatever fails")
{
    checkBuiltIn("take-ticket");
}

TEST_CASE("checker: check-in has a way on from every stand, whatever fails")
{
    checkBuiltIn("check-in");
}

TEST_CASE("checker: phone-change has a way on from every stand, whatever fails")
{
    checkBuiltIn("phone-change");
}

TEST_CASE("checker: a journey that leads to none is named")
{
    registerBuiltInJourneys();
    auto journeys = loadJourneys(QStringLiteral(":/journeys"));
    REQUIRE(journeys);
    CHECK(checkLinks(*journeys).isEmpty());
    journeys->erase(QStringLiteral("check-in"));
    CHECK(checkLinks(*journeys).join(QLatin1Char('\n')).toStdString() ==
          "take-ticket: leads to check-in, which does not exist");
}

TEST_CASE("checker: what a journey lacks is named")
{
    struct Case {
        const char* passage;
        const char* replacement;
        QString problem;
    };
    const auto example = GENERATE(
        Case{"<transition event=\"user.skip\" target=\"number\"/>", "",
             QStringLiteral("nobody hears the button skip")},
        Case{"<transition event=\"error.hub.queue\" cond=\"_event.data.op === taskOp\" "
             "target=\"servicesLost\"/>",
             "", QStringLiteral("hub.queue")},
        Case{"text=\"card.skip\"", "text=\"card.nothing\"", QStringLiteral("no text card.nothing")},
        Case{"g:page=\"insertCard\" g:assurance=\"none\">",
             "g:page=\"insertCard\" g:assurance=\"sure\">", QStringLiteral("no assurance level")});
    const auto journey = spoilt(example.passage, example.replacement);
    const auto problems = readJourney(journey).join(QLatin1Char('\n'));
    INFO(problems.toStdString());
    CHECK(problems.contains(example.problem));
}
