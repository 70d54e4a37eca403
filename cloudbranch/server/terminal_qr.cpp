// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/terminal_qr.h"

#include <qrencode.h>

#include "peripherals/base/unique_handle.h"

namespace guichet::hub {

std::string qrForTerminal(const std::string& text)
{
    const UniqueHandle<QRcode*, QRcode_free> code(
        QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M));
    if (!code) {
        return {};
    }
    constexpr int kQuiet = 4;
    const int width = code.get()->width;
    const auto light = [&](int row, int column) {
        const bool inside = row >= 0 && column >= 0 && row < width && column < width;
        return !inside || (code.get()->data[row * width + column] & 1) == 0;
    };
    std::string lines;
    for (int row = -kQuiet; row < width + kQuiet; row += 2) {
        for (int column = -kQuiet; column < width + kQuiet; ++column) {
            const bool upper = light(row, column);
            const bool lower = light(row + 1, column);
            lines += upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ");
        }
        lines += '\n';
    }
    return lines;
}

} // namespace guichet::hub
