// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrz/letter_net.h"

#include <bit>
#include <cassert>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>

#include "drivers/mrz/letter_weights.h"

namespace guichet::mrz {

namespace {

static_assert(std::endian::native == std::endian::little);

/// Of each layer: a scale and a bias per output, 32-bit little-endian floats, then a signed byte
/// per weight, which its output's scale multiplies.
template <typename Layer> constexpr std::size_t sizeOf()
{
    return Layer::kOut * 2 * sizeof(float) + std::tuple_size_v<decltype(Layer::weights)>;
}

constexpr std::size_t kSize = sizeOf<LetterNet::Edges>() + sizeOf<LetterNet::Shapes>() +
                              sizeOf<LetterNet::Hidden>() + sizeOf<LetterNet::Letters>();

float floatAt(ByteView bytes, std::size_t at)
{
    std::array<std::byte, sizeof(float)> raw{};
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), raw.size(), raw.begin());
    return std::bit_cast<float>(raw);
}

template <typename Layer> void load(Layer& layer, ByteView& bytes)
{
    constexpr auto kOut = Layer::kOut;
    std::array<float, kOut> scales{};
    for (std::size_t out = 0; out < kOut; ++out) {
        scales[out] = floatAt(bytes, out * sizeof(float));
        layer.biases[out] = floatAt(bytes, (kOut + out) * sizeof(float));
    }
    bytes = bytes.subspan(2 * kOut * sizeof(float));
    for (std::size_t at = 0; at < layer.weights.size(); ++at) {
        layer.weights[at] =
            scales[at % kOut] * static_cast<float>(std::to_integer<std::int8_t>(bytes[at]));
    }
    bytes = bytes.subspan(layer.weights.size());
}

} // namespace

void LetterNet::run(const CellPicture& cell, Steps& steps) const
{
    edges.run(cell, steps.edges);
    shapes.run(steps.edges, steps.shapes);
    hidden.run(steps.shapes, steps.hidden);
    for (auto& value : steps.hidden) {
        value = std::max(value, 0.0F);
    }
    letters.run(steps.hidden, steps.scores);
    const float most = *std::max_element(steps.scores.begin(), steps.scores.end());
    float sum = 0;
    for (auto& score : steps.scores) {
        score = std::exp(score - most);
        sum += score;
    }
    for (auto& score : steps.scores) {
        score /= sum;
    }
}

Result<void> loadWeights(LetterNet& net, ByteView bytes)
{
    if (bytes.size() != kSize) {
        return fail(Errc::Protocol,
                    fmt::format("letter weights: {} bytes, want {}", bytes.size(), kSize));
    }
    load(net.edges, bytes);
    load(net.shapes, bytes);
    load(net.hidden, bytes);
    load(net.letters, bytes);
    return {};
}

LetterNet trainedNet()
{
    LetterNet net;
    const auto loaded = loadWeights(net, std::as_bytes(std::span(kLetterWeights)));
    assert(loaded);
    static_cast<void>(loaded);
    return net;
}

} // namespace guichet::mrz
