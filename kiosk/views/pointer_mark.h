// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

#include "kiosk/views/theme.h"

namespace guichet::kiosk {

/// What staff point at, on top of everything and never in the way of a finger: a frame around an
/// element, or a dot. `theme` outlives it.
class PointerMark final : public QWidget {
public:
    PointerMark(const Theme& theme, QWidget* parent);

    /// Around `face`, in the parent.
    void frame(const QRect& face);
    /// Over `place`, in the parent.
    void dot(const QPoint& place);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void put(const QRect& place, bool round);

    const Theme& m_theme;
    bool m_round = false;
};

} // namespace guichet::kiosk
