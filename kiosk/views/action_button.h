// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kiosk/views/press_area.h"

namespace guichet::kiosk {

/// A button with a word and perhaps a picture before it.
class ActionButton final : public PressArea {
    Q_OBJECT

public:
    enum class Look {
        Primary, ///< jade: the one next step
        Plain,
        Amber, ///< help
        Key,   ///< of a keypad
        Chip,  ///< small switch of the top bar; checked: turned on
    };

    ActionButton(Look look, const Theme& theme, QWidget* parent);

    /// `name` is what a screen reader says; empty: the word itself.
    void setWord(const QString& word, const QString& icon = {}, const QString& name = {});
    [[nodiscard]] int naturalWidth() const;
    /// Height that a face of this width needs, at least the look's own height.
    [[nodiscard]] int heightFor(int width) const;

protected:
    void layOutFace(const QRectF& face) override;
    void paintFace(QPainter& painter, const QRectF& face) override;

private:
    [[nodiscard]] QFont wordFont() const;
    [[nodiscard]] QColor ink() const;
    [[nodiscard]] double iconSide() const;
    [[nodiscard]] double iconRoom() const;
    [[nodiscard]] double padding() const;

    Look m_look;
    QString m_icon;
    QRectF m_iconPlace;
};

} // namespace guichet::kiosk
