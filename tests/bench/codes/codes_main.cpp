// SPDX-License-Identifier: Apache-2.0
// 100 made-up frames a kind of code, ten of each way in which a frame is hard, and as many without
// a code, in which every kind is looked for. One line of JSON a kind:
// {"name","frames","read","wrong","mean_ms","max_ms","missed":{way: count}}. Times are core time of
// the reading. usage: bench_codes [KIND]
#include <algorithm>
#include <array>
#include <ctime>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "tests/drivers/barcode/code_scene.h"

using namespace guichet;
using barcode::Symbology;
using test::Sight;

namespace {

constexpr int kEach = 10;
const std::string kShort = "GT1:7WF8TS0N0%6W5 9RCJV9AKJ63K3:Y6Q4LHWPEG3DR2CQ1Z7WE4F88ABCDEF12";
const std::string kLong = kShort + "5 9RCJV9AKJ63K3:Y6Q4LHWPEG3DR2CQ1Z7WE4F88AB+CDEF12";

struct Kind {
    Symbology symbology;
    const char* name;
};
constexpr std::array kKinds{
    Kind{Symbology::QrCode, "QR Code"}, Kind{Symbology::Aztec, "Aztec Code"},
    Kind{Symbology::DataMatrix, "Data Matrix"}, Kind{Symbology::Pdf417, "PDF417"},
    Kind{Symbology::Code128, "Code 128"}};

constexpr std::string_view kWithoutCode = "no code";

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

struct Way {
    const char* name;
    void (*make)(Sight& sight, Random& random);
};
constexpr std::array kWays{
    Way{"clean", [](Sight&, Random&) {}},
    Way{"turned", [](Sight& s, Random& r) { s.degrees = between(r, -180, 180); }},
    Way{"blurred", [](Sight& s, Random& r) { s.blur = between(r, 1.2, 3.2); }},
    Way{"aslant", [](Sight& s, Random& r) { s.aslant = between(r, 0.1, 0.35); }},
    Way{"dim",
        [](Sight& s, Random& r) {
            s.light = between(r, 0.10, 0.35);
            s.noise = 4;
        }},
    Way{"noisy", [](Sight& s, Random& r) { s.noise = between(r, 15, 40); }},
    Way{"glare", [](Sight& s, Random& r) { s.glare = between(r, 20, 60); }},
    Way{"moved", [](Sight& s, Random& r) { s.motion = between(r, 5, 14); }},
    Way{"small", [](Sight& s, Random& r) { s.size = between(r, 90, 150); }},
    Way{"combined",
        [](Sight& s, Random& r) {
            s.degrees = between(r, -180, 180);
            s.aslant = between(r, 0, 0.15);
            s.blur = between(r, 0.5, 1.2);
            s.light = between(r, 0.4, 0.8);
            s.noise = between(r, 4, 12);
        }},
};

/// A long code holds less than it would in a square one.
std::string contentFor(Symbology symbology, int frame)
{
    if (symbology == Symbology::Code128) {
        return "A042-2026";
    }
    return frame % 2 == 0 ? kShort : kLong;
}

/// Pixels of its longer side; codes that are long are held closer.
double sizeFor(Symbology symbology, Random& random)
{
    const bool isLong = symbology == Symbology::Code128 || symbology == Symbology::Pdf417;
    return between(random, 260, 420) * (isLong ? 1.8 : 1);
}

struct Tally {
    int frames = 0, read = 0, wrong = 0;
    double sum = 0, longest = 0;
    std::map<std::string_view, int> missed;

    /// Reads a frame that shows `content`, which is empty where there is no code.
    void look(const test::Scene& scene, const std::vector<Symbology>& wanted,
              const std::string& content, std::string_view way)
    {
        const auto start = coreMs();
        const auto code = barcode::readCode(scene.view(), wanted);
        const auto took = coreMs() - start;
        sum += took;
        longest = std::max(longest, took);
        const bool right = code && asText(code->bytes) == content;
        ++frames;
        read += right ? 1 : 0;
        wrong += code && !right ? 1 : 0;
        missed[way] += right || content.empty() ? 0 : 1;
    }

    void print(std::string_view name) const
    {
        std::string ways;
        for (const auto& [way, count] : missed) {
            if (count > 0) {
                ways += fmt::format("{}\"{}\":{}", ways.empty() ? "" : ",", way, count);
            }
        }
        fmt::print("{{\"name\":\"{}\",\"frames\":{},\"read\":{},\"wrong\":{},\"mean_ms\":{:.2f},"
                   "\"max_ms\":{:.2f},\"missed\":{{{}}}}}\n",
                   name, frames, read, wrong, sum / frames, longest, ways);
    }
};

void measure(const Kind& kind)
{
    Random random(20261127);
    Tally tally;
    for (const auto& way : kWays) {
        for (int i = 0; i < kEach; ++i) {
            const auto content = contentFor(kind.symbology, i);
            Sight sight{.size = sizeFor(kind.symbology, random),
                        .noise = 2,
                        .seed = static_cast<unsigned>(tally.frames + 1)};
            way.make(sight, random);
            tally.look(test::sceneOf(test::codeModules(kind.symbology, content), sight),
                       {kind.symbology}, content, way.name);
        }
    }
    tally.print(kind.name);
}

/// What a kiosk sees most of the time.
void measureWithoutCode()
{
    Random random(20261127);
    Tally tally;
    std::vector<Symbology> all;
    for (const auto& kind : kKinds) {
        all.push_back(kind.symbology);
    }
    for (const auto& way : kWays) {
        for (int i = 0; i < kEach; ++i) {
            Sight sight{.noise = 2, .seed = static_cast<unsigned>(tally.frames + 1)};
            way.make(sight, random);
            tally.look(test::sceneOf({}, sight), all, "", way.name);
        }
    }
    tally.print(kWithoutCode);
}

} // namespace

int main(int count, char** arguments)
{
    const std::string_view only = count > 1 ? arguments[1] : "";
    for (const auto& kind : kKinds) {
        if (only.empty() || only == kind.name) {
            measure(kind);
        }
    }
    if (only.empty() || only == kWithoutCode) {
        measureWithoutCode();
    }
    return 0;
}
