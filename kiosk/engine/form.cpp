// SPDX-License-Identifier: Apache-2.0
#include "kiosk/engine/form.h"

#include <QCryptographicHash>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <exception>
#include <map>

#define VALIJSON_USE_EXCEPTIONS 1 // else it ends the program where a schema is wrong
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace guichet::kiosk {

namespace {

using nlohmann::json;

constexpr QLatin1Char kSign('#'), kHidden('*');

tl::unexpected<Error> wrong(const QString& field, const char* what)
{
    return fail(Errc::Invalid, "form.json: " + field.toStdString() + ": " + what);
}

bool isText(const json& property)
{
    return property.is_object() && property.value("type", json()) == "string";
}

Result<FormFieldSpec> fieldOf(const QString& name, const json& property)
{
    FormFieldSpec field;
    field.name = name;
    if (!isText(property)) {
        return wrong(name, "wants \"type\": \"string\"");
    }
    if (const auto mask = property.find("x-mask"); mask != property.end()) {
        field.mask =
            mask->is_string() ? QString::fromStdString(mask->get<std::string>()) : QString();
        if (!field.mask.contains(kSign)) {
            return wrong(name, "x-mask wants a text with a # for each digit");
        }
    }
    if (const auto options = property.find("enum"); options != property.end()) {
        field.kind = FormField::Kind::Choice;
        for (const auto& option : *options) {
            if (!option.is_string()) {
                return wrong(name, "enum wants texts");
            }
            field.options.append(QString::fromStdString(option.get<std::string>()));
        }
        if (field.options.size() < 2) {
            return wrong(name, "enum wants at least two");
        }
    }
    if (field.mask.isEmpty() && field.options.isEmpty()) {
        return wrong(name, "wants x-mask or enum: there is no key for letters on the screen");
    }
    const auto evidence = property.value("x-evidence", json("masked"));
    if (evidence == "sealed") {
        field.evidence = FormFieldSpec::Evidence::Sealed;
    } else if (evidence == "plain") {
        field.evidence = FormFieldSpec::Evidence::Plain;
    } else if (evidence != "masked") {
        return wrong(name, "x-evidence wants \"masked\", \"sealed\" or \"plain\"");
    }
    if (const auto other = property.find("x-repeats"); other != property.end()) {
        field.repeats = other->is_string() ? QString::fromStdString(other->get<std::string>())
                                           : QStringLiteral("?");
    }
    if (const auto shown = property.find("x-shown"); shown != property.end()) {
        field.shown =
            shown->is_string() ? QString::fromStdString(shown->get<std::string>()) : QString();
        if (!field.shown.contains(kHidden)) {
            return wrong(name, "x-shown wants a text with a * for each sign that is hidden");
        }
    }
    return field;
}

/// The forms with a name, each of at least one field.
Result<QMap<QString, QStringList>> namedForms(const json& document)
{
    QMap<QString, QStringList> named;
    const auto forms = document.value("x-forms", json::object());
    if (!forms.is_object()) {
        return fail(Errc::Invalid, "form.json: x-forms wants an object");
    }
    for (const auto& [name, fields] : forms.items()) {
        auto& list = named[QString::fromStdString(name)];
        for (const auto& field : fields.is_array() ? fields : json::array()) {
            list.append(field.is_string() ? QString::fromStdString(field.get<std::string>())
                                          : QString());
        }
        if (list.isEmpty()) {
            return fail(Errc::Invalid, "form.json: x-forms: " + name + ": wants names of fields");
        }
    }
    return named;
}

} // namespace

struct Form::Rules {
    QList<FormFieldSpec> fields;
    std::map<QString, valijson::Schema> schemas; ///< one a field
    QStringList required;
    QMap<QString, QStringList> named;
    QString id;
    QString version;
    QString hash;
};

Result<Form> Form::read(const QJsonObject& schema)
{
    const auto text = QJsonDocument(schema).toJson(QJsonDocument::Compact);
    const auto document = json::parse(text.toStdString());
    const auto rules = std::make_shared<Rules>();
    rules->id = schema.value(QStringLiteral("$id")).toString();
    rules->version = schema.value(QStringLiteral("x-version")).toString();
    rules->hash =
        QString::fromLatin1(QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex());
    const auto properties = document.value("properties", json::object());
    if (!properties.is_object() || properties.empty()) {
        return fail(Errc::Invalid, "form.json: has no properties");
    }
    for (const auto& [key, property] : properties.items()) {
        const auto name = QString::fromStdString(key);
        auto field = fieldOf(name, property);
        if (!field) {
            return tl::unexpected(field.error());
        }
        rules->fields.append(*field);
        try {
            const valijson::adapters::NlohmannJsonAdapter source(property);
            valijson::SchemaParser(valijson::SchemaParser::kDraft7)
                .populateSchema(source, rules->schemas[name]);
            const json trial(""); // a pattern is read only where something is checked
            valijson::Validator().validate(rules->schemas[name],
                                           valijson::adapters::NlohmannJsonAdapter(trial), nullptr);
        } catch (const std::exception& exception) { // valijson's way to say no
            return wrong(name, exception.what());
        }
    }
    for (const auto& name : document.value("required", json::array())) {
        rules->required.append(name.is_string() ? QString::fromStdString(name.get<std::string>())
                                                : QString());
    }
    Form form;
    form.m_rules = rules;
    for (const auto& field : std::as_const(rules->fields)) {
        if (!field.repeats.isEmpty() && form.field(field.repeats) == nullptr) {
            return wrong(field.name, "x-repeats names no field");
        }
    }
    for (const auto& name : std::as_const(rules->required)) {
        if (form.field(name) == nullptr) {
            return wrong(name, "is required and no property");
        }
    }
    auto named = namedForms(document);
    if (!named) {
        return tl::unexpected(named.error());
    }
    for (const auto& names : std::as_const(*named)) {
        for (const auto& name : names) {
            if (form.field(name) == nullptr) {
                return wrong(name, "stands in x-forms and is no property");
            }
        }
    }
    rules->named = std::move(*named);
    return form;
}

const QList<FormFieldSpec>& Form::fields() const
{
    static const QList<FormFieldSpec> none;
    return m_rules ? m_rules->fields : none;
}

const QMap<QString, QStringList>& Form::named() const
{
    static const QMap<QString, QStringList> none;
    return m_rules ? m_rules->named : none;
}

const FormFieldSpec* Form::field(const QString& name) const
{
    const auto& all = fields();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const FormFieldSpec& each) { return each.name == name; });
    return found == all.end() ? nullptr : &*found;
}

