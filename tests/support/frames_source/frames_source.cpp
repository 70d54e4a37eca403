// SPDX-License-Identifier: Apache-2.0
// A camera for tests: a moving picture of 1280x720 on a socket of frames, 30 a second, until the
// input ends. Its top tenth says when it was taken, in 22 columns that survive scaling and codecs:
// white, 16 bits of the wall clock's milliseconds, highest first, 4 bits of their nibbles' sum,
// black.
#include <algorithm>
#include <chrono>

#include <poll.h>
#include <unistd.h>

#include "peripherals/frames/frame_writer.h"

using namespace guichet;

namespace {

constexpr std::uint32_t kWidth = 1280, kHeight = 720;
constexpr std::size_t kPixels = std::size_t{kWidth} * kHeight;

/// As many columns as bits, and one at each end.
constexpr unsigned kColumns = 22;

unsigned columnsOf(std::chrono::system_clock::time_point at)
{
    const auto count =
        std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
    const auto clock = static_cast<unsigned>(count & 0xFFFF);
    const auto sum = (clock + (clock >> 4U) + (clock >> 8U) + (clock >> 12U)) & 0xFU;
    return 1U << (kColumns - 1) | clock << 5U | sum << 1U;
}

/// A bright bar that walks over a slope of grey, below the clock.
void draw(Bytes& pixels, unsigned frame)
{
    const auto bar = frame * 8 % kWidth;
    for (std::size_t y = 0; y < kHeight; ++y) {
        for (std::size_t x = 0; x < kWidth; ++x) {
            const bool bright = x >= bar && x < bar + 60;
            pixels[y * kWidth + x] = std::byte(bright ? 235 : (x + y + frame) / 12 % 160 + 30);
        }
    }
    const auto columns = columnsOf(std::chrono::system_clock::now());
    for (std::size_t x = 0; x < kWidth; ++x) {
        const bool white = (columns >> (kColumns - 1 - x * kColumns / kWidth) & 1U) != 0;
        for (std::size_t y = 0; y < kHeight / 10; ++y) {
            pixels[y * kWidth + x] = std::byte(white ? 235 : 16);
        }
    }
}

} // namespace

int main(int count, char* words[])
{
    if (count != 2) {
        return 2;
    }
    auto writer = frames::FrameWriter::open(words[1], {4, kPixels * 3 / 2});
    if (!writer) {
        return 1;
    }
    Bytes pixels(kPixels * 3 / 2, std::byte{128});
    auto next = std::chrono::steady_clock::now();
    for (unsigned frame = 0;; ++frame) {
        next += std::chrono::milliseconds(33);
        pollfd input{STDIN_FILENO, POLLIN, 0};
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(next - std::chrono::steady_clock::now());
        if (::poll(&input, 1, std::max(0, static_cast<int>(left.count()))) > 0) {
            return 0; // nothing is ever written there
        }
        if (!(*writer)->wanted()) {
            (*writer)->serve();
            continue;
        }
        draw(pixels, frame);
        const auto published = (*writer)->publish(
            {.captureNs = std::chrono::steady_clock::now().time_since_epoch().count(),
             .width = kWidth,
             .height = kHeight,
             .stride = kWidth,
             .format = frames::PixelFormat::I420},
            pixels);
        if (!published) {
            return 1;
        }
    }
}
