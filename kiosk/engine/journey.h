// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QString>
#include <QVariantMap>
#include <map>
#include <optional>

#include "kiosk/engine/form.h"
#include "kiosk/models/page.h"
#include "peripherals/base/error.h"

namespace guichet::kiosk {

/// A button as the document names it; `text` is a key of the texts.
struct ButtonSpec {
    QString event;
    QString value;
    QString text;
    QString needs; ///< a device that must be ready: "printer", "camera"
    QString icon;  ///< of a choice that is a card
};

/// A line of a page: a label with a value, or a hint alone.
struct FactSpec {
    QString label; ///< a key of the texts; empty: a hint
    QString value; ///< with {name} of the data model inside
    QString text;  ///< instead of a value: a key of the texts, with {name} inside
    QString mask;  ///< how digits of the value stand, "### #### ####"
};

/// A page as the document names it.
struct PageSpec {
    PageKind kind = PageKind::Attract;
    QString title; ///< keys of the texts, with {name} of the data model inside
    QString subtitle;
    QList<ButtonSpec> choices;
    QString choicesFrom;            ///< a list of the data model
    std::optional<ButtonSpec> more; ///< leads on where they do not fit on one page
    std::optional<ButtonSpec> primary;
    std::optional<ButtonSpec> back;
    bool ticket = false;
    bool busy = false;
    bool trouble = false;
    bool help = true;
    QString countdown; ///< a number of the data model
    QString picture;   ///< empty: by kind
    QString mask;      ///< of digits to type
    QString typed;     ///< a variable: digits that are there at first
    QList<FactSpec> facts;
    QStringList fields; ///< of a form, as they stand
    QString form;       ///< instead: {name} of the data model, of a form that has a name
    QString values;     ///< a variable: what is filled in
    QString errors;     ///< a variable: what is wrong with a field, by its name
    bool camera = false;
};

struct TransitionSpec {
    QStringList events;
    QString condition;
    QString target; ///< empty: stays
};

/// One state as written, for pages and for the checker.
struct StateSpec {
    QString id;
    QString parent;
    bool leaf = true;
    bool final = false;
    bool parallel = false;
    int order = 0; ///< of the document; a page further down covers one further up
    QString assurance;
    std::optional<PageSpec> page;
    QList<TransitionSpec> transitions;
    QStringList sends; ///< events of its <send> elements
};

/// A task as loaded from its folder: the document, its pages, its texts. A value; never changes.
struct Journey {
    QString task;
    QByteArray document;
    QList<StateSpec> states;
    QStringList dataNames;
    QStringList leadsTo; ///< tasks that the document names as the next one
    QString retention;   ///< the class of a call's record in it; empty: the outlet's usual one
    Form form;           ///< without a field where there is no form.json, nor one of the parts
    QStringList flaws;   ///< forms of SCXML that a journey must not use, found while reading
    QStringList languages;
    QHash<QString, QHash<QString, QString>> texts; ///< key, language
    /// For the checker: an answer of each effect, or a list of them; as "handed" a list of what
    /// other journeys may hand over, and as "staff.<event>" what remote staff may say.
    QVariantMap samples;

    [[nodiscard]] const StateSpec* state(const QString& id) const;
    /// The text of a key; nothing if it does not exist in that language.
    [[nodiscard]] std::optional<QString> text(const QString& key, const QString& language) const;
};

using Journeys = std::map<QString, Journey>; ///< by task

/// The journey that waits for customers.
inline const QString kFirstTask = QStringLiteral("take-ticket");

/// Reads journey.scxml, form.json, texts.json and samples.json of `folder` (a directory or
/// ":/journeys/..."). Each <g:part name="..."/> is replaced by that file of ../parts, or of the
/// built-in parts, whose form, texts and samples a journey has too unless it says them otherwise.
/// Fails with Errc::NotFound or Errc::Invalid, naming file and line (of the document with its parts
/// in it).
[[nodiscard]] Result<Journey> loadJourney(const QString& folder);

/// Every folder of `folder` that holds a journey.scxml. Fails as loadJourney(), and with
/// Errc::NotFound if kFirstTask is not among them.
[[nodiscard]] Result<Journeys> loadJourneys(const QString& folder);

} // namespace guichet::kiosk
