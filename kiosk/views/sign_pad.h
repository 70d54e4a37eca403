// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QList>
#include <QPolygonF>
#include <QWidget>

namespace guichet::kiosk {

class Theme;

/// Paper to write on with finger, pen or mouse. What is written stays in memory. GUI thread.
class SignPad final : public QWidget {
    Q_OBJECT

public:
    /// `theme` outlives it. `lined`: with the line that a signature stands on.
    SignPad(const Theme& theme, bool lined, QWidget* parent);

    [[nodiscard]] bool empty() const { return m_strokes.isEmpty(); }
    /// Whether it is more than a touch by mistake.
    [[nodiscard]] bool written() const;
    void undo();
    void clear();
    /// Black on white, 1200 wide, cut to what was written.
    [[nodiscard]] QByteArray png() const;
    /// The strokes as JSON, in parts of the pad's width, and back.
    [[nodiscard]] QString strokes() const;
    void setStrokes(const QString& json);

signals:
    void changed();

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void extend(QPointF place);
    void paintLine(QPainter& painter) const;

    const Theme& m_theme;
    bool m_lined;
    QList<QPolygonF> m_strokes; ///< in parts of the width, so that another size shows the same
    bool m_down = false;
};

} // namespace guichet::kiosk
