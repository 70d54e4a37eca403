// SPDX-License-Identifier: Apache-2.0
#include "kiosk/engine/pages.h"

#include <QRegularExpression>

namespace guichet::kiosk {

namespace {

/// What the devices ask of a customer who shows a document or a face.
constexpr const char* kAdvice[] = {"insertCard",   "showDocument", "moveCloser",   "holdStill",
                                   "tiltDocument", "reading",      "showFace",     "onePerson",
                                   "comeCloser",   "stepBack",     "moveToMiddle", "moreLight",
                                   "lessLight",    "evenLight",    "lookStraight", "showEyes"};
const QString kReading = QStringLiteral(".reading");
const QString kChoicesPage = QStringLiteral("choicesPage");

QString filled(const QString& pattern, const QVariantMap& values)
{
    static const QRegularExpression placeholder(QStringLiteral("\\{([A-Za-z.]+)\\}"));
    QString text;
    qsizetype end = 0;
    auto matches = placeholder.globalMatch(pattern);
    while (matches.hasNext()) {
        const auto match = matches.next();
        text += pattern.mid(end, match.capturedStart() - end);
        QVariant value = values;
        const auto parts = match.captured(1).split(QLatin1Char('.'));
        for (const auto& part : parts) {
            value = value.toMap().value(part);
        }
        text += value.toString();
        end = match.capturedEnd();
    }
    return text + pattern.mid(end);
}

/// `digits` in the groups of `mask`; as they are where they do not fill it.
QString grouped(const QString& digits, const QString& mask)
{
    if (mask.isEmpty() || digits.size() != mask.count(QLatin1Char('#'))) {
        return digits;
    }
    QString text;
    qsizetype next = 0;
    for (const QChar sign : mask) {
        text += sign == QLatin1Char('#') ? digits.at(next++) : sign;
    }
    return text;
}

/// Builds one page; holds what every part of it needs.
class Composer {
public:
    Composer(const Journey& journey, const QVariantMap& data, const Live& live)
        : m_journey(journey)
        , m_data(data)
        , m_live(live)
        , m_language(data.value(QStringLiteral("language")).toString())
    {
    }

    [[nodiscard]] Page page(const StateSpec& state) const
    {
        const auto& spec = *state.page;
        Page page;
        page.id = state.id;
        page.kind = spec.kind;
        page.title = text(spec.title, m_data);
        page.subtitle = text(spec.subtitle, m_data);
        if (spec.kind == PageKind::Attract) {
            greet(page, spec);
        }
        page.help = spec.help;
        page.picture = spec.picture;
        page.mask = spec.mask;
        if (spec.kind == PageKind::Keypad || spec.kind == PageKind::Form) {
            page.typed = m_data.value(spec.typed).toString();
            page.erase = text(QStringLiteral("keypad.erase"));
            page.clear = text(QStringLiteral("keypad.clear"));
        } else if (spec.kind == PageKind::Sign || spec.kind == PageKind::Write) {
            page.erase = text(QStringLiteral("pad.undo"));
            page.clear = text(QStringLiteral("pad.clear"));
        }
        page.camera = spec.camera;
        if (spec.kind == PageKind::PlaceDocument || spec.kind == PageKind::LookAtCamera) {
            for (const auto* event : kAdvice) {
                const auto name = QString::fromLatin1(event);
                page.advice.insert(name, text(QStringLiteral("advice.") + name));
            }
        }
        for (const auto& name : fieldsOf(m_journey, spec, m_data)) {
            page.fields.append(field(name, spec));
        }
        for (const auto& fact : spec.facts) {
            page.facts.append({.label = fact.label.isEmpty() ? QString() : text(fact.label),
                               .value = fact.text.isEmpty()
                                            ? grouped(filled(fact.value, m_data), fact.mask)
                                            : text(fact.text, m_data)});
        }
        page.busy = spec.busy;
        page.trouble = spec.trouble;
        page.countdownSeconds = m_data.value(spec.countdown).toInt();
        if (spec.kind == PageKind::InsertCard && !spec.trouble && m_live.cardReading) {
            page.title = text(spec.title + kReading);
            page.subtitle = text(spec.subtitle + kReading);
            page.busy = true;
        }
        for (const auto& button : spec.choices) {
            page.choices.append(choice(button));
        }
        if (!spec.choicesFrom.isEmpty()) {
            page.choices += onePage(services(m_data.value(spec.choicesFrom).toList()), spec);
        }
        if (spec.primary) {
            page.primary = choice(*spec.primary);
            page.primary->emphasis = true;
        }
        if (spec.back) {
            page.back = choice(*spec.back);
        }
        if (spec.ticket) {
            page.ticket = ticket();
        }
        return page;
    }

private:
    [[nodiscard]] QString text(const QString& key, const QVariantMap& values = {}) const
    {
        return textOf(m_journey, filled(key, m_data), m_language, values);
    }

