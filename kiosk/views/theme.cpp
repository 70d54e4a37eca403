// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/theme.h"

#include <algorithm>
#include <cmath>

namespace guichet::kiosk {

namespace {

QColor rgb(unsigned value)
{
    return QColor::fromRgb(value);
}

double luminance(const QColor& colour)
{
    const auto linear = [](double part) {
        return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) +
           0.0722 * linear(colour.blueF());
}

} // namespace

const Palette& palette(bool highContrast)
{
    static const Palette normal{.page = rgb(0xFAF8F4),
                                .surface = rgb(0xFFFFFF),
                                .line = rgb(0xE4DFD6),
                                .ink = rgb(0x1B1F23),
                                .muted = rgb(0x5B6470),
                                .jade = rgb(0x0B6E5F),
                                .onJade = rgb(0xFFFFFF),
                                .jadeTint = rgb(0xE4F0EC),
                                .amberGround = rgb(0xFFF3DF),
                                .amberInk = rgb(0x7A4B00),
                                .amberLine = rgb(0xE2A33C),
                                .red = rgb(0xB3261E),
                                .redTint = rgb(0xFBE9E7),
                                .focus = rgb(0x1A5FB4),
                                .shade = QColor(60, 48, 24, 5)};
    static const Palette high{.page = rgb(0x000000),
                              .surface = rgb(0x000000),
                              .line = rgb(0xFFFFFF),
                              .ink = rgb(0xFFFFFF),
                              .muted = rgb(0xFFFFFF),
                              .jade = rgb(0xFFD400),
                              .onJade = rgb(0x000000),
                              .jadeTint = rgb(0x000000),
                              .amberGround = rgb(0x000000),
                              .amberInk = rgb(0xFFD400),
                              .amberLine = rgb(0xFFD400),
                              .red = rgb(0xFF8A80),
                              .redTint = rgb(0x000000),
                              .focus = rgb(0xFFFFFF),
                              .shade = QColor(0, 0, 0, 0)};
    return highContrast ? high : normal;
}

double contrastRatio(const QColor& one, const QColor& other)
{
    const auto [dark, light] = std::minmax({luminance(one), luminance(other)});
    return (light + 0.05) / (dark + 0.05);
}

Theme::Theme(const Frame& frame, QSize window, double share)
    : m_colours(palette(frame.highContrast))
    , m_portrait(window.height() >= window.width())
    , m_elder(frame.elder)
    , m_highContrast(frame.highContrast)
    , m_reducedMotion(frame.reducedMotion)
    , m_chinese(frame.language.startsWith(QStringLiteral("zh")))
{
    const double wide = m_portrait ? 1080 : 1920;
    const double high = m_portrait ? 1920 : 1080;
    m_scale = std::max(0.25, share * std::min(window.width() / wide, window.height() / high));
}

int Theme::px(double design) const
{
    return static_cast<int>(std::lround(design * m_scale));
}

QFont Theme::font(double design, Weight weight) const
{
    static const QString han = QStringLiteral("Noto Sans CJK SC");
    static const QString latin = QStringLiteral("Noto Sans");
    QFont font;
    font.setFamilies(m_chinese ? QStringList{han, latin} : QStringList{latin, han});
    font.setPixelSize(std::max(8, px(design)));
    font.setWeight(weight == Weight::Bold ? QFont::Bold : QFont::Normal);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

} // namespace guichet::kiosk
