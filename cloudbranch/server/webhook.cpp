// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/webhook.h"

#include <array>
#include <chrono>
#include <utility>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace guichet::hub {
namespace {

constexpr std::string_view kSecretPrefix = "whsec_";
constexpr std::size_t kLeastSecret = 24;
constexpr std::size_t kMostSecret = 64;

std::string signature(const Secret<Bytes>& secret, std::string_view content)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    HMAC(EVP_sha256(), secret.reveal().data(), static_cast<int>(secret.reveal().size()),
         reinterpret_cast<const unsigned char*>(content.data()), content.size(), digest.data(),
         &size);
    return "v1," + toBase64(std::as_bytes(std::span(digest.data(), size)));
}

} // namespace

Result<Secret<Bytes>> webhookSecret(std::string_view text)
{
    if (text.starts_with(kSecretPrefix)) {
        auto bytes = fromBase64(text.substr(kSecretPrefix.size()));
        if (bytes && bytes->size() >= kLeastSecret && bytes->size() <= kMostSecret) {
            return Secret<Bytes>(std::move(*bytes));
        }
    }
    return fail(Errc::Invalid, "a webhook's secret is \"whsec_\" and 24 to 64 bytes in base64");
}

net::Request webhookRequest(std::string path, const std::string& id, Instant now, std::string body,
                            const std::vector<Secret<Bytes>>& secrets)
{
    const auto time =
        std::to_string(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
    const auto content = id + "." + time + "." + body;
    std::string signatures;
    for (const auto& secret : secrets) {
        signatures += (signatures.empty() ? "" : " ") + signature(secret, content);
    }
    net::Request request{.method = "POST", .path = std::move(path), .body = std::move(body)};
    request.headers.set("Content-Type", "application/json");
    request.headers.set("webhook-id", id);
    request.headers.set("webhook-timestamp", time);
    request.headers.set("webhook-signature", signatures);
    return request;
}

} // namespace guichet::hub
