// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

/// The two layers that the letter network is made of. All sizes are known to the compiler, and the
/// innermost loop runs over neighbouring weights, so that it turns into vector instructions.
namespace guichet::mrz {

/// Every second pixel of a convolution with zeros around the picture; then negative becomes zero.
template <int Rows, int Columns, std::size_t In, std::size_t Out, int Side> struct Convolution {
    static constexpr int kRows = Rows / 2, kColumns = Columns / 2;
    static constexpr std::size_t kIn = In, kOut = Out;
    using Input = std::array<float, In * Rows * Columns>;
    using Output = std::array<float, Out * kRows * kColumns>;

    std::array<float, In * Out * Side * Side> weights{}; ///< by row, column, input, output
    std::array<float, Out> biases{};

    /// Calls f(output pixel, input pixel, weights of the pair) for each pair that meets.
    template <typename F> static void forEachPair(F&& f)
    {
        for (int y = 0; y < kRows; ++y) {
            for (int x = 0; x < kColumns; ++x) {
                for (int dy = std::max(0, Side / 2 - 2 * y);
                     dy < std::min(Side, Rows + Side / 2 - 2 * y); ++dy) {
                    for (int dx = std::max(0, Side / 2 - 2 * x);
                         dx < std::min(Side, Columns + Side / 2 - 2 * x); ++dx) {
                        const int from = (2 * y + dy - Side / 2) * Columns + 2 * x + dx - Side / 2;
                        f(static_cast<std::size_t>(y * kColumns + x) * Out,
                          static_cast<std::size_t>(from) * In,
                          static_cast<std::size_t>(dy * Side + dx) * In * Out);
                    }
                }
            }
        }
    }

    void run(const Input& input, Output& output) const
    {
        for (std::size_t at = 0; at < output.size(); at += Out) {
            std::copy(biases.begin(), biases.end(), output.data() + at);
        }
        forEachPair([&](std::size_t to, std::size_t from, std::size_t pair) {
            float* sums = output.data() + to;
            const float* weight = weights.data() + pair;
            for (std::size_t in = 0; in < In; ++in, weight += Out) {
                const float value = input[from + in];
                for (std::size_t out = 0; out < Out; ++out) {
                    sums[out] += value * weight[out];
                }
            }
        });
        for (auto& value : output) {
            value = std::max(value, 0.0F);
        }
    }
};

/// Each output sees each input.
template <std::size_t In, std::size_t Out> struct Dense {
    static constexpr std::size_t kOut = Out;
    using Input = std::array<float, In>;
    using Output = std::array<float, Out>;

    std::array<float, In * Out> weights{}; ///< by input, output
    std::array<float, Out> biases{};

    void run(const Input& input, Output& output) const
    {
        output = biases;
        const float* weight = weights.data();
        for (std::size_t in = 0; in < In; ++in, weight += Out) {
            const float value = input[in];
            for (std::size_t out = 0; out < Out; ++out) {
                output[out] += value * weight[out];
            }
        }
    }
};

} // namespace guichet::mrz
