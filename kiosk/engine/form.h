// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>
#include <QVariantMap>
#include <memory>

#include "kiosk/models/page.h"
#include "peripherals/base/error.h"

class QJsonObject;

namespace guichet::kiosk {

/// One property of a form, as its schema says it.
struct FormFieldSpec {
    QString name;
    FormField::Kind kind = FormField::Kind::Digits;
    QString mask;        ///< of digits: "### #### ####"
    QStringList options; ///< of a choice
    QString repeats;     ///< the field that must be typed the same; empty: none
    QString shown;       ///< how others see it: '#' a sign of it, '*' hidden; empty: as it is
    /// How what was filled in stands in a case's record.
    enum class Evidence { Masked, Sealed, Plain };
    Evidence evidence = Evidence::Masked;
};

/// What may be filled in on a journey's form pages: form.json, JSON Schema draft 7 of an object
/// whose properties are texts. `x-mask` makes a text digits to type, `enum` a choice; `x-repeats`
/// names the field that is typed a second time, and `x-shown` is how others than the customer see a
/// value. `x-forms` names what staff may ask to be filled in: {"number": ["phone", "phoneAgain"]}.
/// `x-evidence` says how a case's record has a field: "masked", unless it says "sealed" or "plain".
/// `$id` and `x-version` name the whole. A value; copies share what never changes.
class Form {
public:
    /// Fails with Errc::Invalid, naming the field, for what no page could show.
    [[nodiscard]] static Result<Form> read(const QJsonObject& schema);

    [[nodiscard]] const FormFieldSpec* field(const QString& name) const;
    [[nodiscard]] const QList<FormFieldSpec>& fields() const;
    /// The fields of each form that has a name.
    [[nodiscard]] const QMap<QString, QStringList>& named() const;
    [[nodiscard]] QString id() const;
    [[nodiscard]] QString version() const;
    /// SHA-256 of the schema as JSON without spaces, members sorted; in hexadecimal.
    [[nodiscard]] QString hash() const;

    /// `values` of `names` only, without spaces around them; nothing that is no text.
    [[nodiscard]] static QVariantMap kept(const QVariantMap& values, const QStringList& names);
    /// For each field of `names` that is not right: "missing", "wrong" or "different". Empty: all
    /// are right.
    [[nodiscard]] QVariantMap check(const QVariantMap& values, const QStringList& names) const;
    /// What others may see of `value`: a field that hides something never shows more than its
    /// `x-shown` does, whatever was typed.
    [[nodiscard]] QString shown(const QString& name, const QString& value) const;

private:
    struct Rules;
    std::shared_ptr<const Rules> m_rules; // shared by copies of a journey; it never changes
};

} // namespace guichet::kiosk
