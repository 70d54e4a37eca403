// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/icons.h"

#include <QPainter>
#include <QPixmap>
#include <QPixmapCache>
#include <QSvgRenderer>
#include <algorithm>
#include <array>
#include <cmath>

namespace guichet::kiosk {

namespace {

struct Drawing {
    const char* name;
    const char* shapes;
};

// clang-format off
constexpr std::array kDrawings {
    Drawing { "cash", R"(<rect x="5" y="13" width="38" height="22" rx="4"/><circle cx="24" cy="24" r="5.5"/><path d="M12 24h.1M36 24h.1"/>)" },
    Drawing { "account", R"(<path d="M12 7h18l7 7v25a2 2 0 0 1-2 2H12a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2z"/><path d="M29 7v8h8"/><circle cx="21" cy="23" r="4"/><path d="M14 34c1-4 4-6 7-6s6 2 7 6M31 25h2M31 31h2"/>)" },
    Drawing { "wealth", R"(<path d="M6 41h36M11 41V29M21 41V22M31 41V26M8 18l12-9 10 7 11-10"/><path d="M33 6h8v8"/>)" },
    Drawing { "corporate", R"(<path d="M9 41V11a2 2 0 0 1 2-2h16a2 2 0 0 1 2 2v30M29 20h8a2 2 0 0 1 2 2v19M5 41h38"/><path d="M16 17h.1M22 17h.1M16 24h.1M22 24h.1M16 31h.1M22 31h.1M34 27h.1M34 34h.1"/>)" },
    Drawing { "ticket", R"(<path d="M12 5l4 3 4-3 4 3 4-3 4 3 4-3v38l-4-3-4 3-4-3-4 3-4-3-4 3z"/><path d="M19 17h10M19 24h10M19 31h5"/>)" },
    Drawing { "appointment", R"(<rect x="7" y="10" width="34" height="31" rx="4"/><path d="M7 19h34M16 5v9M32 5v9M17 30l5 5 9-10"/>)" },
    Drawing { "tour", R"(<circle cx="24" cy="24" r="18"/><path d="M31 17l-4 10-10 4 4-10z"/>)" },
    Drawing { "card", R"(<rect x="5" y="11" width="38" height="26" rx="4"/><path d="M5 19h38M12 30h8"/>)" },
    Drawing { "help", R"(<path d="M41 22c0 8-7.500 14-17 14-1.600 0-3.200-.2-4.700-.5L10 41l1.600-8.400C8.700 29.900 7 26.200 7 22 7 14 14.500 8 24 8s17 6 17 14z"/><path d="M19.500 18.500c.4-2.600 2.400-4 4.700-4 2.700 0 4.600 1.700 4.600 4 0 3-4.500 3.300-4.500 6.300M24.200 29.500h.1"/>)" },
    Drawing { "language", R"(<circle cx="24" cy="24" r="18"/><path d="M6 24h36M24 6c5 5 7.500 11 7.500 18S29 37 24 42c-5-5-7.500-11-7.500-18S19 11 24 6z"/>)" },
    Drawing { "text-size", R"(<path d="M4 38L15 11h1l11 27M8 29h15M29 38l7-17h1l7 17M32 32.500h9"/>)" },
    Drawing { "contrast", R"(<circle cx="24" cy="24" r="18"/><path d="M24 6v36a18 18 0 0 0 0-36z" fill="currentColor"/>)" },
    Drawing { "voice", R"(<path d="M7 19h7l10-9v28l-10-9H7zM31 18c3 3.500 3 8.500 0 12M36.500 12.500c6.500 6.500 6.500 16.500 0 23"/>)" },
    Drawing { "printer", R"(<path d="M14 18V6h20v12M14 34H9a3 3 0 0 1-3-3V21a3 3 0 0 1 3-3h30a3 3 0 0 1 3 3v10a3 3 0 0 1-3 3h-5"/><path d="M14 28h20v14H14zM35 24h.1"/>)" },
    Drawing { "paper", R"(<circle cx="16" cy="17" r="10"/><circle cx="16" cy="17" r="3"/><path d="M26 17v20l4-3 4 3 4-3 4 3V7H16"/>)" },
    Drawing { "cover", R"(<path d="M6 26h36v14a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2zM6 26L36 9l6 6M30 4l7 4-3 7"/><path d="M15 34h18"/>)" },
    Drawing { "cable", R"(<path d="M17 5v10M31 5v10M12 15h24v7c0 6-5 11-11 11h-2c-6 0-11-5-11-11zM24 33v10"/>)" },
    Drawing { "person", R"(<circle cx="24" cy="15" r="8"/><path d="M8 42c1-9 7.500-14 16-14s15 5 16 14"/>)" },
    Drawing { "back", R"(<path d="M28 10L14 24l14 14"/>)" },
    Drawing { "next", R"(<path d="M20 10l14 14-14 14"/>)" },
    Drawing { "tick", R"(<path d="M9 25l10 10 20-22"/>)" },
    Drawing { "cross", R"(<path d="M12 12l24 24M36 12L12 36"/>)" },
    Drawing { "alert", R"(<path d="M24 10v18M24 38v.1" stroke-width="5"/>)" },
    Drawing { "warning", R"(<path d="M24 7L44 40H4zM24 19v10M24 34.500v.1"/>)" },
    Drawing { "clock", R"(<circle cx="24" cy="24" r="18"/><path d="M24 13v11l7 5"/>)" },
    Drawing { "erase", R"(<path d="M17 10h23a3 3 0 0 1 3 3v22a3 3 0 0 1-3 3H17L5 24z"/><path d="M22 18l12 12M34 18L22 30"/>)" },
    Drawing { "more", R"(<circle cx="10" cy="24" r="3"/><circle cx="24" cy="24" r="3"/><circle cx="38" cy="24" r="3"/>)" },
    Drawing { "queue", R"(<circle cx="12" cy="18" r="5"/><circle cx="24" cy="18" r="5"/><circle cx="36" cy="18" r="5"/><path d="M5 36c.5-5 3-8 7-8s6.500 3 7 8M17 36c.5-5 3-8 7-8s6.500 3 7 8M29 36c.5-5 3-8 7-8s6.500 3 7 8"/>)" },
    Drawing { "network", R"(<path d="M5 19c11-10 27-10 38 0M12 26c7-6.500 17-6.500 24 0M18.500 32.500c3.500-3 7.500-3 11 0M24 39v.1"/>)" },
    Drawing { "scan", R"(<path d="M6 15V9a3 3 0 0 1 3-3h6M33 6h6a3 3 0 0 1 3 3v6M42 33v6a3 3 0 0 1-3 3h-6M15 42H9a3 3 0 0 1-3-3v-6"/><rect x="14" y="14" width="8" height="8"/><rect x="26" y="14" width="8" height="8"/><rect x="14" y="26" width="8" height="8"/><path d="M27 27h.1M33.500 27v6.500h-6.500v.1"/>)" },
    Drawing { "pen", R"(<path d="M9 39l3-11L33 7l8 8-21 21zM28 12l8 8M9 39h12"/>)" },
    Drawing { "phone", R"(<rect x="13" y="4" width="22" height="40" rx="5"/><path d="M21 37.500h6"/>)" },
    Drawing { "video", R"(<rect x="4" y="12" width="28" height="24" rx="4"/><path d="M32 21l11-6v18l-11-6"/>)" },
    Drawing { "handset", R"(<path d="M14 6l6 1 2 9-5 4c2 5 6 9 11 11l4-5 9 2 1 6c0 4-3 7-7 7C19 41 7 29 7 13c0-4 3-7 7-7z"/>)" },
    Drawing { "words", R"(<path d="M10 8h28a4 4 0 0 1 4 4v18a4 4 0 0 1-4 4H22l-10 8v-8h-2a4 4 0 0 1-4-4V12a4 4 0 0 1 4-4zM14 18h20M14 25h13"/>)" },
    Drawing { "hand", R"(<path d="M17 26V10a3 3 0 0 1 6 0v12M23 22V7a3 3 0 0 1 6 0v15M29 22V11a3 3 0 0 1 6 0v19c0 8-4 13-11 13-6 0-9-3-12-8l-5-9a3 3 0 0 1 5-3l5 6"/>)" },
    Drawing { "home", R"(<path d="M6 24L24 8l18 16M11 21v20h26V21M20 41V29h8v12"/>)" },
};
// clang-format on

const Drawing* find(const QString& name)
{
    const auto found =
        std::find_if(kDrawings.begin(), kDrawings.end(),
                     [&](const Drawing& drawing) { return name == QLatin1String(drawing.name); });
    return found == kDrawings.end() ? nullptr : &*found;
}

QByteArray document(const Drawing& drawing, const QColor& colour)
{
    const QByteArray ink = colour.name().toLatin1();
    QByteArray shapes(drawing.shapes);
    shapes.replace("currentColor", ink);
    return R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" fill="none" stroke=")" +
           ink + R"(" stroke-width="3" stroke-linecap="round" stroke-linejoin="round">)" + shapes +
           "</svg>";
}

} // namespace

void drawIcon(QPainter& painter, const QString& name, const QRectF& place, const QColor& colour)
{
    const Drawing* const drawing = find(name);
    const double side = std::floor(std::min(place.width(), place.height()));
    if (drawing == nullptr || side < 1) {
        return;
    }
    const double ratio = painter.device()->devicePixelRatioF();
    const QString key =
        QStringLiteral("icon/%1/%2/%3/%4").arg(name, colour.name()).arg(side).arg(ratio);
    QPixmap picture;
    if (!QPixmapCache::find(key, &picture)) {
        const int pixels = static_cast<int>(std::ceil(side * ratio));
        picture = QPixmap(pixels, pixels);
        picture.fill(Qt::transparent);
        QPainter on(&picture);
        QSvgRenderer(document(*drawing, colour)).render(&on);
        on.end();
        picture.setDevicePixelRatio(ratio);
        QPixmapCache::insert(key, picture);
    }
    const QPointF corner = place.center() - QPointF(side / 2, side / 2);
    painter.drawPixmap(corner.toPoint(), picture);
}

QStringList iconNames()
{
    QStringList names;
    for (const Drawing& drawing : kDrawings) {
        names.append(QLatin1String(drawing.name));
    }
    return names;
}

} // namespace guichet::kiosk
