// SPDX-License-Identifier: Apache-2.0
#include "queue/api/proof_of_work.h"

#include <array>
#include <bit>
#include <charconv>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "peripherals/base/random.h"
#include "peripherals/net/http.h"

namespace guichet::queue::api {
namespace {

using std::chrono::seconds;

constexpr seconds kLife{120};
constexpr std::size_t kKeySize = 32;
constexpr std::size_t kSaltSize = 12;
constexpr std::size_t kSealSize = 16;
constexpr std::size_t kLongestProof = 128;

std::int64_t secondsOf(Ticks ticks)
{
    return std::chrono::duration_cast<seconds>(ticks.time_since_epoch()).count();
}

unsigned leadingZeroBits(std::string_view text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
    unsigned bits = 0;
    for (const auto byte : digest) {
        bits += static_cast<unsigned>(std::countl_zero(byte));
        if (byte != 0) {
            break;
        }
    }
    return bits;
}

} // namespace

ProofOfWork::ProofOfWork(const Clock& clock, unsigned bits)
    : m_clock(clock)
    , m_bits(bits)
    , m_key(randomBytes(kKeySize))
{
}

std::string ProofOfWork::seal(std::string_view content) const
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    HMAC(EVP_sha256(), m_key.data(), static_cast<int>(m_key.size()),
         reinterpret_cast<const unsigned char*>(content.data()), content.size(), digest.data(),
         &size);
    return toBase64Url(std::as_bytes(std::span(digest.data(), kSealSize)));
}

std::string ProofOfWork::challenge() const
{
    const auto content = fmt::format("{}.{}.{}", m_bits, secondsOf(m_clock.ticks() + kLife),
                                     toBase64Url(randomBytes(kSaltSize)));
    return content + "." + seal(content);
}

bool ProofOfWork::accept(std::string_view proof)
{
    const auto colon = proof.rfind(':');
    if (colon == std::string_view::npos || proof.size() > kLongestProof) {
        return false;
    }
    const auto challenge = proof.substr(0, colon);
    const auto dot = challenge.rfind('.');
    if (dot == std::string_view::npos ||
        !net::equalSecrets(seal(challenge.substr(0, dot)), challenge.substr(dot + 1))) {
        return false;
    }
    // What this key has sealed has the form that challenge() gives it.
    const auto from = challenge.find('.') + 1;
    std::int64_t until = 0;
    std::from_chars(challenge.data() + from, challenge.data() + dot, until);
    const auto now = m_clock.ticks();
    if (secondsOf(now) >= until || leadingZeroBits(proof) < m_bits) {
        return false;
    }
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_used, [now](const auto& entry) { return entry.second <= now; });
    return m_used.emplace(challenge, now + kLife).second;
}

} // namespace guichet::queue::api
