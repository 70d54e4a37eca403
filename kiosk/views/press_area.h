// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractButton>
#include <vector>

#include "kiosk/views/lettering.h"
#include "kiosk/views/theme.h"

namespace guichet::kiosk {

/// Anything that can be pressed. Acts on release inside its face; Enter, Space and the five-key
/// pad work it too. Around the face it keeps room for the focus ring.
class PressArea : public QAbstractButton {
    Q_OBJECT

public:
    PressArea(const Theme& theme, QWidget* parent);

    /// Puts the face at `face` (in the parent), and the ring around it.
    void place(const QRect& face);
    /// The visible and touchable part, in the parent.
    [[nodiscard]] QRect face() const;
    /// Texts that do not fit their place, for tests and for checking journeys.
    [[nodiscard]] QStringList clippedTexts() const;

protected:
    [[nodiscard]] const Theme& theme() const { return m_theme; }
    /// Lays the texts of a face of this size into write().
    virtual void layOutFace(const QRectF& face) = 0;
    virtual void paintFace(QPainter& painter, const QRectF& face) = 0;
    void write(Lettering lettering) { m_texts.push_back(std::move(lettering)); }
    void layOutAgain();

    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    [[nodiscard]] bool hitButton(const QPoint& position) const override;
    void nextCheckState() override;

private:
    [[nodiscard]] int ringRoom() const;

    const Theme& m_theme;
    std::vector<Lettering> m_texts;
};

/// Window property that is true while the customer uses keys: the focus ring shows only then.
inline constexpr const char* kKeysInUse = "keysInUse";

} // namespace guichet::kiosk
