// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QRectF>

class QPainter;

namespace guichet::kiosk {

class Theme;

/// The card reader's slot and a card on its way into it, chip up and first.
/// `inserted` runs from 0 (held before the slot) to 1 (as far as it goes).
void paintSlot(QPainter& painter, const Theme& theme, const QRectF& place, double inserted);

} // namespace guichet::kiosk
