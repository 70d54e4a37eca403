// SPDX-License-Identifier: Apache-2.0
#include "peripherals/base/sealing.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include <nlohmann/json.hpp>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "peripherals/base/bytes.h"
#include "peripherals/base/cipher.h"
#include "peripherals/base/random.h"
#include "peripherals/base/unique_handle.h"

namespace guichet {

namespace {

using KeyHandle = UniqueHandle<EVP_PKEY*, EVP_PKEY_free>;
using BioHandle = UniqueHandle<BIO*, BIO_free_all>;
using DeriveHandle = UniqueHandle<EVP_PKEY_CTX*, EVP_PKEY_CTX_free>;
using DigestHandle = UniqueHandle<EVP_MD_CTX*, EVP_MD_CTX_free>;

constexpr std::size_t kCoordinate = 32;
constexpr std::string_view kEncryption = "A256GCM";

unsigned char* octets(Bytes& bytes)
{
    return reinterpret_cast<unsigned char*>(bytes.data());
}

tl::unexpected<Error> broken(const char* step)
{
    return fail(Errc::Internal, std::string("seal: ") + step, Remedy::CallStaff);
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
    const DeriveHandle context(EVP_PKEY_CTX_new(own, nullptr));
    Bytes shared(kCoordinate);
    std::size_t length = shared.size();
    if (!context || EVP_PKEY_derive_init(context.get()) != 1 ||
        EVP_PKEY_derive_set_peer(context.get(), peer) != 1 ||
        EVP_PKEY_derive(context.get(), octets(shared), &length) != 1 || length != kCoordinate) {
        return broken("no key agreement");
    }
    return Secret<Bytes>(std::move(shared));
}

void addLength(std::string& text, std::size_t length)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        text.push_back(static_cast<char>((length >> shift) & 0xff));
    }
}

/// The concatenation KDF of RFC 7518 section 4.6.2: one round of SHA-256 gives the 256 bits.
Result<cipher::Key> contentKey(const Secret<Bytes>& shared)
{
    std::string before;
    addLength(before, 1); // round
    std::string info;
    addLength(info, kEncryption.size());
    info += kEncryption;
    addLength(info, 0); // no apu
    addLength(info, 0); // no apv
    addLength(info, cipher::kKey * 8);
    const DigestHandle digest(EVP_MD_CTX_new());
    Bytes key(cipher::kKey);
    const auto& secret = shared.reveal();
    if (!digest || EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) != 1 ||
        EVP_DigestUpdate(digest.get(), before.data(), before.size()) != 1 ||
        EVP_DigestUpdate(digest.get(), secret.data(), secret.size()) != 1 ||
        EVP_DigestUpdate(digest.get(), info.data(), info.size()) != 1 ||
        EVP_DigestFinal_ex(digest.get(), octets(key), nullptr) != 1) {
        return broken("no content key");
    }
    return cipher::Key(std::move(key));
}

struct Parts {
    std::string_view header; ///< as it was sent, which the tag covers
    Bytes nonce;
    Bytes sealed; ///< content and tag
};

tl::unexpected<Error> otherForm()
{
    return fail(Errc::Invalid, "sealed content: not a JWE of ECDH-ES and A256GCM on P-256");
}

/// Header, no encrypted key, nonce, content, tag.
Result<Parts> partsOf(std::string_view text)
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
    auto content = fromBase64Url(pieces[3]);
    auto tag = fromBase64Url(pieces[4]);
    if (!pieces[1].empty() || !nonce || nonce->size() != cipher::kNonce || !content || !tag ||
        tag->size() != cipher::kTag) {
        return otherForm();
    }
    content->insert(content->end(), tag->begin(), tag->end());
    return Parts{pieces[0], std::move(*nonce), std::move(*content)};
}

Result<KeyHandle> peerIn(std::string_view protectedHeader)
{
    const auto text = fromBase64Url(protectedHeader);
    const auto header =
        text ? nlohmann::json::parse(asText(*text), nullptr, false) : nlohmann::json();
    const auto word = [](const nlohmann::json& object, const char* key) {
        const auto found = object.is_object() ? object.find(key) : object.end();
        return found != object.end() && found->is_string() ? found->get<std::string>()
                                                           : std::string();
    };
    const auto key = header.is_object() ? header.value("epk", nlohmann::json()) : nlohmann::json();
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
    const DeriveHandle context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    EVP_PKEY* peer = nullptr;
    if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &peer, EVP_PKEY_PUBLIC_KEY, parameters.data()) != 1) {
        return otherForm(); // among others a point that is not on the curve
    }
    return KeyHandle(peer);
}

Result<Secret<std::string>> decrypt(const cipher::Key& key, const Parts& parts)
{
    const auto plain = cipher::decrypt(key, parts.nonce, asBytes(parts.header), parts.sealed);
    if (!plain) {
        return fail(Errc::Denied, "sealed content: sealed to another key, or changed");
    }
    return Secret<std::string>(std::string(asText(plain->reveal())));
}

