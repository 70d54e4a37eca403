// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/paper_effects.h"

#include <utility>

#include "kiosk/app/case_entries.h"
#include "kiosk/app/device_port.h"
#include "kiosk/engine/pages.h"

namespace guichet::kiosk {

namespace {

QString wordOf(const QVariantMap& map, const char* name)
{
    return map.value(QString::fromLatin1(name)).toString();
}

QVariantMap partOf(const QVariantMap& params, const char* name)
{
    return params.value(QString::fromLatin1(name)).toMap();
}

} // namespace

PaperEffects::PaperEffects(TerminalEffects& terminal, DevicePort& devices, QObject* parent)
    : QObject(parent)
    , m_terminal(terminal)
    , m_devices(devices)
{
    terminal.add(QStringLiteral("print.next"),
                 [this](const QVariantMap& params, Effects::Answer answer) {
                     nextPrint(params, std::move(answer));
                 });
    add("print.ticket", &PaperEffects::ticket);
    add("print.receipt", &PaperEffects::receipt);
    add("print.slip", &PaperEffects::slip);
}

void PaperEffects::add(const char* name, Form form)
{
    m_terminal.add(QString::fromLatin1(name), [this, form](const QVariantMap& params,
                                                           Effects::Answer answer) {
        m_terminal.knowOutlet([this, form, params, answer = std::move(answer)] {
            print((this->*form)(params), params.value(QStringLiteral("resumed")).toBool(), answer);
        });
    });
}

void PaperEffects::nextPrint(const QVariantMap& params, Effects::Answer answer)
{
    const auto id = wordOf(params, "id"); // what has none is printed under its key
    m_devices.printHistory(
        (id.isEmpty() ? wordOf(params, "idempotencyKey") : id).toStdString(),
        [answer = std::move(answer)](const Result<PrintHistory>& known) {
            answer(known ? EffectResult::done({{QStringLiteral("index"), qlonglong{known->next}},
                                               {QStringLiteral("paper"), known->paper}})
                         : EffectResult::failed(known.error().remedy));
        });
}

void PaperEffects::print(const xfs::TicketForm& form, bool resumed, Effects::Answer answer)
{
    m_devices.printTicket(form, resumed, [answer = std::move(answer)](const PrintResult& result) {
        auto failed = EffectResult::failed(result.remedy, result.unknown);
        failed.data = {{QStringLiteral("spent"), result.spent}};
        answer(result.printed ? EffectResult::done() : failed);
    });
}

xfs::TicketForm PaperEffects::sheet(const QVariantMap& params, const char* footer) const
{
    xfs::TicketForm form;
    form.ticketId = wordOf(params, "idempotencyKey").toStdString();
    form.printIndex = params.value(QStringLiteral("index")).toInt();
    form.language = wordOf(params, "language").toStdString();
    form.outlet = m_terminal.outlet(wordOf(params, "language")).toStdString();
    form.large = params.value(QStringLiteral("large")).toBool();
    if (form.printIndex > 1) {
        form.footer.push_back(words(params, QStringLiteral("ticket.copy"),
                                    {{QStringLiteral("index"), qlonglong{form.printIndex}}}));
    }
    form.footer.push_back(words(params, QString::fromLatin1(footer)));
    return form;
}

xfs::TicketForm PaperEffects::ticket(const QVariantMap& params) const
{
    const auto ticket = partOf(params, "ticket");
    const auto language = wordOf(params, "language");
    const auto value = [&](const char* name) { return wordOf(ticket, name).toStdString(); };
    auto form = sheet(params, "ticket.footer");
    form.ticketId = value("id");
    form.service = nameIn(partOf(ticket, "names"), language).toStdString();
    form.number = value("label");
    const auto wait =
        waitText(m_terminal.journey(), language, ticket.value(QStringLiteral("low")).toInt(),
                 ticket.value(QStringLiteral("high")).toInt());
    form.rows = {
        {words(params, QStringLiteral("ticket.ahead")),
         words(params, QStringLiteral("ticket.ahead.value"), ticket)},
        {words(params, QStringLiteral("ticket.wait")), wait.toStdString()},
        {words(params, QStringLiteral("ticket.issued")), value("date") + " " + value("issued")}};
    if (const auto purpose = wordOf(params, "purpose"); !purpose.isEmpty()) {
        form.rows.emplace_back(words(params, QStringLiteral("ticket.purpose")),
                               words(params, QStringLiteral("ticket.purpose.") + purpose));
    }
    form.code = value("url");
    return form;
}

xfs::TicketForm PaperEffects::receipt(const QVariantMap& params) const
{
    const auto receipt = partOf(params, "receipt");
    const auto value = [&](const char* name) { return wordOf(receipt, name).toStdString(); };
    auto form = sheet(params, "receipt.footer");
    form.service = words(params, QStringLiteral("receipt.done"));
    form.number = value("reference");
    form.rows = {
        {words(params, QStringLiteral("receipt.customer")), wordOf(params, "name").toStdString()},
        {words(params, QStringLiteral("receipt.phone")), value("phone")},
        {words(params, QStringLiteral("receipt.at")), value("date") + " " + value("at")}};
    return form;
}

xfs::TicketForm PaperEffects::slip(const QVariantMap& params) const
{
    auto form = sheet(params, "slip.footer");
    form.service = words(params, QStringLiteral("slip.done"));
    form.number = wordOf(params, "reference").toStdString();
    form.rows = {
        {words(params, QStringLiteral("slip.phone")),
         masked(wordOf(params, "contact")).toStdString()},
        {words(params, QStringLiteral("slip.at")),
         (m_terminal.localDate() + QLatin1Char(' ') + m_terminal.localTime()).toStdString()}};
    return form;
}

std::string PaperEffects::words(const QVariantMap& params, const QString& key,
                                const QVariantMap& values) const
{
    return textOf(m_terminal.journey(), key, wordOf(params, "language"), values).toStdString();
}

} // namespace guichet::kiosk
