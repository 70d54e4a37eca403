// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/mrz/training/letter_training.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <thread>

namespace guichet::test {

namespace {

using mrz::LetterNet;

constexpr std::size_t kBatch = 64;
constexpr std::size_t kShares = 2;

template <typename Layer>
void backward(const Layer& layer, const typename Layer::Input& input,
              const typename Layer::Output& slope, Layer& gradient, typename Layer::Input* back)
{
    constexpr auto kOut = Layer::kOut;
    if constexpr (requires { Layer::kColumns; }) {
        for (std::size_t at = 0; at < slope.size(); ++at) {
            gradient.biases[at % kOut] += slope[at];
        }
        Layer::forEachPair([&](std::size_t to, std::size_t from, std::size_t pair) {
            for (std::size_t in = 0; in < Layer::kIn; ++in) {
                const float value = input[from + in];
                const float* weight = layer.weights.data() + pair + in * kOut;
                float* change = gradient.weights.data() + pair + in * kOut;
                float sum = 0;
                for (std::size_t out = 0; out < kOut; ++out) {
                    change[out] += value * slope[to + out];
                    sum += weight[out] * slope[to + out];
                }
                if (back != nullptr) {
                    (*back)[from + in] += sum;
                }
            }
        });
    } else {
        for (std::size_t out = 0; out < kOut; ++out) {
            gradient.biases[out] += slope[out];
        }
        for (std::size_t in = 0; in < input.size(); ++in) {
            const float* weight = layer.weights.data() + in * kOut;
            float* change = gradient.weights.data() + in * kOut;
            float sum = 0;
            for (std::size_t out = 0; out < kOut; ++out) {
                change[out] += input[in] * slope[out];
                sum += weight[out] * slope[out];
            }
            (*back)[in] += sum;
        }
    }
}

template <typename Values> void stopWhereDark(Values& slope, const Values& output)
{
    for (std::size_t at = 0; at < slope.size(); ++at) {
        slope[at] = output[at] > 0 ? slope[at] : 0;
    }
}

/// Adds one sample's gradient; returns its loss.
double learn(const LetterNet& net, const LetterSample& sample, LetterNet& gradient)
{
    const auto picture = sample.picture();
    LetterNet::Steps steps;
    net.run(picture, steps);
    const double loss = -std::log(std::max(steps.scores.at(sample.letter), 1e-9F));
    auto slope = steps.scores;
    slope.at(sample.letter) -= 1;
    LetterNet::Steps back{};
    backward(net.letters, steps.hidden, slope, gradient.letters, &back.hidden);
    stopWhereDark(back.hidden, steps.hidden);
    backward(net.hidden, steps.shapes, back.hidden, gradient.hidden, &back.shapes);
    stopWhereDark(back.shapes, steps.shapes);
    backward(net.shapes, steps.edges, back.shapes, gradient.shapes, &back.edges);
    stopWhereDark(back.edges, steps.edges);
    backward(net.edges, picture, back.edges, gradient.edges, nullptr);
    return loss;
}

template <typename Layer> void randomize(Layer& layer, std::mt19937& random)
{
    const auto inputs = static_cast<double>(layer.weights.size() / Layer::kOut);
    for (auto& weight : layer.weights) {
        const double uniform = static_cast<double>(random()) / 2147483648.0 - 1;
        weight = static_cast<float>(uniform * std::sqrt(6 / inputs));
    }
}

template <typename Layer> void append(const Layer& layer, Bytes& bytes)
{
    const auto put = [&bytes](float value) {
        std::array<std::byte, sizeof value> raw{};
        std::memcpy(raw.data(), &value, sizeof value);
        bytes.insert(bytes.end(), raw.begin(), raw.end());
    };
    std::array<float, Layer::kOut> scales{};
    for (std::size_t at = 0; at < layer.weights.size(); ++at) {
        auto& scale = scales[at % Layer::kOut];
        scale = std::max(scale, std::abs(layer.weights[at]) / 127);
    }
    std::ranges::for_each(scales, put);
    std::ranges::for_each(layer.biases, put);
    for (std::size_t at = 0; at < layer.weights.size(); ++at) {
        const float scale = scales[at % Layer::kOut];
        const auto weight = scale > 0 ? std::lround(layer.weights[at] / scale) : 0;
        bytes.push_back(static_cast<std::byte>(static_cast<std::int8_t>(weight)));
    }
}

} // namespace

struct LetterTraining::State {
    std::mt19937 random;
    LetterNet net{}, mean{}, square{};
    std::array<LetterNet, kShares> gradients{};
    std::size_t step = 0;

