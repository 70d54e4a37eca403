// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QColor>
#include <QFont>
#include <QRectF>
#include <QString>

class QPainter;

namespace guichet::kiosk {

inline constexpr double kPageTitleLeading = 1.22; ///< of the question at the top of a page

/// One piece of text and its place. It wraps, it is never shortened.
struct Lettering {
    QString text;
    QFont font;
    QColor colour;
    QRectF place;
    Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignTop;
    bool balanced = false; ///< lines of about the same length, for titles
    double leading = 1.3;  ///< height of a line, in font sizes
};

/// Height of `text` wrapped to `width`.
[[nodiscard]] double heightFor(const QString& text, const QFont& font, double width,
                               double leading = 1.3);

/// Width of `text` on one line.
[[nodiscard]] double widthOf(const QString& text, const QFont& font);

void draw(QPainter& painter, const Lettering& lettering);

/// False if the text would leave its place, or if a word had to be broken.
[[nodiscard]] bool fits(const Lettering& lettering);

} // namespace guichet::kiosk
