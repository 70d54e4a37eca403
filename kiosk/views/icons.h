// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QColor>
#include <QRectF>
#include <QString>
#include <QStringList>

class QPainter;

namespace guichet::kiosk {

/// Draws the named picture in one colour, fitted into a square in the middle of `place`.
/// All are our own drawings in one style: a 48-unit square, strokes of 3 with round ends.
/// An unknown name draws nothing. Rendered once per name, size and colour.
void drawIcon(QPainter& painter, const QString& name, const QRectF& place, const QColor& colour);

/// Every name that drawIcon() knows, for checkers of journeys and for tests.
[[nodiscard]] QStringList iconNames();

} // namespace guichet::kiosk
