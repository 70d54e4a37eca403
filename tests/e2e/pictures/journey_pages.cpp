// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/pictures/journey_pages.h"

#include <array>
#include <stdexcept>

#include "kiosk/engine/pages.h"
#include "kiosk/journeys/journeys.h"
#include "peripherals/base/error.h"

namespace guichet::kiosk::test {
namespace {

constexpr std::array kRemedies{
    Remedy::None,       Remedy::Retry,          Remedy::InsertCard, Remedy::ReinsertCard,
    Remedy::RemoveCard, Remedy::TakePaper,      Remedy::CloseCover, Remedy::ReloadPaper,
    Remedy::Wait,       Remedy::ReconnectCable, Remedy::CallStaff,
};

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

QVariantMap dataOf(const Journey& journey, const QString& language, bool elder)
{
    return {{QStringLiteral("language"), language},
            {QStringLiteral("elder"), elder},
            {QStringLiteral("ticket"), journey.samples.value(QStringLiteral("hub.visit"))},
            {QStringLiteral("services"), services()},
            {QStringLiteral("countdown"), 30}};
}

QString wordOf(Remedy remedy)
{
    const auto word = name(remedy);
    return QString::fromLatin1(word.data(), static_cast<qsizetype>(word.size()));
}

} // namespace

QList<Page> journeyPages(const QString& language, bool elder)
{
    registerBuiltInJourneys();
    const auto journey = loadJourney(QStringLiteral(":/journeys/take-ticket"));
    if (!journey) {
        throw std::runtime_error(journey.error().detail);
    }
    auto data = dataOf(*journey, language, elder);
    Live live{.asOf = QStringLiteral("10:42"), .waiting = 7};
    QList<Page> pages;
    const auto add = [&](const QString& state, const QString& variant = {}) {
        pages.append(composePage(*journey, {state}, data, live));
        if (!variant.isEmpty()) {
            pages.last().id += QLatin1Char('-') + variant;
        }
    };
    for (const auto& state : journey->states) {
        if (!state.page) {
            continue;
        }
        const auto words = state.page->title + state.page->subtitle;
        if (!words.contains(QLatin1String("{problem}"))) {
            add(state.id);
            continue;
        }
        for (const auto remedy : kRemedies) {
            data[QStringLiteral("problem")] = wordOf(remedy);
            add(state.id, wordOf(remedy));
        }
    }
    data[QStringLiteral("services")] = services() + services();
    add(QStringLiteral("service"), QStringLiteral("many"));
    live.cardReading = true;
    add(QStringLiteral("card"), QStringLiteral("reading"));
    return pages;
}

} // namespace guichet::kiosk::test
