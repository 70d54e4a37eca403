// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/wave.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

namespace guichet::hub {
namespace {

constexpr std::size_t kChunkHead = 8;
constexpr std::size_t kFileHead = 12; ///< "RIFF", length, "WAVE"
constexpr std::size_t kFormatSize = 16;
constexpr std::uint32_t kPcm = 1;
constexpr std::uint32_t kSampleSize = 2;

std::uint32_t little(std::string_view bytes, std::size_t at, std::size_t size)
{
    std::uint32_t value = 0;
    for (std::size_t i = size; i > 0; --i) {
        value = value << 8 | static_cast<unsigned char>(bytes[at + i - 1]);
    }
    return value;
}

void append(std::string& out, std::uint32_t value, std::size_t size)
{
    for (std::size_t i = 0; i < size; ++i, value >>= 8) {
        out += static_cast<char>(value & 0xff);
    }
}

bool isVoiceFormat(std::string_view format)
{
    return format.size() >= kFormatSize && little(format, 0, 2) == kPcm &&
           little(format, 2, 2) == 1 && little(format, 4, 4) == std::uint32_t(kVoiceRate) &&
           little(format, 14, 2) == kSampleSize * 8;
}

} // namespace

Result<std::string_view> samplesOf(std::string_view wave)
{
    if (wave.size() < kFileHead || !wave.starts_with("RIFF") || wave.substr(8, 4) != "WAVE") {
        return fail(Errc::Protocol, "wave: no RIFF WAVE head");
    }
    bool known = false;
    for (auto rest = wave.substr(kFileHead); rest.size() >= kChunkHead;) {
        const std::size_t size = little(rest, 4, 4);
        if (size > rest.size() - kChunkHead) {
            return fail(Errc::Protocol, fmt::format("wave: a chunk of {} bytes, {} are left", size,
                                                    rest.size() - kChunkHead));
        }
        const auto body = rest.substr(kChunkHead, size);
        if (rest.starts_with("fmt ")) {
            known = isVoiceFormat(body);
        } else if (rest.starts_with("data")) {
            if (!known) {
                return fail(Errc::Protocol, "wave: not 16 kHz mono PCM of 16 bits");
            }
            if (size % kSampleSize != 0) {
                return fail(Errc::Protocol, "wave: half a sample at the end");
            }
            return body;
        }
        const auto padded = size + size % 2; // chunks start at even places
        rest = rest.substr(std::min(kChunkHead + padded, rest.size()));
    }
    return fail(Errc::Protocol, "wave: no samples");
}

Result<std::string> joined(std::span<const std::string_view> waves, std::chrono::milliseconds pause)
{
    const auto silence = static_cast<std::size_t>(pause.count()) * kVoiceRate / 1000 * kSampleSize;
    std::string samples;
    for (std::size_t i = 0; i < waves.size(); ++i) {
        const auto part = samplesOf(waves[i]);
        if (!part) {
            return fail(Errc::Protocol, fmt::format("clip {}: {}", i, part.error().detail));
        }
        samples.append(i == 0 ? 0 : silence, '\0');
        samples += *part;
    }
    std::string out = "RIFF";
    append(
        out,
        static_cast<std::uint32_t>(kFileHead - 8 + kChunkHead * 2 + kFormatSize + samples.size()),
        4);
    out += "WAVEfmt ";
    append(out, kFormatSize, 4);
    append(out, kPcm, 2);
    append(out, 1, 2);
    append(out, kVoiceRate, 4);
    append(out, kVoiceRate * kSampleSize, 4);
    append(out, kSampleSize, 2);
    append(out, kSampleSize * 8, 2);
    out += "data";
    append(out, static_cast<std::uint32_t>(samples.size()), 4);
    return out + samples;
}

} // namespace guichet::hub
