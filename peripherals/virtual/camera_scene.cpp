// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/camera_scene.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numbers>

#include <qrencode.h>

namespace guichet::virtualdevices {

namespace {

constexpr int kLobbyWidth = 1280, kLobbyHeight = 720;

struct Colour {
    std::uint8_t red, green, blue;
};

constexpr Colour kWall{214, 207, 193}, kFloor{150, 136, 118}, kSkirting{232, 228, 219},
    kPot{120, 82, 60}, kLeaf{74, 112, 84}, kFrame{96, 84, 70}, kPaper{242, 240, 233},
    kPhone{24, 24, 28}, kLight{245, 245, 245}, kDark{16, 16, 18};

void set(ColourPicture& picture, int x, int y, Colour colour)
{
    const auto at = 3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) +
                         static_cast<std::size_t>(x));
    picture.rgb[at] = colour.red;
    picture.rgb[at + 1] = colour.green;
    picture.rgb[at + 2] = colour.blue;
}

void fill(ColourPicture& picture, int left, int top, int right, int bottom, Colour colour)
{
    for (int y = std::max(top, 0); y < std::min(bottom, picture.height); ++y) {
        for (int x = std::max(left, 0); x < std::min(right, picture.width); ++x) {
            set(picture, x, y, colour);
        }
    }
}

void disc(ColourPicture& picture, int middleX, int middleY, int radius, Colour colour)
{
    for (int y = -radius; y <= radius; ++y) {
        for (int x = -radius; x <= radius; ++x) {
            const int atX = middleX + x;
            const int atY = middleY + y;
            if (x * x + y * y <= radius * radius && atX >= 0 && atY >= 0 && atX < picture.width &&
                atY < picture.height) {
                set(picture, atX, atY, colour);
            }
        }
    }
}

struct CodeModules {
    int width = 0;
    std::vector<bool> dark;
};

Result<CodeModules> modulesOf(const std::string& text)
{
    if (text.empty()) {
        return fail(Errc::Invalid, "an empty code");
    }
    const std::unique_ptr<QRcode, void (*)(QRcode*)> code(
        QRcode_encodeData(static_cast<int>(text.size()),
                          reinterpret_cast<const unsigned char*>(text.data()), 0, QR_ECLEVEL_M),
        QRcode_free);
    if (!code) {
        return fail(Errc::Invalid, "more than a QR code holds");
    }
    CodeModules modules{code->width, {}};
    for (int i = 0; i < code->width * code->width; ++i) {
        modules.dark.push_back((code->data[i] & 1) != 0);
    }
    return modules;
}

bool insideRounded(double x, double y, double halfWidth, double halfHeight, double radius)
{
    const double dx = std::max(std::abs(x) - (halfWidth - radius), 0.0);
    const double dy = std::max(std::abs(y) - (halfHeight - radius), 0.0);
    return dx * dx + dy * dy <= radius * radius;
}

} // namespace

ColourPicture lobby()
{
    ColourPicture picture{kLobbyWidth, kLobbyHeight,
                          std::vector<std::uint8_t>(kLobbyWidth * kLobbyHeight * 3UL)};
    for (int y = 0; y < kLobbyHeight; ++y) {
        // The light comes from above.
        const auto shade = [y](std::uint8_t value) {
            return static_cast<std::uint8_t>(value - y * value / (5 * kLobbyHeight));
        };
        const auto base = y < 560 ? kWall : y < 574 ? kSkirting : kFloor;
        const Colour row{shade(base.red), shade(base.green), shade(base.blue)};
        for (int x = 0; x < kLobbyWidth; ++x) {
            set(picture, x, y, row);
        }
    }
    fill(picture, 880, 90, 1160, 300, kFrame); // a picture on the wall
    fill(picture, 896, 106, 1144, 284, kPaper);
    disc(picture, 1020, 230, 40, kLeaf);
    fill(picture, 130, 470, 270, 620, kPot); // a plant
    for (const auto& [x, y, radius] : {std::array{200, 400, 70}, std::array{140, 340, 52},
                                       std::array{262, 336, 56}, std::array{200, 280, 48}}) {
        disc(picture, x, y, radius, kLeaf);
    }
    return picture;
}

Result<void> holdPhone(ColourPicture& picture, const PhoneCode& phone)
{
    const auto modules = modulesOf(phone.text);
    if (!modules) {
        return tl::unexpected(modules.error());
    }
    const double size = phone.size;
    const double halfScreenX = size * 0.66;
    const double halfScreenY = size * 1.05;
    const double edge = size * 0.04;
    const double angle = phone.degrees * std::numbers::pi / 180;
    const double cosine = std::cos(angle);
    const double sine = std::sin(angle);
    const auto screen = phone.inverted ? kDark : kLight;
    const auto ink = phone.inverted ? kLight : kDark;
    const double module = size / modules->width;
    for (int y = 0; y < picture.height; ++y) {
        for (int x = 0; x < picture.width; ++x) {
            const double dx = x + 0.5 - picture.width / 2.0;
            const double dy = y + 0.5 - picture.height / 2.0;
            const double u = dx * cosine + dy * sine;
            const double v = -dx * sine + dy * cosine;
            if (!insideRounded(u, v, halfScreenX + edge, halfScreenY + edge, 3 * edge)) {
                continue;
            }
            if (!insideRounded(u, v, halfScreenX, halfScreenY, 2 * edge)) {
                set(picture, x, y, kPhone);
                continue;
            }
            const int column = static_cast<int>(std::floor((u + size / 2) / module));
            const int row = static_cast<int>(std::floor((v + size / 2) / module));
            const bool inside =
                column >= 0 && row >= 0 && column < modules->width && row < modules->width;
            const auto before =
                static_cast<std::size_t>(row) * static_cast<std::size_t>(modules->width);
            const bool dark = inside && modules->dark[before + static_cast<std::size_t>(column)];
            set(picture, x, y, dark ? ink : screen);
        }
    }
    return {};
}

void darken(ColourPicture& picture)
{
    for (auto& each : picture.rgb) {
        each = static_cast<std::uint8_t>(each / 48);
    }
}

} // namespace guichet::virtualdevices