    void update(float rate)
    {
        constexpr float kMean = 0.9F;
        constexpr float kSquare = 0.999F;
        ++step;
        const float unbiased =
            rate *
            std::sqrt(1 -
                      std::pow(kSquare, static_cast<float>(std::min<std::size_t>(step, 9000)))) /
            (1 - std::pow(kMean, static_cast<float>(std::min<std::size_t>(step, 9000))));
        const auto each = [&](auto& values, auto& first, auto& second, auto& a, auto& b) {
            for (std::size_t at = 0; at < values.size(); ++at) {
                const float slope = (a[at] + b[at]) / kBatch;
                first[at] = kMean * first[at] + (1 - kMean) * slope;
                second[at] = kSquare * second[at] + (1 - kSquare) * slope * slope;
                values[at] -= unbiased * first[at] / (std::sqrt(second[at]) + 1e-7F);
            }
        };
        const auto layer = [&](auto member) {
            each((net.*member).weights, (mean.*member).weights, (square.*member).weights,
                 (gradients[0].*member).weights, (gradients[1].*member).weights);
            each((net.*member).biases, (mean.*member).biases, (square.*member).biases,
                 (gradients[0].*member).biases, (gradients[1].*member).biases);
        };
        layer(&LetterNet::edges);
        layer(&LetterNet::shapes);
        layer(&LetterNet::hidden);
        layer(&LetterNet::letters);
    }
};

LetterTraining::LetterTraining(unsigned seed)
    : m_state(std::make_unique<State>())
{
    m_state->random.seed(seed);
    auto& net = m_state->net;
    randomize(net.edges, m_state->random);
    randomize(net.shapes, m_state->random);
    randomize(net.hidden, m_state->random);
    randomize(net.letters, m_state->random);
}

LetterTraining::~LetterTraining() = default;

double LetterTraining::pass(const std::vector<LetterSample>& samples, float rateFirst,
                            float rateLast)
{
    auto& state = *m_state;
    std::vector<std::size_t> order(samples.size());
    std::iota(order.begin(), order.end(), 0U);
    for (std::size_t at = order.size() - 1; at > 0; --at) {
        std::swap(order[at], order[state.random() % (at + 1)]);
    }
    double sum = 0;
    const auto batches = samples.size() / kBatch;
    for (std::size_t batch = 0; batch < batches; ++batch) {
        std::array<double, kShares> losses{};
        const auto share = [&](std::size_t mine) {
            state.gradients[mine] = {};
            for (std::size_t i = mine; i < kBatch; i += kShares) {
                losses[mine] +=
                    learn(state.net, samples[order[batch * kBatch + i]], state.gradients[mine]);
            }
        };
        {
            const std::jthread other(share, 1);
            share(0);
        }
        const float done = static_cast<float>(batch) / static_cast<float>(batches);
        state.update(rateFirst + (rateLast - rateFirst) * done);
        sum += losses[0] + losses[1];
    }
    return sum / static_cast<double>(batches * kBatch);
}

const LetterNet& LetterTraining::net() const
{
    return m_state->net;
}

Bytes LetterTraining::weights() const
{
    Bytes bytes;
    append(m_state->net.edges, bytes);
    append(m_state->net.shapes, bytes);
    append(m_state->net.hidden, bytes);
    append(m_state->net.letters, bytes);
    return bytes;
}

} // namespace guichet::test