QVariantMap Form::kept(const QVariantMap& values, const QStringList& names)
{
    QVariantMap result;
    for (const auto& name : names) {
        const auto value = values.constFind(name);
        if (value != values.constEnd() && value->typeId() == QMetaType::QString) {
            result.insert(name, value->toString().trimmed());
        }
    }
    return result;
}

QVariantMap Form::check(const QVariantMap& values, const QStringList& names) const
{
    QVariantMap errors;
    for (const auto& name : names) {
        const auto* spec = field(name);
        const auto value = values.value(name).toString();
        if (spec == nullptr) {
            continue;
        }
        if (value.isEmpty()) {
            if (m_rules->required.contains(name)) {
                errors.insert(name, QStringLiteral("missing"));
            }
            continue;
        }
        const json document(value.toStdString());
        const valijson::adapters::NlohmannJsonAdapter target(document);
        if (!valijson::Validator().validate(m_rules->schemas.at(name), target, nullptr)) {
            errors.insert(name, QStringLiteral("wrong"));
        } else if (!spec->repeats.isEmpty() && value != values.value(spec->repeats).toString()) {
            errors.insert(name, QStringLiteral("different"));
        }
    }
    return errors;
}

QString Form::shown(const QString& name, const QString& value) const
{
    const auto* spec = field(name);
    if (spec == nullptr || spec->shown.isEmpty()) {
        return value;
    }
    if (spec->shown.count(kSign) + spec->shown.count(kHidden) != value.size()) {
        return QString(4, kHidden); // nor how long it is
    }
    QString text;
    qsizetype next = 0;
    for (const QChar sign : spec->shown) {
        const bool stands = sign == kSign || sign == kHidden;
        text += sign == kSign ? value.at(next) : sign;
        next += stands ? 1 : 0;
    }
    return text;
}

QString Form::id() const
{
    return m_rules ? m_rules->id : QString();
}

QString Form::version() const
{
    return m_rules ? m_rules->version : QString();
}

QString Form::hash() const
{
    return m_rules ? m_rules->hash : QString();
}

} // namespace guichet::kiosk
