// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/assists/turn_credentials.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "peripherals/base/bytes.h"

namespace guichet::hub {
namespace {

constexpr std::size_t kLongestUrl = 300, kLeastSecret = 16, kMostSecret = 128;
constexpr int kMostPort = 65'535;

bool isHostCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
}

/// Cuts the host off; nothing is left of what is none.
bool takeHost(std::string_view& text)
{
    if (text.starts_with('[')) { // an address of IPv6
        const auto end = text.find(']');
        const auto address = text.substr(1, end == std::string_view::npos ? end : end - 1);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        return end != std::string_view::npos && !address.empty() &&
               address.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
    }
    const auto end = std::find_if_not(text.begin(), text.end(), isHostCharacter);
    const auto length = static_cast<std::size_t>(end - text.begin());
    text.remove_prefix(length);
    return length > 0;
}

bool takePort(std::string_view& text)
{
    if (!text.starts_with(':')) {
        return true;
    }
    int port = 0;
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + 1, end, port);
    text.remove_prefix(static_cast<std::size_t>(parsed.ptr - text.data()));
    return parsed.ec == std::errc() && port > 0 && port <= kMostPort;
}

} // namespace

TurnCredentials turnCredentials(const Secret<std::string>& secret, std::string_view name,
                                Instant expires)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(expires.time_since_epoch());
    TurnCredentials made{.username = std::to_string(seconds.count()) + ":" + std::string(name),
                         .password = {}};
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    HMAC(EVP_sha1(), secret.reveal().data(), static_cast<int>(secret.reveal().size()),
         reinterpret_cast<const unsigned char*>(made.username.data()), made.username.size(),
         digest.data(), &size);
    made.password = toBase64(std::as_bytes(std::span(digest.data(), size)));
    return made;
}

bool isTurnUrl(std::string_view text)
{
    if (text.size() > kLongestUrl) {
        return false;
    }
    for (const std::string_view scheme : {"turn:", "turns:"}) {
        if (text.starts_with(scheme)) {
            auto rest = text.substr(scheme.size());
            return takeHost(rest) && takePort(rest) &&
                   (rest.empty() || rest == "?transport=udp" || rest == "?transport=tcp");
        }
    }
    return false;
}

bool isTurnSecret(std::string_view text)
{
    return text.size() >= kLeastSecret && text.size() <= kMostSecret &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

} // namespace guichet::hub
