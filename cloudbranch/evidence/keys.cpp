// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/evidence/keys.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "peripherals/base/random.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::evidence {

using KeyHandle = UniqueHandle<EVP_PKEY*, EVP_PKEY_free>;

struct KeyPart {
    KeyHandle handle;
};

namespace {

using nlohmann::json;
using BioHandle = UniqueHandle<BIO*, BIO_free_all>;
using ContextHandle = UniqueHandle<EVP_PKEY_CTX*, EVP_PKEY_CTX_free>;
using DigestHandle = UniqueHandle<EVP_MD_CTX*, EVP_MD_CTX_free>;
using CertificateHandle = UniqueHandle<X509*, X509_free>;

constexpr std::size_t kCoordinate = 32;
constexpr std::string_view kEncryption = "A256GCM";

unsigned char* octets(Bytes& bytes)
{
    return reinterpret_cast<unsigned char*>(bytes.data());
}

const unsigned char* octets(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

tl::unexpected<Error> broken(const char* step)
{
    return fail(Errc::Internal, std::string("evidence key: ") + step, Remedy::CallStaff);
}

BioHandle memoryOf(std::string_view pem)
{
    return BioHandle(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

Result<std::shared_ptr<const KeyPart>> onP256(KeyHandle key, const char* want)
{
    std::array<char, 32> group{};
    if (!key || EVP_PKEY_get_group_name(key.get(), group.data(), group.size(), nullptr) != 1 ||
        std::string_view(group.data()) != "prime256v1") {
        return fail(Errc::Invalid, std::string("key: want a PEM ") + want + " on P-256");
    }
    auto part = std::make_shared<KeyPart>();
    part->handle = std::move(key);
    return part;
}

Result<std::shared_ptr<const KeyPart>> privateFrom(const Secret<std::string>& pem)
{
    const auto memory = memoryOf(pem.reveal());
    const auto noPassword = [](char*, int, int, void*) { return -1; };
    return onP256(
        KeyHandle(memory ? PEM_read_bio_PrivateKey(memory.get(), nullptr, noPassword, nullptr)
                         : nullptr),
        "private key without a password");
}

KeyHandle publicFrom(std::string_view pem)
{
    const auto memory = memoryOf(pem);
    return KeyHandle(memory ? PEM_read_bio_PUBKEY(memory.get(), nullptr, nullptr, nullptr)
                            : nullptr);
}

/// The uncompressed point 04 X Y.
Result<Bytes> pointOf(EVP_PKEY* key)
{
    Bytes point(1 + 2 * kCoordinate);
    std::size_t length = 0;
    if (EVP_PKEY_get_octet_string_param(key, "encoded-pub-key", octets(point), point.size(),
                                        &length) != 1 ||
        length != point.size()) {
        return broken("no public point");
    }
    return point;
}

Result<Secret<Bytes>> agree(EVP_PKEY* own, EVP_PKEY* peer)
{
    const ContextHandle context(EVP_PKEY_CTX_new(own, nullptr));
    Bytes shared(kCoordinate);
    std::size_t length = shared.size();
    if (!context || EVP_PKEY_derive_init(context.get()) != 1 ||
        EVP_PKEY_derive_set_peer(context.get(), peer) != 1 ||
        EVP_PKEY_derive(context.get(), octets(shared), &length) != 1 || length != kCoordinate) {
        return broken("no key agreement");
    }
    return Secret<Bytes>(std::move(shared));
}

/// The concatenation KDF of RFC 7518 section 4.6.2: one round of SHA-256 gives the 256 bits.
Result<cipher::Key> wrappingKey(const Secret<Bytes>& shared)
{
    const auto number = [](std::size_t value) {
        return std::string{'\0', '\0', static_cast<char>(value >> 8U), static_cast<char>(value)};
    };
    const auto round = number(1);
    const auto noParty = number(0);
    const auto info = number(kEncryption.size()) + std::string(kEncryption) + noParty + noParty +
                      number(cipher::kKey * 8);
    const DigestHandle digest(EVP_MD_CTX_new());
    Bytes key(cipher::kKey);
    const auto& secret = shared.reveal();
    if (!digest || EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) != 1 ||
        EVP_DigestUpdate(digest.get(), round.data(), round.size()) != 1 ||
        EVP_DigestUpdate(digest.get(), secret.data(), secret.size()) != 1 ||
        EVP_DigestUpdate(digest.get(), info.data(), info.size()) != 1 ||
        EVP_DigestFinal_ex(digest.get(), octets(key), nullptr) != 1) {
        return broken("no wrapping key");
    }
    return cipher::Key(std::move(key));
}

tl::unexpected<Error> otherForm()
{
    return fail(Errc::Invalid, "wrapped key: not a JWE of ECDH-ES and A256GCM on P-256");
}

struct Wrapped {
    std::string_view header; ///< as it is written, which the tag covers
    Bytes nonce;
    Bytes sealed; ///< key and tag
};

/// Header, no encrypted key, nonce, content, tag.
Result<Wrapped> partsOf(std::string_view text)
{
    std::array<std::string_view, 5> pieces;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const auto end = text.find('.');
        if ((end == std::string_view::npos) != (i + 1 == pieces.size())) {
            return otherForm();
        }
        pieces.at(i) = text.substr(0, end);
        text.remove_prefix(std::min(text.size(), pieces.at(i).size() + 1));
    }
    auto nonce = fromBase64Url(pieces[2]);
    auto sealed = fromBase64Url(pieces[3]);
    const auto tag = fromBase64Url(pieces[4]);
    if (!pieces[1].empty() || !nonce || nonce->size() != cipher::kNonce || !sealed || !tag ||
        tag->size() != cipher::kTag) {
        return otherForm();
    }
    sealed->insert(sealed->end(), tag->begin(), tag->end());
    return Wrapped{pieces[0], std::move(*nonce), std::move(*sealed)};
}

Result<KeyHandle> ephemeralIn(std::string_view protectedHeader)
{
    const auto text = fromBase64Url(protectedHeader);
    const auto header = text ? json::parse(asText(*text), nullptr, false) : json();
    const auto word = [](const json& object, const char* member) {
        const auto found = object.is_object() ? object.find(member) : object.end();
        return found != object.end() && found->is_string() ? found->get<std::string>()
                                                           : std::string();
    };
    const auto key = header.is_object() ? header.value("epk", json()) : json();
    const auto x = fromBase64Url(word(key, "x"));
    const auto y = fromBase64Url(word(key, "y"));
    if (word(header, "alg") != "ECDH-ES" || word(header, "enc") != kEncryption ||
        word(key, "crv") != "P-256" || !x || x->size() != kCoordinate || !y ||
        y->size() != kCoordinate) {
        return otherForm();
    }
    Bytes point{std::byte{0x04}};
    point.insert(point.end(), x->begin(), x->end());
    point.insert(point.end(), y->begin(), y->end());
    std::string group = "prime256v1";
    std::array<OSSL_PARAM, 3> parameters{
        OSSL_PARAM_construct_utf8_string("group", group.data(), 0),
        OSSL_PARAM_construct_octet_string("pub", point.data(), point.size()),
        OSSL_PARAM_construct_end()};
    const ContextHandle context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    EVP_PKEY* peer = nullptr;
    if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &peer, EVP_PKEY_PUBLIC_KEY, parameters.data()) != 1) {
        return otherForm(); // among others a point that is not on the curve
    }
    return KeyHandle(peer);
}

} // namespace

