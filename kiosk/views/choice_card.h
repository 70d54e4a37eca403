// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kiosk/models/page.h"
#include "kiosk/views/press_area.h"

namespace guichet::kiosk {

/// One choice of a page as a card: a row (picture, words, arrow) or a tile (picture above words).
class ChoiceCard final : public PressArea {
    Q_OBJECT

public:
    enum class Shape {
        Row,
        Large,   ///< a row of a page with few choices
        Compact, ///< a row of a page with little room
        Brief,   ///< the same without its note, which is still spoken
        Tile,
    };

    ChoiceCard(const Choice& choice, const Theme& theme, QWidget* parent);

    void setChoice(const Choice& choice);
    [[nodiscard]] const Choice& choice() const { return m_choice; }
    void setShape(Shape shape) { m_shape = shape; }
    /// Least height of a face of this width.
    [[nodiscard]] int heightFor(int width, Shape shape) const;

protected:
    void layOutFace(const QRectF& face) override;
    void paintFace(QPainter& painter, const QRectF& face) override;

private:
    [[nodiscard]] QString noteIn(Shape shape) const;
    [[nodiscard]] QFont titleFont(Shape shape) const;
    [[nodiscard]] QFont noteFont(Shape shape) const;
    [[nodiscard]] double padding(Shape shape) const;
    [[nodiscard]] double medallion(Shape shape) const;
    [[nodiscard]] double wordsWidth(double width, Shape shape) const;
    [[nodiscard]] double wordsGap(Shape shape) const;
    [[nodiscard]] double wordsHeight(double width, Shape shape) const;
    [[nodiscard]] QColor ink() const;

    Choice m_choice;
    Shape m_shape = Shape::Row;
    QRectF m_medallion;
};

} // namespace guichet::kiosk
