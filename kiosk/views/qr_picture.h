// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QImage>
#include <QString>

namespace guichet::kiosk {

/// The QR code of `text` (UTF-8, correction level M), one pixel a module, black on white, with the
/// quiet zone of four modules. A null image if `text` is empty or too long for a code.
[[nodiscard]] QImage qrPicture(const QString& text);

} // namespace guichet::kiosk