RecipientKey::RecipientKey(std::shared_ptr<const KeyPart> key)
    : m_key(std::move(key))
{
}

Result<RecipientKey> RecipientKey::fromPem(std::string_view pem)
{
    return onP256(publicFrom(pem), "public key").map([](std::shared_ptr<const KeyPart> key) {
        return RecipientKey(std::move(key));
    });
}

Result<std::string> RecipientKey::wrap(const cipher::Key& dataKey) const
{
    const KeyHandle ephemeral(EVP_EC_gen("P-256"));
    if (!ephemeral) {
        return broken("no ephemeral key");
    }
    const auto point = pointOf(ephemeral.get());
    if (!point) {
        return tl::unexpected(point.error());
    }
    const auto coordinates = ByteView(*point).subspan(1);
    const json header = {{"alg", "ECDH-ES"},
                         {"enc", kEncryption},
                         {"epk",
                          {{"kty", "EC"},
                           {"crv", "P-256"},
                           {"x", toBase64Url(coordinates.first(kCoordinate))},
                           {"y", toBase64Url(coordinates.last(kCoordinate))}}}};
    const auto protectedHeader = toBase64Url(asBytes(header.dump()));
    const auto nonce = randomBytes(cipher::kNonce);
    return agree(ephemeral.get(), m_key->handle.get())
        .and_then(wrappingKey)
        .and_then([&](const cipher::Key& key) {
            return cipher::encrypt(key, nonce, asBytes(protectedHeader), dataKey.reveal());
        })
        .map([&](const Bytes& sealed) {
            const auto content = ByteView(sealed).first(sealed.size() - cipher::kTag);
            return protectedHeader + ".." + toBase64Url(nonce) + "." + toBase64Url(content) + "." +
                   toBase64Url(ByteView(sealed).last(cipher::kTag));
        });
}

