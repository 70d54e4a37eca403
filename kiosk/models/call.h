// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QList>
#include <QPointF>
#include <QString>
#include <optional>

#include "kiosk/models/page.h"

namespace guichet::kiosk {

/// What stands above the task's page while remote staff help, in the customer's language.
struct CallFace {
    QString who;           ///< "Xiaomei, member of staff"
    QString state;         ///< what the line does; empty while all is well
    QString caption;       ///< what staff wrote last
    QString own;           ///< what the customer wrote after that; empty: nothing
    QString recording;     ///< empty: nothing is recorded
    bool picture = false;  ///< a call with picture; otherwise words alone
    QList<Choice> phrases; ///< what the customer can say by a press
    std::optional<Choice> camera;
    Choice end;

    [[nodiscard]] bool operator==(const CallFace&) const = default;
};

/// What staff point at on the page. Nothing, if both are left out.
struct Pointed {
    QString element; ///< "primary", "back", "choice-2" or "fact-0", from 0 in the page's order
    std::optional<QPointF> place; ///< or a place on the page, both from 0 to 1

    [[nodiscard]] bool operator==(const Pointed&) const = default;
};

} // namespace guichet::kiosk
