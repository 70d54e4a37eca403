// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/ticket_picture.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "kiosk/views/paper.h"
#include "kiosk/views/qr_picture.h"
#include "kiosk/views/theme.h"

namespace guichet::kiosk {

namespace {

constexpr double kNumberLeading = 1.08;
constexpr double kLeastNumber = 120;
constexpr double kLeastCode = 150;

struct FactLines {
    QFont label;
    QFont value;
    double padding;
};

FactLines factLines(const Theme& theme)
{
    const double size = theme.elder() ? 44 : 36;
    return {theme.font(size), theme.font(size + 2, Weight::Bold),
            static_cast<double>(theme.px(theme.elder() ? 12 : 16))};
}

bool isStacked(const Fact& fact, const FactLines& lines, const Theme& theme, double width)
{
    return widthOf(fact.label, lines.label) + widthOf(fact.value, lines.value) + theme.px(24) >
           width;
}

double factHeight(const Fact& fact, const FactLines& lines, const Theme& theme, double width)
{
    const double label = heightFor(fact.label, lines.label, width);
    const double value = heightFor(fact.value, lines.value, width);
    return 2 * lines.padding +
           (isStacked(fact, lines, theme, width) ? label + value : std::max(label, value));
}

double factsHeight(const TicketFace& face, const Theme& theme, double width)
{
    const FactLines lines = factLines(theme);
    double height = 0;
    for (const Fact& fact : face.facts) {
        height += factHeight(fact, lines, theme, width);
    }
    return height;
}

/// The largest number font, up to `most`, that fits the width.
QFont numberFont(const QString& label, const Theme& theme, double most, double width)
{
    QFont font = theme.font(most, Weight::Bold);
    font.setFamilies({QStringLiteral("Noto Sans"), QStringLiteral("Noto Sans CJK SC")});
    const double needed = widthOf(label, font);
    if (needed > width) {
        font.setPixelSize(
            std::max(8, static_cast<int>(std::floor(font.pixelSize() * width / needed))));
    }
    return font;
}

} // namespace

TicketPicture::TicketPicture(const TicketFace& face, const Theme& theme, const QRectF& place)
    : m_code(qrPicture(face.qrText))
{
    if (!theme.portrait() || !layOutUpright(face, theme, place)) {
        layOutLying(face, theme, place);
    }
    m_paper = paperPath(m_place, theme.px(30));
}

bool TicketPicture::layOutUpright(const TicketFace& face, const Theme& theme, const QRectF& place)
{
    const Palette& colours = theme.colours();
    const double pad = theme.px(theme.elder() ? 48 : 56);
    const double paper = std::min<double>(place.width(), theme.px(theme.elder() ? 880 : 800));
    const double width = paper - 2 * pad;
    const QFont service = theme.font(theme.body(), Weight::Bold);
    const QFont number = numberFont(face.label, theme, theme.elder() ? 264 : 240, width);
    const QFont note = theme.font(theme.note());
    const double serviceHeight = heightFor(face.service, service, width);
    const double numberHeight = kNumberLeading * number.pixelSize();
    const double noteHeight = heightFor(face.qrNote, note, width);
    const double gap = theme.px(24);
    const double fixed =
        2 * theme.px(52) + serviceHeight + numberHeight + gap + factsHeight(face, theme, width);
    const double room = place.height() - fixed - (m_code.isNull() ? 0 : noteHeight + 2 * gap);
    if (room < (m_code.isNull() ? 0 : theme.px(kLeastCode))) {
        return false;
    }
    const double code = m_code.isNull() ? 0.0 : std::min<double>(room, theme.px(300));
    const double codeBlock = m_code.isNull() ? 0 : code + noteHeight + gap;
    const double height = std::min(place.height(), fixed + codeBlock);
    m_place = QRectF(place.center().x() - paper / 2,
                     place.top() + std::max(0.0, (place.height() - height) * 0.4), paper, height);

    double top = m_place.top() + theme.px(52);
    const double left = m_place.left() + pad;
    m_texts.push_back({face.service, service, colours.muted,
                       QRectF(left, top, width, serviceHeight), Qt::AlignHCenter | Qt::AlignTop});
    top += serviceHeight;
    m_texts.push_back({face.label, number, colours.jade, QRectF(left, top, width, numberHeight),
                       Qt::AlignHCenter | Qt::AlignVCenter, false, kNumberLeading});
    top += numberHeight + gap / 2;
    m_dashes.emplace_back(left, top, left + width, top);
    top = writeFacts(face, theme, QRectF(left, top, width, 0));
    if (!m_code.isNull()) {
        m_dashes.emplace_back(left, top, left + width, top);
        writeCode(face, theme, QRectF(left, top + gap, width, code + noteHeight), code);
    }
    return true;
}

void TicketPicture::layOutLying(TicketFace face, const Theme& theme, const QRectF& place)
{
    const Palette& colours = theme.colours();
    const double pad = theme.px(52);
    const double stub = m_code.isNull() ? 0 : theme.px(theme.elder() ? 400 : 380);
    const double width = place.width() - 2 * pad - stub;
    const QFont service = theme.font(theme.body(), Weight::Bold);
    const double serviceHeight = heightFor(face.service, service, width);
    const double free = place.height() - 2 * theme.px(44) - serviceHeight - theme.px(16);
    while (!face.facts.isEmpty() &&
           free - factsHeight(face, theme, width) < kNumberLeading * kLeastNumber) {
        face.facts.removeLast();
    }
    const double facts = factsHeight(face, theme, width);
    const double room = free - facts;
    const QFont number = numberFont(
        face.label, theme,
        std::clamp(room / kNumberLeading / std::max(1, theme.px(100)) * 100, kLeastNumber, 280.0),
        width);
    const double numberHeight = kNumberLeading * number.pixelSize();
    const double height = std::min(place.height(), 2 * theme.px(44) + serviceHeight + numberHeight +
                                                       theme.px(16) + facts);
    m_place =
        QRectF(place.left(), place.top() + (place.height() - height) / 2, place.width(), height);

    double top = m_place.top() + theme.px(44);
    const double left = m_place.left() + pad;
    m_texts.push_back(
        {face.service, service, colours.muted, QRectF(left, top, width, serviceHeight)});
    top += serviceHeight;
    m_texts.push_back({face.label, number, colours.jade, QRectF(left, top, width, numberHeight),
                       Qt::AlignLeft | Qt::AlignVCenter, false, kNumberLeading});
    top += numberHeight + theme.px(16);
    m_dashes.emplace_back(left, top, left + width, top);
    writeFacts(face, theme, QRectF(left, top, width, 0));
    if (!m_code.isNull()) {
        const double x = left + width + pad / 2;
        m_dashes.emplace_back(x, m_place.top() + theme.px(44), x, m_place.bottom() - theme.px(44));
        const QRectF area(x + pad / 2, m_place.top(), m_place.right() - pad / 2 - x - pad / 2,
                          height);
        const double note = heightFor(face.qrNote, theme.font(theme.note()), area.width());
        const double side = std::min<double>(
            {area.width(), static_cast<double>(theme.px(320)), height - note - theme.px(60)});
        const double block = side + theme.px(12) + note;
        writeCode(face, theme,
                  QRectF(area.left(), area.center().y() - block / 2, area.width(), block), side);
    }
}

double TicketPicture::writeFacts(const TicketFace& face, const Theme& theme, QRectF area)
{
    const FactLines lines = factLines(theme);
    const Palette& colours = theme.colours();
    double top = area.top();
    for (const Fact& fact : face.facts) {
        const double height = factHeight(fact, lines, theme, area.width());
        const QRectF row(area.left(), top, area.width(), height);
        if (&fact != &face.facts.first()) {
            m_dashes.emplace_back(area.left(), top, area.right(), top);
        }
        if (isStacked(fact, lines, theme, area.width())) {
            m_texts.push_back({fact.label, lines.label, colours.muted,
                               row.adjusted(0, lines.padding, 0, -lines.padding)});
            m_texts.push_back({fact.value, lines.value, colours.ink,
                               row.adjusted(0, lines.padding, 0, -lines.padding),
                               Qt::AlignLeft | Qt::AlignBottom});
        } else {
            const double value = widthOf(fact.value, lines.value);
            m_texts.push_back({fact.label, lines.label, colours.muted,
                               row.adjusted(0, 0, -value, 0), Qt::AlignLeft | Qt::AlignVCenter});
            m_texts.push_back({fact.value, lines.value, colours.ink,
                               QRectF(row.right() - value, top, value, height),
                               Qt::AlignRight | Qt::AlignVCenter});
        }
        top += height;
    }
    return top;
}

void TicketPicture::writeCode(const TicketFace& face, const Theme& theme, const QRectF& area,
                              double side)
{
    // Whole pixels per module: a code with blurred edges is read late or not at all.
    const double module = std::max(1.0, std::floor(side / m_code.width()));
    const double real = module * m_code.width();
    m_codePlace = QRectF(std::round(area.center().x() - real / 2),
                         std::round(area.top() + (side - real) / 2), real, real);
    m_texts.push_back(
        {face.qrNote, theme.font(theme.note()), theme.colours().muted,
         QRectF(area.left(),
                area.bottom() - heightFor(face.qrNote, theme.font(theme.note()), area.width()),
                area.width(), heightFor(face.qrNote, theme.font(theme.note()), area.width())),
         Qt::AlignHCenter | Qt::AlignTop, true});
}

void TicketPicture::paint(QPainter& painter, const Theme& theme) const
{
    paintPaper(painter, theme, m_paper);
    QPen pen(theme.highContrast() ? QColor(0x99, 0x99, 0x99) : QColor(0xCF, 0xC8, 0xBB),
             theme.border());
    pen.setDashPattern({3, 4});
    painter.setPen(pen);
    for (const QLineF& dash : m_dashes) {
        painter.drawLine(dash);
    }
    if (!m_code.isNull()) {
        painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
        painter.drawImage(m_codePlace, m_code);
    }
}

} // namespace guichet::kiosk
