// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace guichet::call {

constexpr double kSilenceDb = -100; ///< nothing is below

/// How loud samples are on the whole (RMS), in dB below the loudest there can be. Pure.
[[nodiscard]] double levelDb(std::span<const std::int16_t> samples);

} // namespace guichet::call
