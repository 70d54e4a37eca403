// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/lettering.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QTextLayout>
#include <cmath>

namespace guichet::kiosk {

namespace {

/// Han characters and Latin capitals both have their middle about here above the baseline.
constexpr double kMiddle = 0.37;

/// Breaks the text into the lines of `layout`; answers how many.
int breakLines(QTextLayout& layout, double width, QTextOption::WrapMode mode)
{
    QTextOption option;
    option.setWrapMode(mode);
    layout.setTextOption(option);
    layout.beginLayout();
    int lines = 0;
    for (auto line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(width);
        ++lines;
    }
    layout.endLayout();
    return lines;
}

int linesFor(const QString& text, const QFont& font, double width)
{
    QTextLayout layout(text, font);
    return breakLines(layout, std::max(1.0, width), QTextOption::WrapAtWordBoundaryOrAnywhere);
}

bool wordsFit(const QString& text, const QFont& font, double width)
{
    QTextLayout layout(text, font);
    const int lines = breakLines(layout, width, QTextOption::WordWrap);
    for (int i = 0; i < lines; ++i) {
        if (layout.lineAt(i).naturalTextWidth() > width + 0.5) {
            return false;
        }
    }
    return true;
}

/// The narrowest width that needs no more lines and breaks no word.
double balancedWidth(const QString& text, const QFont& font, double width)
{
    const int lines = linesFor(text, font, width);
    if (lines < 2) {
        return width;
    }
    double low = width / 2;
    double high = width;
    while (high - low > 2) {
        const double middle = (low + high) / 2;
        if (linesFor(text, font, middle) > lines || !wordsFit(text, font, middle)) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return high;
}

} // namespace

double heightFor(const QString& text, const QFont& font, double width, double leading)
{
    return text.isEmpty() ? 0.0
                          : std::ceil(linesFor(text, font, width) * leading * font.pixelSize());
}

double widthOf(const QString& text, const QFont& font)
{
    return std::ceil(QFontMetricsF(font).horizontalAdvance(text)) + 1;
}

void draw(QPainter& painter, const Lettering& it)
{
    if (it.text.isEmpty()) {
        return;
    }
    const double width =
        it.balanced ? balancedWidth(it.text, it.font, it.place.width()) : it.place.width();
    QTextLayout layout(it.text, it.font);
    const int lines = breakLines(layout, width, QTextOption::WrapAtWordBoundaryOrAnywhere);
    const double box = it.leading * it.font.pixelSize();
    double top = 0;
    if (it.alignment & Qt::AlignVCenter) {
        top = (it.place.height() - lines * box) / 2;
    } else if (it.alignment & Qt::AlignBottom) {
        top = it.place.height() - lines * box;
    }
    for (int i = 0; i < lines; ++i) {
        auto line = layout.lineAt(i);
        double left = 0;
        if (it.alignment & Qt::AlignHCenter) {
            left = (it.place.width() - line.naturalTextWidth()) / 2;
        } else if (it.alignment & Qt::AlignRight) {
            left = it.place.width() - line.naturalTextWidth();
        }
        const double baseline = top + (i + 0.5) * box + kMiddle * it.font.pixelSize();
        line.setPosition({left, baseline - line.ascent()});
    }
    painter.setPen(it.colour);
    layout.draw(&painter, it.place.topLeft());
}

bool fits(const Lettering& it)
{
    return it.text.isEmpty() ||
           (wordsFit(it.text, it.font, it.place.width()) &&
            heightFor(it.text, it.font, it.place.width(), it.leading) <= it.place.height() + 1);
}

} // namespace guichet::kiosk
