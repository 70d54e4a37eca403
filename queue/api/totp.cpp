// SPDX-License-Identifier: Apache-2.0
#include "queue/api/totp.h"

#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "peripherals/base/random.h"
#include "peripherals/net/http.h"

namespace guichet::queue::api {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr unsigned kBits = 5;
constexpr std::size_t kSecretBytes = 20;
constexpr std::size_t kLongestSecret = 64;
constexpr std::chrono::seconds kStep{30};
constexpr std::uint32_t kCodes = 1'000'000;

std::string toBase32(ByteView bytes)
{
    std::string text;
    unsigned held = 0;
    unsigned count = 0;
    for (const auto byte : bytes) {
        held = (held << 8U) | std::to_integer<unsigned>(byte);
        for (count += 8; count >= kBits; count -= kBits) {
            text += kAlphabet[(held >> (count - kBits)) & 31U];
        }
        held &= (1U << count) - 1U;
    }
    if (count > 0) {
        text += kAlphabet[(held << (kBits - count)) & 31U];
    }
    return text;
}

Bytes fromBase32(std::string_view text)
{
    Bytes bytes;
    unsigned held = 0;
    unsigned count = 0;
    for (const auto letter : text.substr(0, kLongestSecret)) {
        const auto value = kAlphabet.find(letter);
        if (value == std::string_view::npos) {
            return {};
        }
        held = (held << kBits) | static_cast<unsigned>(value);
        count += kBits;
        if (count >= 8) {
            count -= 8;
            bytes.push_back(static_cast<std::byte>(held >> count));
            held &= (1U << count) - 1U;
        }
    }
    return bytes;
}

std::string escaped(const std::string& text)
{
    std::string result;
    for (const auto letter : text) {
        const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                           (letter >= '0' && letter <= '9') || letter == '-' || letter == '.' ||
                           letter == '_';
        result += plain ? std::string(1, letter)
                        : fmt::format("%{:02X}", static_cast<unsigned char>(letter));
    }
    return result;
}

} // namespace

std::string totpSecret()
{
    return toBase32(randomBytes(kSecretBytes));
}

std::string totpCode(std::string_view secret, std::int64_t step)
{
    const auto key = fromBase32(secret);
    if (key.empty()) {
        return {};
    }
    std::array<unsigned char, 8> counter{};
    for (std::size_t at = 0; at < counter.size(); ++at) {
        counter.at(at) = static_cast<unsigned char>(static_cast<std::uint64_t>(step) >>
                                                    (8U * (counter.size() - 1 - at)));
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), counter.data(), counter.size(),
         digest.data(), &size);
    const std::size_t offset = digest.at(size - 1) & 0x0fU;
    std::uint32_t number = 0;
    for (std::size_t at = 0; at < 4; ++at) {
        number = (number << 8U) | digest.at(offset + at);
    }
    return fmt::format("{:06}", (number & 0x7fff'ffffU) % kCodes);
}

std::int64_t totpStep(Instant now)
{
    return std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()) / kStep;
}

std::optional<std::int64_t> acceptedStep(std::string_view secret, std::string_view code,
                                         Instant now, std::int64_t used)
{
    const auto present = totpStep(now);
    std::optional<std::int64_t> accepted;
    for (auto step = present - 1; step <= present + 1; ++step) {
        const auto expected = totpCode(secret, step);
        if (!expected.empty() && net::equalSecrets(expected, code) && step > used && !accepted) {
            accepted = step;
        }
    }
    return accepted;
}

std::string totpUri(const std::string& outlet, const std::string& user, const std::string& secret)
{
    return fmt::format(
        "otpauth://totp/{0}:{1}?secret={2}&issuer={0}&algorithm=SHA1&digits=6&period=30",
        escaped("Guichet " + outlet), escaped(user), secret);
}

} // namespace guichet::queue::api
