// SPDX-License-Identifier: Apache-2.0
// 100 drawn frames of 640x480 of each way in which somebody may stand before a camera. One line of
// JSON a way: {"name","frames","right","p50_ms","p99_ms"}: how many had its verdict, and the core
// time of one. usage: bench_face
#include <algorithm>
#include <array>
#include <ctime>
#include <random>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "drivers/face/face_tools.h"
#include "drivers/face/face_verdict.h"
#include "tests/drivers/face/drawn_face.h"

using namespace guichet;
using face::Verdict;
using test::DrawnPicture;

namespace {

constexpr int kFrames = 100;
using Random = std::mt19937;

/// Of this thread on its core, so that a busy machine changes nothing.
double coreMs()
{
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double between(Random& random, double least, double most)
{
    return std::uniform_real_distribution<double>(least, most)(random);
}

test::Sitter somebody(Random& random)
{
    return {.at = {between(random, 0.4, 0.6), between(random, 0.45, 0.55)},
            .width = between(random, 0.25, 0.55),
            .tilt = between(random, -12, 12),
            .light = between(random, 0.5, 1.15)};
}

struct Way {
    const char* name;
    Verdict verdict;
    void (*draw)(DrawnPicture& picture, Random& random);
};
constexpr std::array kWays{
    Way{"nobody", Verdict::None, [](DrawnPicture&, Random&) {}},
    Way{"from the front", Verdict::Good, [](DrawnPicture& p, Random& r) { p.add(somebody(r)); }},
    Way{"from the side", Verdict::Turned,
        [](DrawnPicture& p, Random& r) {
            auto sitter = somebody(r);
            sitter.profile = true;
            p.add(sitter);
        }},
    Way{"out of focus", Verdict::Blurred,
        [](DrawnPicture& p, Random& r) { p.add(somebody(r)).blur(between(r, 4, 6)); }},
};

void measure(face::FaceFinder& finder, const Way& way)
{
    Random random(20261127);
    int right = 0;
    std::vector<double> times;
    for (int number = 0; number < kFrames; ++number) {
        DrawnPicture picture;
        way.draw(picture, random);
        picture.noise(between(random, 1, 6), static_cast<unsigned>(number + 1));
        const auto frame = picture.frame();
        const auto start = coreMs();
        const auto seen = face::judgeFaces(frame, finder.find(frame));
        times.push_back(coreMs() - start);
        right += seen.verdict == way.verdict ? 1 : 0;
    }
    std::ranges::sort(times);
    fmt::print(
        "{{\"name\":\"{}\",\"frames\":{},\"right\":{},\"p50_ms\":{:.2f},\"p99_ms\":{:.2f}}}\n",
        way.name, kFrames, right, times[times.size() / 2], times[times.size() * 99 / 100]);
}

} // namespace

int main()
{
    const auto tools = face::openFaceTools({});
    if (!tools) {
        fmt::print(stderr, "bench_face: {}\n", tools.error().detail);
        return 1;
    }
    for (const auto& way : kWays) {
        measure(*tools->finder, way);
    }
    return 0;
}
