// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/story/call_steps.h"

#include <cstdlib>

#include <catch2/catch.hpp>

#include "tests/e2e/story/steps.h"
#include "tests/support/shell.h"

namespace guichet::test {

void wantBrowser()
{
    if (!Browser::available()) {
        std::_Exit(77); // skipped
    }
}

BankKeys::BankKeys(const World& world)
    : m_place(world.dataFolder().toStdString() + "/call-bank")
{
    REQUIRE(
        run("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out " + privateKey())
            .status == 0);
    REQUIRE(run("openssl pkey -pubout -in " + privateKey() + " -out " + publicKey()).status == 0);
}

std::string outletWith(const Coturn& coturn)
{
    return "[turn]\nurls = [\"" + coturn.url() + "\"]\nsecret_file = \"" +
           coturn.secretFile().string() + "\"\nseat_relay_only = true\n";
}

nlohmann::json staff(Browser& browser, const char* does, nlohmann::json more, const char* who)
{
    more["who"] = who;
    more["does"] = does;
    return browser.step(more);
}

void keepPicture(Browser& browser, const char* name, const char* who)
{
    if (const auto folder = qEnvironmentVariable("GUICHET_PICTURES"); !folder.isEmpty()) {
        staff(browser, "pictured", {{"file", folder.toStdString() + "/" + name}}, who);
    }
}

void beginHelp(Kiosk& kiosk, Browser& browser)
{
    staff(browser, "sits");
    chooseCash(kiosk);
    kiosk.touch(QStringLiteral("help"));
    staff(browser, "accepts");
}

} // namespace guichet::test
