// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/pictures/journey_pages.h"

#include <QRegularExpression>
#include <stdexcept>

#include "kiosk/engine/pages.h"
#include "kiosk/journeys/journeys.h"

namespace guichet::kiosk::test {
namespace {

QVariantMap service(const char* id, const char* chinese, const char* english, bool open,
                    int waiting, int low, int high)
{
    return {
        {QStringLiteral("id"), QString::fromLatin1(id)},
        {QStringLiteral("names"), QVariantMap{{QStringLiteral("zh-CN"), QString::fromUtf8(chinese)},
                                              {QStringLiteral("en"), QString::fromUtf8(english)}}},
        {QStringLiteral("open"), open},
        {QStringLiteral("waiting"), waiting},
        {QStringLiteral("low"), low},
        {QStringLiteral("high"), high}};
}

QVariantList services()
{
    return {service("cash", "现金业务", "Cash", true, 4, 600, 1200),
            service("account", "开户与银行卡", "Accounts and cards", true, 0, 0, 0),
            service("wealth", "理财业务", "Wealth management", true, 2, 900, 1500),
            service("corporate", "对公业务", "Corporate banking", false, 0, 0, 0)};
}

QVariantMap dataOf(const QString& language, bool elder)
{
    return {
        {QStringLiteral("language"), language},
        {QStringLiteral("elder"), elder},
        {QStringLiteral("ticket"),
         QVariantMap{
             {QStringLiteral("label"), QStringLiteral("A012")},
             {QStringLiteral("url"), QStringLiteral("http://127.0.0.1/t/t")},
             {QStringLiteral("counter"), QStringLiteral("3")},
             {QStringLiteral("ahead"), 3},
             {QStringLiteral("low"), 300},
             {QStringLiteral("high"), 900},
             {QStringLiteral("issued"), QStringLiteral("10:42")},
             {QStringLiteral("names"), services().first().toMap().value(QStringLiteral("names"))}}},
        {QStringLiteral("refusal"), QVariantMap{{QStringLiteral("from"), QStringLiteral("10:15")}}},
        {QStringLiteral("services"), services()},
        {QStringLiteral("line"),
         QVariantMap{{QStringLiteral("ahead"), 2}, {QStringLiteral("minutes"), 3}}},
        {QStringLiteral("request"),
         QVariantMap{
             {QStringLiteral("text"), language == QLatin1String("en")
                                          ? QStringLiteral("Is 138 0000 5621 your new number?")
                                          : QStringLiteral("新手机号是 138 0000 5621，对吗？")}}},
        {QStringLiteral("staffName"),
         language == QLatin1String("en") ? QStringLiteral("May") : QStringLiteral("小美")},
        {QStringLiteral("guided"),
         QVariantMap{
             {QStringLiteral("text"),
              language == QLatin1String("en")
                  ? QStringLiteral("This is a fund, not a deposit. The bank guarantees neither "
                                   "your money nor a gain. You may lose money. Do you understand "
                                   "that? Please say it and press your answer.")
                  : QStringLiteral("本产品是基金，不是存款。银行不保证本金，也不保证收益，您可能"
                                   "亏损本金。您明白吗？请说出来并按键回答。")}}},
        {QStringLiteral("customer"),
         QVariantMap{{QStringLiteral("name"), QStringLiteral("**明")},
                     {QStringLiteral("phone"), QStringLiteral("138****5621")}}},
        {QStringLiteral("identity"),
         QVariantMap{{QStringLiteral("shown"), QStringLiteral("1101**********002X")}}},
        {QStringLiteral("number"),
         QVariantMap{{QStringLiteral("phone"), QStringLiteral("13911112222")}}},
        {QStringLiteral("receipt"),
         QVariantMap{{QStringLiteral("reference"), QStringLiteral("P000123")},
                     {QStringLiteral("phone"), QStringLiteral("139****2222")}}},
        {QStringLiteral("countdown"), 30}};
}

/// The values of the placeholder in `key` for which there are texts; one empty value if it has
/// none.
QStringList variantsOf(const Journey& journey, const QString& key, QString& variable)
{
    static const QRegularExpression placeholder(QStringLiteral("\\{([A-Za-z.]+)\\}$"));
    const auto match = placeholder.match(key);
    if (!match.hasMatch()) {
        return {QString()};
    }
    variable = match.captured(1);
    const auto stem = key.left(match.capturedStart());
    QStringList values;
    for (const auto& text : journey.texts.keys()) {
        if (text.startsWith(stem)) {
            values.append(text.mid(stem.size()));
        }
    }
    values.sort();
    return values;
}

void set(QVariantMap& data, const QString& variable, const QString& value)
{
    const auto parts = variable.split(QLatin1Char('.'));
    if (parts.size() == 1) {
        data[variable] = value;
        return;
    }
    auto inner = data.value(parts[0]).toMap();
    inner.insert(parts[1], value);
    data[parts[0]] = inner;
}

void addPages(const Journey& journey, const QString& language, bool elder, QList<Page>& pages)
{
    auto data = dataOf(language, elder);
    Live live{.asOf = QStringLiteral("10:42"), .waiting = 7};
    const auto add = [&](const QString& state, const QString& variant = {}) {
        pages.append(composePage(journey, {state}, data, live));
        pages.last().id = journey.task + QLatin1Char('-') + pages.last().id;
        if (!variant.isEmpty()) {
            pages.last().id += QLatin1Char('-') + variant;
        }
    };
    for (const auto& state : journey.states) {
        if (!state.page) {
            continue;
        }
        QString variable;
        auto variants = variantsOf(journey, state.page->subtitle, variable);
        if (variable.isEmpty()) {
            variants = variantsOf(journey, state.page->title, variable);
        }
        for (const auto& variant : variants) {
            if (!variable.isEmpty()) {
                set(data, variable, variant);
            }
            add(state.id, variant);
        }
    }
    for (const auto& state : journey.states) {
        if (state.page && state.page->kind == PageKind::Form) { // each field at its longest
            QVariantMap errors;
            QVariantMap values;
            for (const auto& name : fieldsOf(journey, *state.page, data)) {
                const auto* field = journey.form.field(name);
                errors.insert(name, field->repeats.isEmpty() ? QStringLiteral("wrong")
                                                             : QStringLiteral("different"));
                values.insert(name, QStringLiteral("12911112222"));
            }
            data[state.page->errors] = errors;
            data[state.page->values] = values;
            add(state.id, QStringLiteral("wrong"));
        }
    }
    if (journey.task != kFirstTask) {
        return;
    }
    data[QStringLiteral("services")] = services() + services();
    add(QStringLiteral("service"), QStringLiteral("many"));
    live.cardReading = true;
    add(QStringLiteral("card"), QStringLiteral("reading"));
}

} // namespace

QList<Page> journeyPages(const QString& language, bool elder)
{
    registerBuiltInJourneys();
    const auto journeys = loadJourneys(QStringLiteral(":/journeys"));
    if (!journeys) {
        throw std::runtime_error(journeys.error().detail);
    }
    QList<Page> pages;
    for (const auto& [task, journey] : *journeys) {
        addPages(journey, language, elder, pages);
    }
    return pages;
}

} // namespace guichet::kiosk::test
