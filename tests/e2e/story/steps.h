// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <catch2/catch.hpp>

#include "tests/e2e/support/kiosk.h"
#include "tests/e2e/support/world.h"

namespace guichet::test {

/// From the attract page to the choice of a service, in English.
void chooseLanguage(Kiosk& kiosk);
/// From the attract page to the one that waits for a card.
void chooseCash(Kiosk& kiosk);
/// From the attract page to the request for a number, without a card.
void takeNumber(Kiosk& kiosk);
/// The same on a slow printer, until its paper is on the way.
void takeNumberSlowly(World& world, Kiosk& kiosk);
/// Presses help and says how to talk: "video", "voice", "text" or "sign".
template <class Terminal> void askForHelp(Terminal& kiosk, const char* by = "video")
{
    kiosk.touch(QStringLiteral("help"));
    REQUIRE(kiosk.reaches(QStringLiteral("howToTalk")));
    kiosk.touch(QStringLiteral("choice/assistBy/") + QLatin1String(by));
}
/// True as soon as so many pieces of paper came out.
[[nodiscard]] bool printed(World& world, std::size_t count);

} // namespace guichet::test
