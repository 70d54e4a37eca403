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
    /// How its edge looks: the keys write into it, what it holds is not right.
    enum class Edge { Plain, Active, Wrong };
    void setEdge(Edge edge);
    /// What stands before the digits where they are spoken.
    void setLabel(const QString& label);

signals:
    void changed();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    [[nodiscard]] double cell(int width) const;
    [[nodiscard]] QFont digitFont(int width) const;
    void nameDigits();

    QString m_mask;
    const Theme& m_theme;
    QString m_digits;
    QString m_label;
    Edge m_edge = Edge::Plain;
};

} // namespace guichet::kiosk
