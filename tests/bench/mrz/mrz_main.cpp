// SPDX-License-Identifier: Apache-2.0
// bench_mrz read SET DOCUMENTS SEED [FRAMES]   how many zones are read, in one frame and in five
// bench_mrz stills SET DOCUMENTS SEED          the same for pictures that no other one follows
// bench_mrz crops SET DOCUMENTS SEED FOLDER    the same zones, cut out straight, for another reader
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>

#include "drivers/mrz/agreement.h"
#include "drivers/mrz/frame_reader.h"
#include "drivers/mrz/still_reading.h"
#include "tests/drivers/mrz/page_shot.h"
#include "tests/drivers/mrz/page_text.h"

using namespace guichet;
using namespace guichet::test;

namespace {

/// Time of this thread on its core, so that what else the machine does is not counted.
std::chrono::nanoseconds coreTime()
{
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

const View& viewNamed(const std::string& name)
{
    static constexpr std::array kViews{kClean, kEasy, kCamera, kLow, kHard};
    const auto* found = std::ranges::find(kViews, name, &View::name);
    if (found == kViews.end()) {
        throw std::runtime_error("no set " + name + "; there are clean, easy, camera, low, hard");
    }
    return *found;
}

/// Calls f(page, source of chance for its shots) for each document of the set.
void forEachPage(const View& view, int documents, unsigned seed,
                 const std::function<void(const Page&, std::mt19937&)>& f)
{
    for (int document = 0; document < documents; ++document) {
        std::mt19937 random(seed + static_cast<unsigned>(document));
        const auto format = static_cast<mrz::Format>(document % 5);
        const auto text = pageText(random, format);
        f(printPage(random, format, text, printResolution(random, view)), random);
    }
}

struct Count {
    int documents = 0, located = 0, exact = 0, exactUnrepaired = 0, exactInFive = 0, accepted = 0,
        frames = 0, wrongAccepted = 0, soundButWrong = 0;
    std::vector<double> milliseconds;
};

void readPage(const mrz::MrzFrameReader& reader, const View& view, int frames, const Page& page,
              std::mt19937& random, Count& count)
{
    mrz::MrzAgreement agreement;
    ++count.documents;
    bool done = false;
    for (int frame = 0; frame < frames; ++frame) {
        const auto shot = photograph(random, page, view);
        const auto start = coreTime();
        auto reading =
            reader.read({std::as_bytes(std::span(shot.gray.data, shot.gray.total())),
                         shot.gray.cols, shot.gray.rows, static_cast<int>(shot.gray.step)});
        count.milliseconds.push_back(
            std::chrono::duration<double, std::milli>(coreTime() - start).count());
        ++count.frames;
        const bool read = reading && reading->candidate;
        const bool right = read && reading->candidate->text.reveal() == page.text;
        if (frame == 0) {
            count.located += reading && reading->facts.zoneFound ? 1 : 0;
            count.exact += right ? 1 : 0;
            count.exactUnrepaired += right && reading->candidate->repairs == 0 ? 1 : 0;
        }
        count.soundButWrong += read && !right && reading->candidate->sound ? 1 : 0;
        const auto agreed = read ? agreement.see(std::move(*reading->candidate)) : std::nullopt;
        if (agreed && !done) {
            done = true;
            ++count.accepted;
            const bool same = agreed->zone.text.reveal() == page.text;
            count.wrongAccepted += same ? 0 : 1;
            count.exactInFive += same ? 1 : 0;
        }
    }
    if (!done) {
        const auto best = agreement.best();
        count.exactInFive += best && best->zone.text.reveal() == page.text ? 1 : 0;
    }
}

int readAll(const View& view, int documents, unsigned seed, int frames)
{
    const auto start = coreTime();
    const mrz::MrzFrameReader reader;
    const auto loading = coreTime() - start;
    Count count;
    forEachPage(view, documents, seed, [&](const Page& page, std::mt19937& random) {
        readPage(reader, view, frames, page, random, count);
    });
    std::ranges::sort(count.milliseconds);
    const auto at = [&](std::size_t percent) {
        return count.milliseconds[(count.milliseconds.size() - 1) * percent / 100];
    };
    const nlohmann::json line{
        {"set", view.name},
        {"documents", count.documents},
        {"frames", count.frames},
        {"located", count.located},
        {"exact", count.exact},
        {"exact_unrepaired", count.exactUnrepaired},
        {"exact_in_five", count.exactInFive},
        {"accepted", count.accepted},
        {"wrong_accepted", count.wrongAccepted},
        {"sound_but_wrong_frames", count.soundButWrong},
        {"p50_ms", at(50)},
        {"p99_ms", at(99)},
        {"load_ms", std::chrono::duration<double, std::milli>(loading).count()}};
    std::puts(line.dump().c_str());
    return 0;
}

int readStills(const View& view, int documents, unsigned seed)
{
    const mrz::MrzFrameReader reader;
    int exact = 0, accepted = 0, wrongAccepted = 0, confirm = 0;
    forEachPage(view, documents, seed, [&](const Page& page, std::mt19937& random) {
        const auto shot = photograph(random, page, view);
        const auto still = mrz::readStill(
            reader, {std::as_bytes(std::span(shot.gray.data, shot.gray.total())), shot.gray.cols,
                     shot.gray.rows, static_cast<int>(shot.gray.step)});
        const bool right = still && still->text.reveal() == page.text;
        exact += right ? 1 : 0;
        const bool taken = still && still->verdict == mrz::StillVerdict::Accepted;
        accepted += taken ? 1 : 0;
        wrongAccepted += taken && !right ? 1 : 0;
        confirm += still && still->verdict == mrz::StillVerdict::Confirm ? 1 : 0;
    });
    const nlohmann::json line{{"set", view.name},
                              {"stills", documents},
                              {"exact", exact},
                              {"accepted", accepted},
                              {"wrong_accepted", wrongAccepted},
                              {"confirm", confirm}};
    std::puts(line.dump().c_str());
    return 0;
}

int cutAll(const View& view, int documents, unsigned seed, const std::string& folder)
{
    int number = 0;
    forEachPage(view, documents, seed, [&](const Page& page, std::mt19937& random) {
        const auto shot = photograph(random, page, view);
        constexpr double kPitch = 24; // what Tesseract reads best at
        const double scale = kPitch / page.pitch;
        const cv::Matx33d toPage(1 / scale, 0, page.firstCell.x - 1.5 * page.pitch, 0, 1 / scale,
                                 page.firstCell.y - 1.2 * page.pitch, 0, 0, 1);
        const cv::Size size(cvRound((page.columns + 2) * kPitch),
                            cvRound(((page.rows - 1) * page.spacing + 2.4 * page.pitch) * scale));
        cv::Mat crop;
        cv::warpPerspective(shot.gray, crop, shot.fromPage * toPage, size,
                            cv::INTER_CUBIC | cv::WARP_INVERSE_MAP);
        const auto name = folder + "/" + std::to_string(number++);
        std::ofstream picture(name + ".pgm", std::ios::binary);
        picture << "P5 " << crop.cols << ' ' << crop.rows << " 255\n";
        picture.write(reinterpret_cast<const char*>(crop.data),
                      static_cast<std::streamsize>(crop.total()));
        std::ofstream(name + ".txt") << page.text;
    });
    return 0;
}

} // namespace

int main(int count, char** words)
{
    const std::vector<std::string> arguments(words + 1, words + count);
    const std::array kWork{"read", "stills", "crops"};
    if (arguments.size() < 4 || std::ranges::count(kWork, arguments[0]) == 0 ||
        (arguments[0] == "crops" && arguments.size() != 5)) {
        std::fputs("usage: bench_mrz read SET DOCUMENTS SEED [FRAMES]\n"
                   "       bench_mrz stills SET DOCUMENTS SEED\n"
                   "       bench_mrz crops SET DOCUMENTS SEED FOLDER\n",
                   stderr);
        return 2;
    }
    try {
        const auto& view = viewNamed(arguments[1]);
        const int documents = std::stoi(arguments[2]);
        const auto seed = static_cast<unsigned>(std::stoul(arguments[3]));
        if (arguments[0] == "stills") {
            return readStills(view, documents, seed);
        }
        return arguments[0] == "read" ? readAll(view, documents, seed,
                                                arguments.size() > 4 ? std::stoi(arguments[4]) : 5)
                                      : cutAll(view, documents, seed, arguments[4]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_mrz: %s\n", error.what());
        return 1;
    }
}
