// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QStringList>

#include "kiosk/engine/journey.h"

namespace guichet::kiosk {

struct JourneyFindings {
    QStringList problems; ///< one line each; empty: the journey may be shown to customers
    int situations = 0;   ///< different stands that were reached
    int faults = 0;       ///< failures that were executed
};

/// Reads what is written: pages, ways home, time-outs, error and assist paths, assurance, texts in
/// each language. One line for each problem.
[[nodiscard]] QStringList readJourney(const Journey& journey);

/// Journeys that one of them leads to and that do not exist. One line each.
[[nodiscard]] QStringList checkLinks(const Journeys& journeys);

/// As readJourney(), and then runs the journey: from every stand it can reach, presses every
/// button, lets every timer run out and lets every effect succeed and fail with each remedy, and
/// looks whether the customer has a way on. Needs an event loop of its own thread; takes seconds.
[[nodiscard]] JourneyFindings checkJourney(const Journey& journey);

} // namespace guichet::kiosk
