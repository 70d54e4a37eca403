// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QColor>
#include <QFont>
#include <QSize>

#include "kiosk/models/page.h"

namespace guichet::kiosk {

/// The colours of the design, by purpose. Text colours keep 4.5:1 on the grounds they are named
/// for, 7:1 with high contrast; a test computes it.
struct Palette {
    QColor page;
    QColor surface;
    QColor line;
    QColor ink;
    QColor muted;
    QColor jade;
    QColor onJade;
    QColor jadeTint; ///< ground of pictures; jade and ink stand on it
    QColor amberGround;
    QColor amberInk;
    QColor amberLine;
    QColor red;
    QColor redTint;
    QColor focus;
    QColor shade; ///< shadow under paper; transparent with high contrast
};

enum class Weight { Regular, Bold };

/// Everything that painting and laying out need to know: colours, sizes in real pixels, fonts.
/// Sizes are given for a 1080x1920 or 1920x1080 window and scaled to the real one.
class Theme {
public:
    Theme() = default;
    /// `share`: for something that gets less than its usual room, 1 for all of it.
    Theme(const Frame& frame, QSize window, double share = 1);

    [[nodiscard]] const Palette& colours() const { return m_colours; }
    [[nodiscard]] bool portrait() const { return m_portrait; }
    [[nodiscard]] bool elder() const { return m_elder; }
    [[nodiscard]] bool highContrast() const { return m_highContrast; }
    [[nodiscard]] bool reducedMotion() const { return m_reducedMotion; }
    [[nodiscard]] bool chinese() const { return m_chinese; }

    /// Design pixels to real pixels.
    [[nodiscard]] int px(double design) const;
    /// A font of `design` pixels; the family follows the language, named and never looked up.
    [[nodiscard]] QFont font(double design, Weight weight = Weight::Regular) const;

    [[nodiscard]] double title() const { return m_elder ? 84 : 68; }
    [[nodiscard]] double body() const { return m_elder ? 52 : 40; }
    [[nodiscard]] double note() const { return m_elder ? 40 : 30; }
    [[nodiscard]] int mainButton() const { return px(m_elder ? 144 : 112); }
    [[nodiscard]] int target() const { return px(m_elder ? 96 : 60); }
    [[nodiscard]] int margin() const { return px(56); }
    [[nodiscard]] int radius() const { return px(28); }
    [[nodiscard]] int border() const { return std::max(1, px(m_highContrast ? 3 : 2)); }

private:
    Palette m_colours;
    double m_scale = 1;
    bool m_portrait = true;
    bool m_elder = false;
    bool m_highContrast = false;
    bool m_reducedMotion = false;
    bool m_chinese = true;
};

/// The colours alone, for tests and other painters.
[[nodiscard]] const Palette& palette(bool highContrast);

/// Contrast of two opaque colours as WCAG defines it, 1 to 21.
[[nodiscard]] double contrastRatio(const QColor& one, const QColor& other);

} // namespace guichet::kiosk
