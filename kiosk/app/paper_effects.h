// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <string>

#include "kiosk/app/terminal_effects.h"
#include "peripherals/xfs/ticket_form.h"

namespace guichet::kiosk {

/// What a journey prints for the customer: the ticket, the receipt of a change, the slip of a
/// call-back. Words are those of the journey that runs, in the language that it asks for. GUI
/// thread.
class PaperEffects final : public QObject {
    Q_OBJECT

public:
    /// Adds its effects to `terminal`. Both must outlive this.
    PaperEffects(TerminalEffects& terminal, DevicePort& devices, QObject* parent = nullptr);

private:
    using Form = xfs::TicketForm (PaperEffects::*)(const QVariantMap& params) const;

    void add(const char* name, Form form);
    void nextPrint(const QVariantMap& params, Effects::Answer answer);
    void print(const xfs::TicketForm& form, bool resumed, Effects::Answer answer);
    /// What every paper has; to be filled with what it is about.
    [[nodiscard]] xfs::TicketForm sheet(const QVariantMap& params, const char* footer) const;
    [[nodiscard]] xfs::TicketForm ticket(const QVariantMap& params) const;
    [[nodiscard]] xfs::TicketForm receipt(const QVariantMap& params) const;
    [[nodiscard]] xfs::TicketForm slip(const QVariantMap& params) const;
    [[nodiscard]] std::string words(const QVariantMap& params, const QString& key,
                                    const QVariantMap& values = {}) const;

    TerminalEffects& m_terminal;
    DevicePort& m_devices;
};

} // namespace guichet::kiosk
