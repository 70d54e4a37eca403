// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

namespace guichet::kiosk {

class Theme;

/// Digits in groups, with a line under each place that is still empty. GUI thread.
class DigitField final : public QWidget {
    Q_OBJECT

public:
    /// `theme` outlives it. `mask`: '#' stands for a digit, anything else for a gap.
    DigitField(QString mask, const Theme& theme, QWidget* parent);

    /// What is neither a digit nor has a place is left out.
    void setDigits(const QString& digits);
    void add(QChar digit);
    void erase();
    [[nodiscard]] const QString& digits() const { return m_digits; }
    [[nodiscard]] bool full() const;
    [[nodiscard]] int heightFor(int width) const;

signals:
    void changed();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    [[nodiscard]] double cell(int width) const;
    [[nodiscard]] QFont digitFont(int width) const;

    QString m_mask;
    const Theme& m_theme;
    QString m_digits;
};

} // namespace guichet::kiosk
