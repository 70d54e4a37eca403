// SPDX-License-Identifier: Apache-2.0
// Remote staff with picture and sound: the real kiosk and its call process, the seat in a real
// browser.
#include <QCoreApplication>
#include <QDir>
#include <QProcess>
#include <QTest>
#include <cstdlib>

#include <catch2/catch.hpp>

#include "tests/e2e/story/steps.h"
#include "tests/e2e/support/browser.h"
#include "tests/e2e/support/seat.h"

using namespace guichet::test;

namespace {

/// Runs a program to its end; its exit status, 127 if it does not end.
int run(const QString& program, const QStringList& arguments)
{
    QProcess process;
    process.start(program, arguments);
    return process.waitForFinished() && process.exitStatus() == QProcess::NormalExit
               ? process.exitCode()
               : 127;
}

/// The bank's pair of keys, `bank.pem` and `bank-public.pem` in `folder`.
void makeBankKeys(const QString& folder)
{
    const QString key = folder + QStringLiteral("/bank.pem");
    REQUIRE(run(QStringLiteral("openssl"),
                {QStringLiteral("genpkey"), QStringLiteral("-algorithm"), QStringLiteral("EC"),
                 QStringLiteral("-pkeyopt"), QStringLiteral("ec_paramgen_curve:P-256"),
                 QStringLiteral("-out"), key}) == 0);
    REQUIRE(run(QStringLiteral("openssl"),
                {QStringLiteral("pkey"), QStringLiteral("-in"), key, QStringLiteral("-pubout"),
                 QStringLiteral("-out"), folder + QStringLiteral("/bank-public.pem")}) == 0);
}

/// A customer who waits for a card asks for help, and the seat's page answers.
void beginHelp(Kiosk& kiosk, Browser& seat)
{
    seat.step({{"who", "agent"}, {"does", "sits"}});
    chooseCash(kiosk);
    kiosk.touch(QStringLiteral("help"));
    seat.step({{"who", "agent"}, {"does", "accepts"}});
}

} // namespace

TEST_CASE("call: both see each other in the middle of a task, which goes on", "[e2e]")
{
    if (!Browser::available()) {
        std::_Exit(77); // skipped
    }
    World world;
    Kiosk kiosk(world.dataFolder(), {.calls = true});
    Browser seat(QStringLiteral("http://127.0.0.1:8480"));
    beginHelp(kiosk, seat);
    REQUIRE(kiosk.reaches(QStringLiteral("card")));
    const auto customer = seat.step({{"who", "agent"}, {"does", "sees"}});
    CHECK(customer.at("width") == 640);
    CHECK(kiosk.seesStaff());
    CHECK(kiosk.offers(QStringLiteral("call/assistCamera/")));

    seat.step({{"who", "agent"}, {"does", "writes"}, {"text", "Go on without a card."}});
    CHECK(kiosk.isTold(QStringLiteral("Go on without a card.")));
    seat.step({{"who", "agent"}, {"does", "points"}, {"element", "choice-0"}});
    CHECK(kiosk.marksSomething());
    kiosk.picture("call-kiosk.png");
    if (const auto folder = qEnvironmentVariable("GUICHET_PICTURES"); !folder.isEmpty()) {
        seat.step({{"who", "agent"},
                   {"does", "pictured"},
                   {"file", folder.toStdString() + "/call-seat.png"}});
    }
    kiosk.touch(QStringLiteral("choice/skip/"));
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    CHECK(kiosk.seesStaff());

    const auto end = seat.step({{"who", "agent"}, {"does", "hangsUp"}});
    CHECK(end.at("faults").empty());
    REQUIRE(kiosk.reaches(QStringLiteral("helped")));
    kiosk.touch(QStringLiteral("primary"));
    CHECK(kiosk.reaches(QStringLiteral("result")));
}

TEST_CASE("call: recorded once the customer agrees, never before, and given to the hub", "[e2e]")
{
    if (!Browser::available()) {
        std::_Exit(77); // skipped
    }
    World world;
    makeBankKeys(world.dataFolder());
    const auto bank = world.dataFolder() + QStringLiteral("/bank");
    Kiosk kiosk(world.dataFolder(),
                {.calls = true, .recordKey = (bank + QStringLiteral("-public.pem")).toStdString()});
    Browser seat(QStringLiteral("http://127.0.0.1:8480"));
    beginHelp(kiosk, seat);
    REQUIRE(kiosk.reaches(QStringLiteral("consent")));
    kiosk.picture("call-consent.png");
    const QDir here(world.dataFolder() + QStringLiteral("/kiosk/evidence"));
    CHECK_FALSE(here.exists());

    kiosk.touch(QStringLiteral("primary"));
    REQUIRE(kiosk.reaches(QStringLiteral("card")));
    seat.step({{"who", "agent"}, {"does", "sees"}});
    CHECK(kiosk.saysRecording());
    CHECK(kiosk.seesStaff());
    kiosk.picture("call-recorded.png");
    seat.step({{"who", "agent"}, {"does", "hangsUp"}});
    REQUIRE(kiosk.reaches(QStringLiteral("helped")));

    const auto all = QDir::Dirs | QDir::NoDotAndDotDot;
    CHECK(QTest::qWaitFor([&] { return here.exists() && here.isEmpty(all); }, 30'000));
    const QDir hub(world.dataFolder() + QStringLiteral("/hub/evidence/cases"));
    const auto cases = hub.entryList(all);
    REQUIRE(cases.size() == 1);
    CHECK(run(QCoreApplication::applicationDirPath() + QStringLiteral("/guichet-evidence"),
              {QStringLiteral("verify"), hub.filePath(cases.front()), QStringLiteral("--key"),
               bank + QStringLiteral(".pem")}) == 0);
}

TEST_CASE("call: who will not be recorded is led to the counter, with the task as it stood",
          "[e2e]")
{
    World world;
    makeBankKeys(world.dataFolder());
    Kiosk kiosk(
        world.dataFolder(),
        {.calls = true,
         .recordKey = (world.dataFolder() + QStringLiteral("/bank-public.pem")).toStdString()});
    Seat seat;
    chooseCash(kiosk);
    kiosk.touch(QStringLiteral("help"));
    seat.takeCall();
    REQUIRE(kiosk.reaches(QStringLiteral("consent")));
    kiosk.touch(QStringLiteral("back"));
    REQUIRE(kiosk.reaches(QStringLiteral("unrecorded")));
    kiosk.touch(QStringLiteral("primary"));
    CHECK(kiosk.reaches(QStringLiteral("card")));
    CHECK_FALSE(QDir(world.dataFolder() + QStringLiteral("/kiosk/evidence")).exists());
}
