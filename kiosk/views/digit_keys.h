// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QList>
#include <QObject>
#include <QRectF>

#include "kiosk/views/action_button.h"

namespace guichet::kiosk {

struct Page;

/// Twelve keys as on a telephone: 1 to 9, clear, 0, erase. GUI thread.
class DigitKeys final : public QObject {
    Q_OBJECT

public:
    /// The keys are children of `view`; `theme` outlives them.
    DigitKeys(const Theme& theme, QWidget* view);

    [[nodiscard]] const QList<ActionButton*>& keys() const { return m_keys; }
    /// Names clear and erase, and switches them off where there is nothing to take back.
    void setWords(const Page& page, bool erasable);
    /// Into `area`, three beside each other or six.
    void place(const QRectF& area, int columns, int gap);

signals:
    void digit(QChar digit);
    void erase();
    void clear();

private:
    ActionButton* addKey(const QString& name);

    const Theme& m_theme;
    QWidget* m_view;
    QList<ActionButton*> m_keys; ///< as they stand
};

} // namespace guichet::kiosk
