// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "peripherals/base/error.h"

/// Sound as bytes of WAV files (RIFF, PCM): no I/O. Safe to fuzz.
namespace guichet::hub {

constexpr int kVoiceRate = 16'000; ///< samples a second; mono, 16 bits

/// The samples (little-endian, two bytes each) of a WAV file in the voice's format. Chunks besides
/// "fmt " and "data" are skipped. Fails with Errc::Protocol on any other format, a length that
/// reaches beyond the file, or an odd number of bytes. Borrows `wave`.
[[nodiscard]] Result<std::string_view> samplesOf(std::string_view wave);

/// One WAV file with the samples of all, one after another, `pause` of silence between two.
/// Fails as samplesOf does, saying which.
[[nodiscard]] Result<std::string> joined(std::span<const std::string_view> waves,
                                         std::chrono::milliseconds pause);

} // namespace guichet::hub
