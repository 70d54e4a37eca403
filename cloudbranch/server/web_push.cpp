// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/web_push.h"

#include <array>
#include <chrono>

#include <nlohmann/json.hpp>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/kdf.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include "peripherals/base/private_file.h"
#include "peripherals/base/random.h"

namespace guichet::hub {
namespace {

using Bio = UniqueHandle<BIO*, BIO_free_all>;
using KeyContext = UniqueHandle<EVP_PKEY_CTX*, EVP_PKEY_CTX_free>;
using Digest = UniqueHandle<EVP_MD_CTX*, EVP_MD_CTX_free>;
using Cipher = UniqueHandle<EVP_CIPHER_CTX*, EVP_CIPHER_CTX_free>;
using Kdf = UniqueHandle<EVP_KDF*, EVP_KDF_free>;
using KdfContext = UniqueHandle<EVP_KDF_CTX*, EVP_KDF_CTX_free>;
using Signature = UniqueHandle<ECDSA_SIG*, ECDSA_SIG_free>;

constexpr std::size_t kPoint = 65, kSecret = 16, kSalt = 16, kTag = 16, kScalar = 32;
constexpr std::size_t kContentKey = 16, kNonce = 12, kRecord = 4096, kMostText = 3993;
constexpr std::size_t kLongestEndpoint = 1000;
constexpr std::chrono::hours kTokenLife{12};

const unsigned char* octets(ByteView bytes)
{
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* octets(Bytes& bytes)
{
    return reinterpret_cast<unsigned char*>(bytes.data());
}

void append(Bytes& bytes, ByteView more)
{
    bytes.insert(bytes.end(), more.begin(), more.end());
}

tl::unexpected<Error> broken(const std::string& what)
{
    ERR_clear_error();
    return fail(Errc::Invalid, what);
}

Bytes pointOf(const KeyHandle& key)
{
    Bytes point(kPoint);
    std::size_t size = 0;
    EVP_PKEY_get_octet_string_param(key.get(), OSSL_PKEY_PARAM_PUB_KEY, octets(point), kPoint,
                                    &size);
    point.resize(size);
    return point;
}

KeyHandle keyOfPoint(ByteView point)
{
    std::string group = "prime256v1";
    Bytes copy(point.begin(), point.end());
    const std::array parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, copy.data(), copy.size()),
        OSSL_PARAM_construct_end()};
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    EVP_PKEY* key = nullptr;
    if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY,
                          const_cast<OSSL_PARAM*>(parameters.data())) != 1) {
        return {};
    }
    return KeyHandle(key);
}

/// ECDH; empty if it fails.
Bytes agreed(const KeyHandle& own, const KeyHandle& peer)
{
    const KeyContext context(EVP_PKEY_CTX_new(own.get(), nullptr));
    Bytes secret(kScalar);
    std::size_t size = secret.size();
    if (EVP_PKEY_derive_init(context.get()) != 1 ||
        EVP_PKEY_derive_set_peer(context.get(), peer.get()) != 1 ||
        EVP_PKEY_derive(context.get(), octets(secret), &size) != 1) {
        return {};
    }
    return secret;
}

/// HKDF with SHA-256 (RFC 5869).
Bytes derived(ByteView salt, const Bytes& secret, ByteView info, std::size_t size)
{
    std::string digest = "SHA256";
    Bytes copies[] = {{salt.begin(), salt.end()}, secret, {info.begin(), info.end()}};
    const std::array parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, copies[0].data(), copies[0].size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, copies[1].data(), copies[1].size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, copies[2].data(), copies[2].size()),
        OSSL_PARAM_construct_end()};
    const Kdf kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
    const KdfContext context(EVP_KDF_CTX_new(kdf.get()));
    Bytes result(size);
    if (EVP_KDF_derive(context.get(), octets(result), size, parameters.data()) != 1) {
        return {};
    }
    return result;
}

/// AES-128-GCM, with its tag behind; empty if it fails.
Bytes sealed(const Bytes& key, const Bytes& nonce, const Bytes& plain)
{
    const Cipher cipher(EVP_CIPHER_CTX_new());
    Bytes result(plain.size() + kTag);
    int length = 0;
    if (EVP_EncryptInit_ex(cipher.get(), EVP_aes_128_gcm(), nullptr, octets(key), octets(nonce)) !=
            1 ||
        EVP_EncryptUpdate(cipher.get(), octets(result), &length, octets(plain),
                          static_cast<int>(plain.size())) != 1 ||
        EVP_EncryptFinal_ex(cipher.get(), octets(result) + length, &length) != 1 ||
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTag,
                            result.data() + plain.size()) != 1) {
        return {};
    }
    return result;
}

/// "Content-Encoding: nonce" and the zero that ends it.
ByteView label(std::string_view text)
{
    return asBytes(std::string_view(text.data(), text.size() + 1));
}

std::string base64Url(std::string_view text)
{
    return toBase64Url(asBytes(text));
}

/// ES256 (RFC 7518 section 3.4): the two numbers behind each other.
Bytes signatureOf(const KeyHandle& key, std::string_view content)
{
    const Digest digest(EVP_MD_CTX_new());
    std::array<unsigned char, 80> der{};
    std::size_t size = der.size();
    Bytes result(2 * kScalar);
    if (EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
        EVP_DigestSign(digest.get(), der.data(), &size, octets(asBytes(content)), content.size()) !=
            1) {
        return {};
    }
    const auto* at = der.data();
    const Signature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)));
    BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), octets(result), kScalar);
    BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), octets(result) + kScalar, kScalar);
    return result;
}

} // namespace

