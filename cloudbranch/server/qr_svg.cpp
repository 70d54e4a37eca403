// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/qr_svg.h"

#include <memory>

#include <fmt/format.h>

#include <qrencode.h>

#include "cloudbranch/server/html.h"

namespace guichet::hub {
namespace {

constexpr int kQuietZone = 4;

} // namespace

std::string qrSvg(const std::string& text, std::string_view name)
{
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M), &QRcode_free);
    if (!code) {
        return {};
    }
    std::string path;
    for (int y = 0; y < code->width; ++y) {
        for (int x = 0; x < code->width;) {
            const auto dark = [&](int column) {
                return column < code->width && (code->data[y * code->width + column] & 1) != 0;
            };
            int run = 0;
            while (dark(x + run)) {
                ++run;
            }
            if (run > 0) {
                path += fmt::format("M{} {}h{}v1h-{}z", x + kQuietZone, y + kQuietZone, run, run);
            }
            x += run + 1;
        }
    }
    const auto side = code->width + 2 * kQuietZone;
    return fmt::format("<svg class=\"qr\" role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {} {}\" "
                       "shape-rendering=\"crispEdges\"><rect width=\"{}\" height=\"{}\" "
                       "fill=\"#fff\"/><path d=\"{}\"/></svg>",
                       escaped(name), side, side, side, side, path);
}

} // namespace guichet::hub
