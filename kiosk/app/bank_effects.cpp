// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/bank_effects.h"

#include <QLoggingCategory>
#include <chrono>
#include <string_view>
#include <utility>
#include <variant>

#include "kiosk/app/bank_port.h"
#include "kiosk/app/device_port.h"
#include "kiosk/app/own_service.h"
#include "kiosk/bank/bank_documents.h"
#include "kiosk/engine/pages.h"
#include "peripherals/base/random.h"

Q_LOGGING_CATEGORY(lcBank, "kiosk.bank")

namespace guichet::kiosk {

namespace {

constexpr std::chrono::seconds kDocumentWait{30};
constexpr std::chrono::seconds kFaceWait{20};

QString shown(const std::string& value)
{
    return QString::fromStdString(value);
}

std::string valueOf(const QVariantMap& params, const char* name)
{
    return params.value(QString::fromLatin1(name)).toString().toStdString();
}

EffectResult failure(const Error& error)
{
    qCWarning(lcBank) << error.detail.c_str();
    return EffectResult::failed(error.remedy == Remedy::None ? Remedy::CallStaff : error.remedy);
}

QVariantMap mapOf(const bank::Refusal& refusal)
{
    return {{QStringLiteral("reason"), shown(refusal.reason)},
            {QStringLiteral("way"), shown(std::string(bank::name(refusal.way)))}};
}

Bytes bytesOf(std::string_view content)
{
    const auto view = asBytes(content);
    return {view.begin(), view.end()};
}

} // namespace

BankEffects::BankEffects(TerminalEffects& terminal, BankPort& bank, DevicePort& devices,
                         QObject* parent)
    : QObject(parent)
    , m_terminal(terminal)
    , m_bank(bank)
    , m_devices(devices)
{
    const auto add = [&](const char* name,
                         void (BankEffects::*performer)(const QVariantMap&, Effects::Answer)) {
        terminal.add(QString::fromLatin1(name),
                     [this, performer](const QVariantMap& params, Effects::Answer answer) {
                         (this->*performer)(params, std::move(answer));
                     });
    };
    add("document.read", &BankEffects::readDocument);
    add("face.take", &BankEffects::takeFace);
    add("sign", &BankEffects::sign);
    add("bank.lookup", &BankEffects::lookUp);
    add("bank.submit", &BankEffects::submit);
    connect(&terminal, &TerminalEffects::cardRead, this, &BankEffects::keepCard);
    connect(&terminal, &TerminalEffects::forgotten, this, &BankEffects::forget);
}

void BankEffects::holdWriting(const QByteArray& png)
{
    m_writing = png;
}

const bank::EvidenceContent* BankEffects::evidence(const std::string& handle) const
{
    const auto held = m_evidence.find(handle);
    return held == m_evidence.end() ? nullptr : &held->second;
}

void BankEffects::keepCard(const CardMask& card)
{
    m_identities[card.handle] = {bank::SealedIdentity::Kind::Card, card.handle, card.sealed};
}

void BankEffects::readDocument(const QVariantMap& params, Effects::Answer answer)
{
    m_devices.readDocument(
        valueOf(params, "kind"), kDocumentWait,
        [this, answer = std::move(answer)](const Result<DocumentMask>& document) {
            emit advised({});
            if (!document) {
                answer(failure(document.error()));
                return;
            }
            m_identities[document->handle] = {bank::SealedIdentity::Kind::Document,
                                              document->handle, document->sealed};
            emit gathered({{"document", document->handle},
                           "application/jose", // only the bank reads it
                           bytesOf(document->sealed)});
            answer(
                EffectResult::done({{QStringLiteral("handle"), shown(document->handle)},
                                    {QStringLiteral("maskedNumber"), shown(document->maskedNumber)},
                                    {QStringLiteral("expired"), document->expired}}));
        },
        [this](const std::string& event) { emit advised(shown(event)); });
}

void BankEffects::takeFace(const QVariantMap&, Effects::Answer answer)
{
    m_devices.takeFace(
        kFaceWait,
        [this, answer = std::move(answer)](const Result<FaceSeen>& face) {
            emit advised({});
            if (!face) {
                answer(failure(face.error()));
                return;
            }
            const bool good = face->verdict == "good";
            const auto handle = good ? randomUuid() : std::string();
            if (good) {
                m_evidence[handle] = {{"face", handle}, "application/json", bytesOf(face->facts)};
                emit gathered(m_evidence[handle]);
            }
            answer(EffectResult::done({{QStringLiteral("good"), good},
                                       {QStringLiteral("verdict"), shown(face->verdict)},
                                       {QStringLiteral("handle"), shown(handle)}}));
        },
        [this](const std::string& event) { emit advised(shown(event)); });
}

void BankEffects::sign(const QVariantMap& params, Effects::Answer answer)
{
    const auto png = std::exchange(m_writing, {});
    if (png.isEmpty()) { // after a restart: what was written is gone
        m_terminal.later(std::move(answer), EffectResult::failed(Remedy::Retry));
        return;
    }
    const auto kind = valueOf(params, "kind");
    const auto handle = randomUuid();
    m_evidence[handle] = {{kind.empty() ? "signature" : kind, handle},
                          "image/png",
                          bytesOf({png.data(), static_cast<std::size_t>(png.size())})};
    emit gathered(m_evidence[handle]);
    m_terminal.later(std::move(answer),
                     EffectResult::done({{QStringLiteral("handle"), shown(handle)}}));
}

void BankEffects::lookUp(const QVariantMap& params, Effects::Answer answer)
{
    stopLooking();
    const auto known = m_identities.find(valueOf(params, "handle"));
    if (known == m_identities.end()) { // after a restart: the card must be read again
        m_terminal.later(std::move(answer), EffectResult::failed(Remedy::InsertCard));
        return;
    }
    m_bank.lookUp(known->second, [answer = std::move(answer)](const Result<bank::Lookup>& lookup) {
        if (!lookup) {
            answer(failure(lookup.error()));
            return;
        }
        if (const auto* refusal = std::get_if<bank::Refusal>(&*lookup)) {
            qCInfo(lcBank) << "lookup refused:" << refusal->reason.c_str();
            answer(EffectResult::done({{QStringLiteral("refusal"), mapOf(*refusal)}}));
            return;
        }
        const auto& customer = std::get<bank::Customer>(*lookup);
        answer(
            EffectResult::done({{QStringLiteral("customer"),
                                 QVariantMap{{QStringLiteral("id"), shown(customer.id)},
                                             {QStringLiteral("name"), shown(customer.name)},
                                             {QStringLiteral("phone"), shown(customer.phone)}}}}));
    });
}

void BankEffects::submit(const QVariantMap& params, Effects::Answer answer)
{
    // Only what the parameters hold: after a restart the same key must ask for the same.
    bank::PhoneChange change{valueOf(params, "customer"), valueOf(params, "phone"), {}};
    std::vector<bank::EvidenceContent> contents;
    for (const auto* kind : {"identity", "face", "signature"}) {
        const auto handle = valueOf(params, kind);
        change.evidence.push_back({kind, handle});
        if (const auto held = m_evidence.find(handle); held != m_evidence.end()) {
            contents.push_back(held->second);
        }
    }
    m_bank.changePhone(
        std::move(contents), change, valueOf(params, "idempotencyKey"),
        [this, evidence = change.evidence,
         answer = std::move(answer)](const Result<bank::Change>& made) {
            if (!made) {
                answer(failure(made.error()));
                return;
            }
            if (const auto* refusal = std::get_if<bank::Refusal>(&*made)) {
                qCInfo(lcBank) << "change refused:" << refusal->reason.c_str();
                answer(EffectResult::done({{QStringLiteral("refusal"), mapOf(*refusal)}}));
                return;
            }
            const auto& receipt = std::get<bank::Receipt>(*made);
            for (const auto& each : evidence) { // the bank has it
                m_evidence.erase(each.handle);
            }
            const auto at =
                QDateTime::fromMSecsSinceEpoch(receipt.at.time_since_epoch().count(), Qt::UTC);
            answer(EffectResult::done(
                {{QStringLiteral("receipt"),
                  QVariantMap{{QStringLiteral("reference"), shown(receipt.reference)},
                              {QStringLiteral("phone"), shown(receipt.phone)},
                              {QStringLiteral("at"), m_terminal.localTime(at)},
                              {QStringLiteral("date"), m_terminal.localDate(at)}}}}));
        });
}

void BankEffects::stopLooking()
{
    m_devices.stopLooking();
    emit advised({});
}

void BankEffects::forget()
{
    stopLooking();
    m_identities.clear();
    m_evidence.clear();
    m_writing.clear();
}

} // namespace guichet::kiosk
