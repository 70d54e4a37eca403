// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/certificate_request.h"

#include <array>
#include <string>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include "peripherals/base/bytes.h"
#include "peripherals/base/trimmed.h"

namespace guichet::hub {
namespace {

constexpr std::size_t kLongest = 4096;
constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE REQUEST-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE REQUEST-----";
constexpr std::string_view kBlank = " \t\r\n";

tl::unexpected<Error> refused(std::string detail)
{
    ERR_clear_error();
    return fail(Errc::Invalid, "certificate request: " + std::move(detail));
}

Result<Bytes> unwrapped(std::string_view pem)
{
    auto text = trimmed(pem, kBlank);
    if (pem.size() > kLongest || !text.starts_with(kBegin) || !text.ends_with(kEnd) ||
        text.size() < kBegin.size() + kEnd.size()) {
        return refused("not one PEM block");
    }
    text.remove_prefix(kBegin.size());
    text.remove_suffix(kEnd.size());
    std::string digits;
    for (const auto letter : text) {
        if (kBlank.find(letter) == std::string_view::npos) {
            digits += letter;
        }
    }
    auto bytes = fromBase64(digits);
    if (!bytes || bytes->empty()) {
        return refused("not base64");
    }
    return bytes;
}

bool onP256(EVP_PKEY* key)
{
    const auto says = [key](const char* parameter, std::string_view expected) {
        std::array<char, 32> value{};
        std::size_t size = 0;
        return EVP_PKEY_get_utf8_string_param(key, parameter, value.data(), value.size(), &size) ==
                   1 &&
               std::string_view(value.data(), size) == expected;
    };
    return EVP_PKEY_is_a(key, "EC") == 1 && says(OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1") &&
           says(OSSL_PKEY_PARAM_EC_ENCODING, "named_curve");
}

} // namespace

Result<KeyHandle> requestedKey(std::string_view pem)
{
    const auto bytes = unwrapped(pem);
    if (!bytes) {
        return tl::unexpected(bytes.error());
    }
    const auto* at = reinterpret_cast<const unsigned char*>(bytes->data());
    const auto* end = at + bytes->size();
    const UniqueHandle<X509_REQ*, X509_REQ_free> request(
        d2i_X509_REQ(nullptr, &at, static_cast<long>(bytes->size())));
    if (!request || at != end) {
        return refused("not PKCS#10");
    }
    KeyHandle key(X509_REQ_get_pubkey(request.get()));
    if (!key || !onP256(key.get())) {
        return refused("the key is not on P-256");
    }
    if (X509_REQ_verify(request.get(), key.get()) != 1) {
        return refused("the signature is wrong");
    }
    ERR_clear_error();
    return key;
}

} // namespace guichet::hub
