// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "drivers/face/face_pose.h"
#include "drivers/face/face_verdict.h"

using namespace guichet;
using namespace guichet::face;

namespace {

constexpr std::size_t kHead = 3 + 15 * sizeof(float);
constexpr int kWidest = 200; ///< larger pictures only take longer

} // namespace

/// Three bytes are a frame's size and how much of it is missing, then comes a detector's row, the
/// rest are pixels, repeated until they fill the frame. Wherever the row says that a face is: what
/// is measured are figures, and a face that is good was measured.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size <= kHead) {
        return 0;
    }
    const int width = 1 + data[0] * (kWidest - 1) / 255;
    const int height = 1 + data[1] * (kWidest - 1) / 255;
    std::array<float, 15> row{};
    std::memcpy(row.data(), data + 3, sizeof row);
    const auto face = faceOfRow(row);
    const auto half = static_cast<std::size_t>((width + 1) / 2 * ((height + 1) / 2));
    std::vector<std::byte> pixels(static_cast<std::size_t>(width * height) + 2 * half);
    for (std::size_t at = 0; at < pixels.size(); ++at) {
        pixels[at] = static_cast<std::byte>(data[kHead + at % (size - kHead)]);
    }
    pixels.resize(pixels.size() - (data[2] == 255 ? 1 : 0));
    const CameraFrame frame{.width = width, .height = height, .stride = width, .pixels = pixels};
    if (!face) {
        return 0;
    }
    const auto seen = judgeFaces(frame, {*face});
    const auto& measures = seen.measures;
    const bool figures = measures.light >= 0 && measures.light < 255.5 && measures.burnt >= 0 &&
                         measures.burnt <= 1 && measures.sides >= 1 && measures.sharpness >= 0 &&
                         std::isfinite(measures.sharpness) && std::isfinite(face->tilt);
    if (!figures || (seen.verdict == Verdict::Good) > measureFace(frame, face->box).has_value()) {
        std::abort();
    }
    return 0;
}
