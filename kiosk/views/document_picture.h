// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QRectF>

class QPainter;

namespace guichet::kiosk {

class Theme;

/// The plate of a document reader with an identity card on its way onto it, portrait up.
void paintDocument(QPainter& painter, const Theme& theme, const QRectF& place);

} // namespace guichet::kiosk