std::string originOf(std::string_view url)
{
    const auto host = url.find("://");
    if (host == std::string_view::npos || host == 0) {
        return {};
    }
    return std::string(url.substr(0, std::min(url.find_first_of("/?#", host + 3), url.size())));
}

Result<PushSubscription> parseSubscription(std::string_view json)
{
    const auto document = nlohmann::json::parse(json, nullptr, false);
    const auto text = [](const nlohmann::json& object, const char* name) {
        const auto found = object.is_object() ? object.find(name) : object.end();
        return found != object.end() && found->is_string() ? found->get<std::string>()
                                                           : std::string();
    };
    PushSubscription subscription{.endpoint = text(document, "endpoint"), .key = {}, .secret = {}};
    if (subscription.endpoint.size() > kLongestEndpoint ||
        originOf(subscription.endpoint).empty()) {
        return fail(Errc::Invalid, "endpoint: must be a URL");
    }
    const auto keys = document.contains("keys") ? document["keys"] : nlohmann::json();
    auto key = fromBase64Url(text(keys, "p256dh"));
    auto secret = fromBase64Url(text(keys, "auth"));
    if (!key || key->size() != kPoint || !keyOfPoint(*key)) {
        return broken("keys.p256dh: must be a point of P-256 in base64url");
    }
    if (!secret || secret->size() != kSecret) {
        return fail(Errc::Invalid, "keys.auth: must be 16 bytes in base64url");
    }
    subscription.key = std::move(*key);
    subscription.secret = std::move(*secret);
    return subscription;
}

Result<std::string> encryptPush(const PushSubscription& receiver, std::string_view text,
                                const KeyHandle& sender, ByteView salt)
{
    if (text.size() > kMostText || salt.size() != kSalt) {
        return fail(Errc::Invalid, "push: the text is longer than one record");
    }
    const auto peer = keyOfPoint(receiver.key);
    const auto shared = peer ? agreed(sender, peer) : Bytes();
    if (shared.empty()) {
        return broken("push: the browser's key is no point of P-256");
    }
    const auto own = pointOf(sender);
    Bytes info;
    append(info, label("WebPush: info"));
    append(info, receiver.key);
    append(info, own);
    const auto input = derived(receiver.secret, shared, info, kScalar);
    const auto key = derived(salt, input, label("Content-Encoding: aes128gcm"), kContentKey);
    const auto nonce = derived(salt, input, label("Content-Encoding: nonce"), kNonce);
    Bytes plain;
    append(plain, asBytes(text));
    plain.push_back(std::byte{2}); // the last record
    Bytes body(salt.begin(), salt.end());
    for (int shift = 24; shift >= 0; shift -= 8) {
        body.push_back(static_cast<std::byte>(kRecord >> static_cast<unsigned>(shift)));
    }
    body.push_back(static_cast<std::byte>(own.size()));
    append(body, own);
    append(body, sealed(key, nonce, plain));
    return std::string(asText(body));
}

Result<std::string> encryptPush(const PushSubscription& receiver, std::string_view text)
{
    return encryptPush(receiver, text, KeyHandle(EVP_EC_gen("P-256")), randomBytes(kSalt));
}

PushKey::PushKey(KeyHandle key, std::string publicKey)
    : m_key(std::move(key))
    , m_public(std::move(publicKey))
{
}

Result<PushKey> PushKey::open(const std::filesystem::path& file)
{
    const auto stored = readPrivateFile(file);
    if (!stored && stored.error().code != Errc::NotFound) {
        return tl::unexpected(stored.error());
    }
    KeyHandle key;
    if (stored) {
        const Bio memory(BIO_new_mem_buf(stored->data(), static_cast<int>(stored->size())));
        key = KeyHandle(PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr));
    } else {
        key = KeyHandle(EVP_EC_gen("P-256"));
        const Bio memory(BIO_new(BIO_s_mem()));
        PEM_write_bio_PrivateKey(memory.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        char* text = nullptr;
        const auto size = BIO_get_mem_data(memory.get(), &text);
        if (auto written = writePrivateFile(file, {text, static_cast<std::size_t>(size)});
            !written) {
            return tl::unexpected(written.error());
        }
    }
    auto point = key ? pointOf(key) : Bytes();
    if (point.size() != kPoint) {
        return broken(file.string() + ": is no P-256 key");
    }
    return PushKey(std::move(key), toBase64Url(point));
}

std::string PushKey::authorization(const std::string& origin, const std::string& contact,
                                   Instant now) const
{
    const auto expires =
        std::chrono::floor<std::chrono::seconds>((now + kTokenLife).time_since_epoch()).count();
    const auto content =
        base64Url(R"({"typ":"JWT","alg":"ES256"})") + "." +
        base64Url(nlohmann::json{{"aud", origin}, {"exp", expires}, {"sub", contact}}.dump());
    return "vapid t=" + content + "." + toBase64Url(signatureOf(m_key, content)) +
           ", k=" + m_public;
}

} // namespace guichet::hub