bool isOnP256(const EVP_PKEY* key)
{
    std::array<char, 32> group{};
    return key != nullptr &&
           EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) == 1 &&
           std::string_view(group.data()) == "prime256v1";
}

} // namespace

struct SealingKey::Key {
    KeyHandle handle;
};
struct OpeningKey::Key {
    KeyHandle handle;
};

SealingKey::SealingKey(std::shared_ptr<const Key> key)
    : m_key(std::move(key))
{
}

Result<SealingKey> SealingKey::fromPem(std::string_view pem)
{
    const BioHandle memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    auto key = std::make_shared<Key>();
    key->handle.reset(memory ? PEM_read_bio_PUBKEY(memory.get(), nullptr, nullptr, nullptr)
                             : nullptr);
    if (!isOnP256(key->handle.get())) {
        return fail(Errc::Invalid, "sealing key: want a PEM public key on P-256");
    }
    return SealingKey(std::move(key));
}

Result<SealingKey> SealingKey::fromFile(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return fail(Errc::NotFound, "sealing key: cannot read " + file.string());
    }
    auto key = fromPem(std::string{std::istreambuf_iterator<char>(stream), {}});
    return key ? std::move(key) : fail(std::move(key).error(), file.string());
}

Result<std::string> SealingKey::seal(ByteView plain) const
{
    const KeyHandle ephemeral(EVP_EC_gen("P-256"));
    if (!ephemeral) {
        return broken("no ephemeral key");
    }
    const auto point = pointOf(ephemeral.get());
    if (!point) {
        return tl::unexpected(point.error());
    }
    const ByteView coordinates = ByteView(*point).subspan(1);
    const nlohmann::json header = {{"alg", "ECDH-ES"},
                                   {"enc", kEncryption},
                                   {"epk",
                                    {{"kty", "EC"},
                                     {"crv", "P-256"},
                                     {"x", toBase64Url(coordinates.first(kCoordinate))},
                                     {"y", toBase64Url(coordinates.last(kCoordinate))}}}};
    const auto protectedHeader = toBase64Url(asBytes(header.dump()));
    const auto nonce = randomBytes(cipher::kNonce);
    return agree(ephemeral.get(), m_key->handle.get())
        .and_then(contentKey)
        .and_then([&](const cipher::Key& key) {
            return cipher::encrypt(key, nonce, asBytes(protectedHeader), plain);
        })
        .map([&](const Bytes& sealed) {
            const auto content = ByteView(sealed).first(sealed.size() - cipher::kTag);
            return protectedHeader + ".." + toBase64Url(nonce) + "." + toBase64Url(content) + "." +
                   toBase64Url(ByteView(sealed).last(cipher::kTag));
        });
}

OpeningKey::OpeningKey(std::shared_ptr<const Key> key)
    : m_key(std::move(key))
{
}

Result<OpeningKey> OpeningKey::generate()
{
    auto key = std::make_shared<Key>();
    key->handle.reset(EVP_EC_gen("P-256"));
    if (!key->handle) {
        return broken("no key pair");
    }
    return OpeningKey(std::move(key));
}

Result<OpeningKey> OpeningKey::fromPem(const Secret<std::string>& pem)
{
    const auto& text = pem.reveal();
    const BioHandle memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    const auto noPassword = [](char*, int, int, void*) { return -1; };
    auto key = std::make_shared<Key>();
    key->handle.reset(memory ? PEM_read_bio_PrivateKey(memory.get(), nullptr, noPassword, nullptr)
                             : nullptr);
    if (!isOnP256(key->handle.get())) {
        return fail(Errc::Invalid,
                    "opening key: want a PEM private key without a password on P-256");
    }
    return OpeningKey(std::move(key));
}

Result<std::string> OpeningKey::publicPem() const
{
    const BioHandle memory(BIO_new(BIO_s_mem()));
    char* text = nullptr;
    if (!memory || PEM_write_bio_PUBKEY(memory.get(), m_key->handle.get()) != 1) {
        return broken("no public key");
    }
    const auto length = BIO_get_mem_data(memory.get(), &text);
    return std::string(text, static_cast<std::size_t>(length));
}

Result<Secret<std::string>> OpeningKey::open(std::string_view sealed) const
{
    const auto parts = partsOf(sealed);
    if (!parts) {
        return tl::unexpected(parts.error());
    }
    const auto peer = peerIn(parts->header);
    if (!peer) {
        return tl::unexpected(peer.error());
    }
    return agree(m_key->handle.get(), peer->get())
        .and_then(contentKey)
        .and_then([&](const cipher::Key& key) { return decrypt(key, *parts); });
}

} // namespace guichet
