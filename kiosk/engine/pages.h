// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QHash>
#include <QStringList>
#include <QVariantMap>

#include "kiosk/engine/journey.h"
#include "kiosk/models/page.h"

namespace guichet::kiosk {

/// What changes while a page stands: devices and the queue, as last heard.
struct Live {
    bool printer = true;
    bool reader = true;
    bool hub = true;
    bool camera = true;       ///< codes can be held before it
    bool cardReading = false; ///< a card is in: it must stay there
    QString asOf;             ///< when `waiting` was heard, "10:42"
    int waiting = -1;         ///< people in all queues; below 0: not known
    QVariantMap line;         ///< of remote staff: {stage, ahead, minutes}, as {line...} in texts
    QVariantList services;    ///< {id, names, open, waiting, low, high}; empty: not known
};

/// The page of the active state that stands last in the document, in the customer's language,
/// with `data` (the data model) and `live` filled in.
[[nodiscard]] Page composePage(const Journey& journey, const QStringList& activeStates,
                               const QVariantMap& data, const Live& live);

/// The active state that stands last in the document and has a page; nothing if none has one.
[[nodiscard]] const StateSpec* shownState(const Journey& journey, const QStringList& activeStates);

/// The form with a name that a page shows, by `data`; empty: it has fields of its own.
[[nodiscard]] QString formOf(const PageSpec& page, const QVariantMap& data);
/// What is filled in on a form page: its own fields, or those of formOf().
[[nodiscard]] QStringList fieldsOf(const Journey& journey, const PageSpec& page,
                                   const QVariantMap& data);

/// What others than the customer may see of a form: [{name, labels, values}], the last two by
/// language; what was not filled in, or only typed again, is left out.
[[nodiscard]] QVariantList shownValues(const Journey& journey, const QVariantMap& values,
                                       const QStringList& names);

/// The text of `key` with {name} and {name.part} replaced from `values`. A text that the language
/// lacks is shown in the journey's first language; a key nobody knows gives an empty string.
[[nodiscard]] QString textOf(const Journey& journey, const QString& key, const QString& language,
                             const QVariantMap& values = {});

/// "about 5 to 15 minutes", from seconds.
[[nodiscard]] QString waitText(const Journey& journey, const QString& language, int low, int high);

/// names[language], or any name there is.
[[nodiscard]] QString nameIn(const QVariantMap& names, const QString& language);

} // namespace guichet::kiosk