AuditorKey::AuditorKey(std::shared_ptr<const KeyPart> key)
    : m_key(std::move(key))
{
}

Result<AuditorKey> AuditorKey::fromPem(const Secret<std::string>& pem)
{
    return privateFrom(pem).map(
        [](std::shared_ptr<const KeyPart> key) { return AuditorKey(std::move(key)); });
}

Result<cipher::Key> AuditorKey::unwrap(std::string_view wrapped) const
{
    const auto parts = partsOf(wrapped);
    if (!parts) {
        return tl::unexpected(parts.error());
    }
    const auto ephemeral = ephemeralIn(parts->header);
    if (!ephemeral) {
        return tl::unexpected(ephemeral.error());
    }
    auto key = agree(m_key->handle.get(), ephemeral->get())
                   .and_then(wrappingKey)
                   .and_then([&](const cipher::Key& wrapping) {
                       return cipher::decrypt(wrapping, parts->nonce, asBytes(parts->header),
                                              parts->sealed);
                   });
    if (!key || key->reveal().size() != cipher::kKey) {
        return fail(Errc::Denied, "wrapped key: wrapped to another key, or changed");
    }
    return key;
}

SigningKey::SigningKey(std::shared_ptr<const KeyPart> key)
    : m_key(std::move(key))
{
}

Result<SigningKey> SigningKey::fromPem(const Secret<std::string>& pem)
{
    return privateFrom(pem).map(
        [](std::shared_ptr<const KeyPart> key) { return SigningKey(std::move(key)); });
}

Result<std::string> SigningKey::sign(std::string_view text) const
{
    const DigestHandle digest(EVP_MD_CTX_new());
    std::size_t length = 0;
    if (!digest ||
        EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, m_key->handle.get()) !=
            1 ||
        EVP_DigestSign(digest.get(), nullptr, &length, octets(text), text.size()) != 1) {
        return broken("no signature");
    }
    Bytes signature(length);
    if (EVP_DigestSign(digest.get(), octets(signature), &length, octets(text), text.size()) != 1) {
        return broken("no signature");
    }
    return toBase64Url(ByteView(signature).first(length));
}

VerifyingKey::VerifyingKey(std::shared_ptr<const KeyPart> key)
    : m_key(std::move(key))
{
}

Result<VerifyingKey> VerifyingKey::fromPem(std::string_view pem)
{
    auto key = publicFrom(pem);
    if (!key) {
        const auto memory = memoryOf(pem);
        const CertificateHandle certificate(
            memory ? PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr) : nullptr);
        key.reset(certificate ? X509_get_pubkey(certificate.get()) : nullptr);
    }
    return onP256(std::move(key), "public key or certificate")
        .map([](std::shared_ptr<const KeyPart> part) { return VerifyingKey(std::move(part)); });
}

bool VerifyingKey::verifies(std::string_view text, std::string_view signature) const
{
    const auto octetsOfSignature = fromBase64Url(signature);
    const DigestHandle digest(EVP_MD_CTX_new());
    return octetsOfSignature && digest &&
           EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr,
                                m_key->handle.get()) == 1 &&
           EVP_DigestVerify(digest.get(),
                            reinterpret_cast<const unsigned char*>(octetsOfSignature->data()),
                            octetsOfSignature->size(), octets(text), text.size()) == 1;
}

} // namespace guichet::evidence
