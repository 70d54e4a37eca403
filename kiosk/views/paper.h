// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QPainterPath>
#include <QRectF>

class QPainter;

namespace guichet::kiosk {

class Theme;

/// A slip of paper whose top and bottom edge are torn along a perforation of `teeth` wide bites.
[[nodiscard]] QPainterPath paperPath(const QRectF& place, double tooth, bool tornTop = true);

/// The slip with its soft shadow (a border instead, with high contrast).
void paintPaper(QPainter& painter, const Theme& theme, const QPainterPath& paper);

} // namespace guichet::kiosk