    [[nodiscard]] FormField field(const QString& name, const PageSpec& spec) const
    {
        const auto key = QStringLiteral("form.") + name;
        const auto error = m_data.value(spec.errors).toMap().value(name).toString();
        FormField field;
        field.name = name;
        field.label = text(key);
        field.value = m_data.value(spec.values).toMap().value(name).toString();
        field.error = error.isEmpty() ? QString() : text(key + QLatin1Char('.') + error);
        if (const auto* known = m_journey.form.field(name); known != nullptr) {
            field.kind = known->kind;
            field.mask = known->mask;
            for (const auto& option : known->options) {
                field.options.append({.event = name,
                                      .value = option,
                                      .title = text(key + QLatin1Char('.') + option),
                                      .note = {},
                                      .icon = {}});
            }
        }
        return field;
    }

    /// The greeting in the next language too, and how many wait.
    void greet(Page& page, const PageSpec& spec) const
    {
        const auto& languages = m_journey.languages;
        const auto next = languages.value((languages.indexOf(m_language) + 1) % languages.size());
        if (next != m_language) {
            page.secondTitle = textOf(m_journey, filled(spec.title, m_data), next);
        }
        if (m_live.waiting == 0) {
            page.live = text(QStringLiteral("attract.live.none"));
        } else if (m_live.waiting > 0) {
            page.live =
                text(QStringLiteral("attract.live"), {{QStringLiteral("waiting"), m_live.waiting}});
        }
        if (!page.live.isEmpty()) {
            page.liveAge =
                text(QStringLiteral("attract.live.age"), {{QStringLiteral("time"), m_live.asOf}});
        }
    }

    [[nodiscard]] Choice choice(const ButtonSpec& button) const
    {
        return {.event = button.event,
                .value = button.value,
                .title = text(button.text),
                .note = text(button.text + QStringLiteral(".note")),
                .emphasis = false,
                .enabled = ready(button.needs),
                .icon = button.icon};
    }

    [[nodiscard]] bool ready(const QString& device) const
    {
        return (device != QLatin1String("printer") || m_live.printer) &&
               (device != QLatin1String("camera") || m_live.camera);
    }

    [[nodiscard]] QList<Choice> services(const QVariantList& known) const
    {
        QList<Choice> choices;
        for (const auto& entry : m_live.services.isEmpty() ? known : m_live.services) {
            const auto service = entry.toMap();
            const bool open = service.value(QStringLiteral("open")).toBool();
            choices.append(
                {.event = QStringLiteral("service"),
                 .value = service.value(QStringLiteral("id")).toString(),
                 .title = nameIn(service.value(QStringLiteral("names")).toMap(), m_language),
                 .note = open ? line(service) : text(QStringLiteral("service.closed")),
                 .emphasis = false,
                 .enabled = open,
                 .icon = service.value(QStringLiteral("id")).toString()});
        }
        return choices;
    }

    /// How long the line of a service is.
    [[nodiscard]] QString line(const QVariantMap& service) const
    {
        const auto waiting = service.value(QStringLiteral("waiting"));
        const int high = service.value(QStringLiteral("high")).toInt();
        if (waiting.toInt() == 0 && high == 0) {
            return text(QStringLiteral("service.note.none"));
        }
        const auto wait =
            waitText(m_journey, m_language, service.value(QStringLiteral("low")).toInt(), high);
        return text(QStringLiteral("service.note"),
                    {{QStringLiteral("waiting"), waiting}, {QStringLiteral("wait"), wait}});
    }

    /// What fits on one page; where that is not all, the last choice leads on, at the end to the
    /// first.
    [[nodiscard]] QList<Choice> onePage(const QList<Choice>& all, const PageSpec& spec) const
    {
        const bool large = m_data.value(QStringLiteral("elder")).toBool();
        const auto most = large ? kMostLargeChoices : kMostChoices;
        if (all.size() <= most || !spec.more) {
            return all;
        }
        const auto each = most - 1;
        const auto pages = (all.size() + each - 1) / each;
        const auto turned = m_data.value(kChoicesPage).toInt();
        auto shown = all.mid(turned % pages * each, each);
        shown.append(choice(*spec.more));
        shown.last().icon = QStringLiteral("more");
        return shown;
    }

