// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/qr_picture.h"

#include <memory>

#include <qrencode.h>

namespace guichet::kiosk {

QImage qrPicture(const QString& text)
{
    constexpr int kQuiet = 4;
    const QByteArray bytes = text.toUtf8();
    if (bytes.isEmpty()) {
        return {};
    }
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeData(static_cast<int>(bytes.size()),
                          reinterpret_cast<const unsigned char*>(bytes.constData()), 0,
                          QR_ECLEVEL_M),
        &QRcode_free);
    if (!code) {
        return {};
    }
    QImage image(code->width + 2 * kQuiet, code->width + 2 * kQuiet, QImage::Format_Mono);
    image.setColorTable({qRgb(255, 255, 255), qRgb(0, 0, 0)});
    image.fill(0);
    for (int y = 0; y < code->width; ++y) {
        for (int x = 0; x < code->width; ++x) {
            if ((code->data[y * code->width + x] & 1U) != 0) {
                image.setPixel(x + kQuiet, y + kQuiet, 1);
            }
        }
    }
    return image;
}

} // namespace guichet::kiosk
