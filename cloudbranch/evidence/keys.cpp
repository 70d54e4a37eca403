// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/evidence/keys.h"

#include <array>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "peripherals/base/bytes.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::evidence {

using KeyHandle = UniqueHandle<EVP_PKEY*, EVP_PKEY_free>;

struct KeyPart {
    KeyHandle handle;
};

namespace {

using BioHandle = UniqueHandle<BIO*, BIO_free_all>;
using DigestHandle = UniqueHandle<EVP_MD_CTX*, EVP_MD_CTX_free>;
using CertificateHandle = UniqueHandle<X509*, X509_free>;

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

} // namespace

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