    [[nodiscard]] TicketFace ticket() const
    {
        const auto values = m_data.value(QStringLiteral("ticket")).toMap();
        TicketFace face;
        face.label = values.value(QStringLiteral("label")).toString();
        face.service = nameIn(values.value(QStringLiteral("names")).toMap(), m_language);
        face.facts = {{text(QStringLiteral("ticket.ahead")),
                       text(QStringLiteral("ticket.ahead.value"), values)},
                      {text(QStringLiteral("ticket.wait")),
                       waitText(m_journey, m_language, values.value(QStringLiteral("low")).toInt(),
                                values.value(QStringLiteral("high")).toInt())},
                      {text(QStringLiteral("ticket.issued")),
                       values.value(QStringLiteral("issued")).toString()}};
        face.qrText = values.value(QStringLiteral("url")).toString();
        face.qrNote = text(QStringLiteral("ticket.qr"));
        return face;
    }

    const Journey& m_journey;
    const QVariantMap& m_data;
    const Live& m_live;
    QString m_language;
};

} // namespace

QString textOf(const Journey& journey, const QString& key, const QString& language,
               const QVariantMap& values)
{
    auto text = journey.text(key, language);
    if (!text && !journey.languages.isEmpty()) {
        text = journey.text(key, journey.languages.first());
    }
    return filled(text.value_or(QString()), values);
}

QString waitText(const Journey& journey, const QString& language, int low, int high)
{
    constexpr int kMinute = 60;
    const QVariantMap minutes{{QStringLiteral("low"), low / kMinute},
                              {QStringLiteral("high"), (high + kMinute - 1) / kMinute}};
    if (high <= 0) {
        return textOf(journey, QStringLiteral("wait.none"), language);
    }
    return textOf(journey,
                  low < kMinute ? QStringLiteral("wait.upTo") : QStringLiteral("wait.range"),
                  language, minutes);
}

QString nameIn(const QVariantMap& names, const QString& language)
{
    if (auto name = names.value(language).toString(); !name.isEmpty()) {
        return name;
    }
    return names.isEmpty() ? QString() : names.first().toString();
}

const StateSpec* shownState(const Journey& journey, const QStringList& activeStates)
{
    const StateSpec* shown = nullptr;
    for (const auto& state : journey.states) {
        if (state.page && activeStates.contains(state.id)) {
            shown = &state;
        }
    }
    return shown;
}

QString formOf(const PageSpec& page, const QVariantMap& data)
{
    return filled(page.form, data);
}

QStringList fieldsOf(const Journey& journey, const PageSpec& page, const QVariantMap& data)
{
    return page.form.isEmpty() ? page.fields : journey.form.named().value(formOf(page, data));
}

QVariantList shownValues(const Journey& journey, const QVariantMap& values,
                         const QStringList& names)
{
    QVariantList all;
    for (const auto& name : names) {
        const auto* field = journey.form.field(name);
        const auto value = values.value(name).toString();
        if (field == nullptr || !field->repeats.isEmpty() || value.isEmpty()) {
            continue;
        }
        const auto key = QStringLiteral("form.") + name;
        QVariantMap labels;
        QVariantMap seen;
        for (const auto& language : journey.languages) {
            labels.insert(language, textOf(journey, key, language));
            seen.insert(language, field->kind == FormField::Kind::Choice
                                      ? textOf(journey, key + QLatin1Char('.') + value, language)
                                      : journey.form.shown(name, value));
        }
        all.append(QVariantMap{{QStringLiteral("name"), name},
                               {QStringLiteral("labels"), labels},
                               {QStringLiteral("values"), seen}});
    }
    return all;
}

Page composePage(const Journey& journey, const QStringList& activeStates, const QVariantMap& data,
                 const Live& live)
{
    const auto* shown = shownState(journey, activeStates);
    auto values = data;
    if (!live.line.isEmpty()) {
        values.insert(QStringLiteral("line"), live.line);
    }
    return shown == nullptr ? Page{} : Composer(journey, values, live).page(*shown);
}

} // namespace guichet::kiosk
