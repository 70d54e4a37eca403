// SPDX-License-Identifier: Apache-2.0
// Makes drivers/mrz/letters.weights anew: train_mrz_letters OUT [PAGES [PASSES [STOP]]]
// The rate of learning falls to nothing over PASSES; STOP ends after fewer. The same figures give
// the same file on the same kind of machine; the defaults gave the one that is compiled in.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <future>
#include <string>

#include "tests/drivers/mrz/training/letter_training.h"

using namespace guichet;
using namespace guichet::test;

namespace {

constexpr unsigned kTrainingSeed = 20'000;
constexpr unsigned kTestSeed = 10'000; ///< kept apart
constexpr int kTestPages = 40;

double errorsPercent(const mrz::LetterNet& net, const std::vector<LetterSample>& samples)
{
    std::size_t wrong = 0;
    for (const auto& sample : samples) {
        mrz::LetterNet::Steps steps;
        net.run(sample.picture(), steps);
        const auto best = std::ranges::max_element(steps.scores) - steps.scores.begin();
        wrong += best != sample.letter ? 1 : 0;
    }
    return 100.0 * static_cast<double>(wrong) / static_cast<double>(samples.size());
}

} // namespace

int main(int count, char** arguments)
{
    if (count < 2) {
        std::fputs("usage: train_mrz_letters OUT [PAGES [PASSES [STOP]]]\n", stderr);
        return 2;
    }
    const int pages = count > 2 ? std::stoi(arguments[2]) : 1200;
    const int passes = count > 3 ? std::stoi(arguments[3]) : 9;
    const int stop = count > 4 ? std::stoi(arguments[4]) : 6;
    const auto test = letterSamples(kTestSeed, kTestPages);
    auto half = std::async(std::launch::async, letterSamples, kTrainingSeed, pages / 2);
    auto samples = letterSamples(kTrainingSeed + 1, pages / 2);
    std::ranges::copy(half.get(), std::back_inserter(samples));
    std::printf("%zu samples\n", samples.size());
    std::fflush(stdout);
    LetterTraining training(1);
    constexpr float kRate = 2e-3F;
    for (int pass = 0; pass < std::min(passes, stop); ++pass) {
        const auto rateAt = [&](int done) {
            return kRate * (1 - static_cast<float>(done) / static_cast<float>(passes)) + 1e-5F;
        };
        const double loss = training.pass(samples, rateAt(pass), rateAt(pass + 1));
        const auto bytes = training.weights();
        std::ofstream(arguments[1], std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
        mrz::LetterNet stored;
        if (!loadWeights(stored, bytes)) {
            return 1;
        }
        std::printf("pass %d: loss %.5f, wrong %.3f %%, as stored %.3f %%\n", pass + 1, loss,
                    errorsPercent(training.net(), test), errorsPercent(stored, test));
        std::fflush(stdout);
    }
    return 0;
}
