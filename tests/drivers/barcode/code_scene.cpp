// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/barcode/code_scene.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>

#include <qrencode.h>

namespace guichet::test {

namespace {

using Grey = std::vector<double>;

double background(int x, int y)
{
    const bool books = (x / 90 + y / 140) % 3 == 0;
    return 110 + 50 * std::sin(x / 37.0) * std::cos(y / 53.0) + (books ? 40 : 0);
}

/// The grey of the code's plane at (u, v), in modules from its middle; negative outside its margin
/// and where there is no code.
double codeAt(const Modules& modules, double u, double v, bool inverted)
{
    if (modules.dark.empty()) {
        return -1;
    }
    const double column = u + modules.width / 2.0;
    const double row = v + modules.height / 2.0;
    if (column < -modules.quiet || row < -modules.quiet ||
        column >= modules.width + modules.quiet || row >= modules.height + modules.quiet) {
        return -1;
    }
    const bool inside = column >= 0 && row >= 0 && column < modules.width && row < modules.height;
    const bool dark =
        inside && modules.dark[static_cast<std::size_t>(static_cast<int>(row) * modules.width +
                                                        static_cast<int>(column))];
    return dark != inverted ? 30 : 225;
}

Grey blurred(const Grey& grey, double sigma)
{
    const int reach = static_cast<int>(std::ceil(3 * sigma));
    std::vector<double> weights;
    double sum = 0;
    for (int i = -reach; i <= reach; ++i) {
        weights.push_back(std::exp(-i * i / (2 * sigma * sigma)));
        sum += weights.back();
    }
    const auto pass = [&](const Grey& in, int stepX, int stepY) {
        Grey out(in.size());
        for (int y = 0; y < Scene::kHeight; ++y) {
            for (int x = 0; x < Scene::kWidth; ++x) {
                double value = 0;
                for (int i = -reach; i <= reach; ++i) {
                    const int fromX = std::clamp(x + i * stepX, 0, Scene::kWidth - 1);
                    const int fromY = std::clamp(y + i * stepY, 0, Scene::kHeight - 1);
                    value += weights[static_cast<std::size_t>(i + reach)] *
                             in[static_cast<std::size_t>(fromY * Scene::kWidth + fromX)];
                }
                out[static_cast<std::size_t>(y * Scene::kWidth + x)] = value / sum;
            }
        }
        return out;
    };
    return pass(pass(grey, 1, 0), 0, 1);
}

/// Each pixel has the mean of what passed it.
Grey smeared(const Grey& grey, int length)
{
    Grey out(grey.size());
    for (int y = 0; y < Scene::kHeight; ++y) {
        const auto row = static_cast<std::size_t>(y) * Scene::kWidth;
        for (int x = 0; x < Scene::kWidth; ++x) {
            double sum = 0;
            for (int i = 0; i < length; ++i) {
                sum += grey[row + static_cast<std::size_t>(std::max(x - i, 0))];
            }
            out[row + static_cast<std::size_t>(x)] = sum / length;
        }
    }
    return out;
}

/// White in its middle, fading out.
void addGlare(Grey& grey, const Sight& sight)
{
    const double middleX = Scene::kWidth / 2.0 + sight.size / 4;
    const double middleY = Scene::kHeight / 2.0 + sight.size / 5;
    for (int y = 0; y < Scene::kHeight; ++y) {
        for (int x = 0; x < Scene::kWidth; ++x) {
            const double far = std::hypot(x - middleX, y - middleY) / sight.glare;
            auto& each = grey[static_cast<std::size_t>(y * Scene::kWidth + x)];
            each = std::min(255.0, each + 255 * std::exp(-far * far));
        }
    }
}

} // namespace

Modules qrModules(const std::string& text)
{
    QRcode* code = QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M);
    Modules modules{code->width, code->width, {}};
    for (int i = 0; i < code->width * code->width; ++i) {
        modules.dark.push_back((code->data[i] & 1) != 0);
    }
    QRcode_free(code);
    return modules;
}

Modules codeModules(barcode::Symbology symbology, const std::string& text)
{
    using ZXing::BarcodeFormat;
    constexpr int kBarHeight = 40;
    const auto written = [&text](BarcodeFormat format, int height, int quiet) {
        ZXing::MultiFormatWriter writer(format);
        writer.setMargin(0);
        const auto matrix = writer.encode(std::wstring(text.begin(), text.end()), 0, height);
        Modules modules{matrix.width(), matrix.height(), {}, quiet};
        for (int y = 0; y < matrix.height(); ++y) {
            for (int x = 0; x < matrix.width(); ++x) {
                modules.dark.push_back(matrix.get(x, y));
            }
        }
        return modules;
    };
    switch (symbology) {
    case barcode::Symbology::Aztec:
        return written(BarcodeFormat::Aztec, 0, 4);
    case barcode::Symbology::DataMatrix:
        return written(BarcodeFormat::DataMatrix, 0, 4);
    case barcode::Symbology::Pdf417:
        return written(BarcodeFormat::PDF417, 0, 4);
    case barcode::Symbology::Code128:
        return written(BarcodeFormat::Code128, kBarHeight, 12);
    case barcode::Symbology::QrCode:
        break;
    }
    return qrModules(text);
}

Scene sceneOf(const Modules& modules, const Sight& sight)
{
    const double scale = sight.size / std::max(modules.width, modules.height);
    const double angle = sight.degrees * std::numbers::pi / 180;
    Grey grey(static_cast<std::size_t>(Scene::kWidth) * Scene::kHeight);
    for (int y = 0; y < Scene::kHeight; ++y) {
        for (int x = 0; x < Scene::kWidth; ++x) {
            const double dx = x + 0.5 - Scene::kWidth / 2.0 - sight.right;
            const double dy = y + 0.5 - Scene::kHeight / 2.0 - sight.down;
            // What lies further to the right is further away, hence smaller.
            const double distance = 1 + sight.aslant * dx / sight.size;
            const double u = (dx * std::cos(angle) + dy * std::sin(angle)) / scale * distance;
            const double v = (-dx * std::sin(angle) + dy * std::cos(angle)) / scale * distance;
            const double code = distance > 0 ? codeAt(modules, u, v, sight.inverted) : -1;
            grey[static_cast<std::size_t>(y * Scene::kWidth + x)] =
                code < 0 ? background(x, y) : code;
        }
    }
    if (sight.blur > 0) {
        grey = blurred(grey, sight.blur);
    }
    if (sight.motion >= 1) {
        grey = smeared(grey, static_cast<int>(sight.motion));
    }
    if (sight.glare > 0) {
        addGlare(grey, sight);
    }
    std::mt19937 random(sight.seed); // the same picture each time
    std::uniform_real_distribution<double> noise(-sight.noise, sight.noise);
    Scene scene;
    scene.pixels.reserve(grey.size());
    for (const double each : grey) {
        const double seen = each * sight.light + (sight.noise > 0 ? noise(random) : 0);
        scene.pixels.push_back(
            static_cast<std::byte>(static_cast<int>(std::clamp(seen, 0.0, 255.0))));
    }
    return scene;
}

} // namespace guichet::test
