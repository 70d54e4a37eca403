// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QObject>
#include <QString>
#include <map>
#include <string>

#include "kiosk/app/terminal_effects.h"
#include "kiosk/bank/bank_host.h"

namespace guichet::kiosk {

class BankPort;
struct CardMask;

/// What a journey asks that changes something at the bank: who the customer is, by a card or a
/// document, a face, a signature, and the change itself. Journeys know handles; what stands behind
/// them is kept here, in memory, and wiped when the session ends. GUI thread.
class BankEffects final : public QObject {
    Q_OBJECT

public:
    /// Adds its effects to `terminal`. All must outlive this.
    BankEffects(TerminalEffects& terminal, BankPort& bank, DevicePort& devices,
                QObject* parent = nullptr);

    /// The picture of what the customer wrote, for the next do.sign.
    void holdWriting(const QByteArray& png);
    /// What stands behind a handle and may be shown to remote staff; null: nothing.
    [[nodiscard]] const bank::EvidenceContent* evidence(const std::string& handle) const;

signals:
    /// What the customer should do now, as the devices say it ("comeCloser"); empty: nothing.
    void advised(const QString& what);
    /// A document, a face or a signature is there, as the bank will get it.
    void gathered(const guichet::bank::EvidenceContent& content);

private:
    void keepCard(const CardMask& card);
    void readDocument(const QVariantMap& params, Effects::Answer answer);
    void takeFace(const QVariantMap& params, Effects::Answer answer);
    void sign(const QVariantMap& params, Effects::Answer answer);
    void lookUp(const QVariantMap& params, Effects::Answer answer);
    void submit(const QVariantMap& params, Effects::Answer answer);
    void stopLooking();
    void forget();

    TerminalEffects& m_terminal;
    BankPort& m_bank;
    DevicePort& m_devices;
    std::map<std::string, bank::SealedIdentity> m_identities; ///< by handle
    std::map<std::string, bank::EvidenceContent> m_evidence;  ///< by handle
    QByteArray m_writing;                                     ///< not yet asked for
};

} // namespace guichet::kiosk
