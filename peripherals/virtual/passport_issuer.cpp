// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/passport_issuer.h"

#include <chrono>

#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "peripherals/base/unique_handle.h"
#include "peripherals/virtual/passport_crypto.h"
#include "peripherals/virtual/passport_keys.h"
#include "peripherals/virtual/tlv.h"

namespace guichet::virtualdevices {
namespace {

using Key = UniqueHandle<EVP_PKEY*, EVP_PKEY_free>;
using Certificate = UniqueHandle<X509*, X509_free>;
using List = UniqueHandle<X509_CRL*, X509_CRL_free>;
using Message = UniqueHandle<CMS_ContentInfo*, CMS_ContentInfo_free>;
using Stream = UniqueHandle<BIO*, BIO_free_all>;
using Time = UniqueHandle<ASN1_TIME*, ASN1_TIME_free>;
using ObjectId = UniqueHandle<ASN1_OBJECT*, ASN1_OBJECT_free>;

constexpr const char* kSecurityObject = "2.23.136.1.1.1";
constexpr const char* kMasterList = "2.23.136.1.1.2";

Time dayOf(int year, unsigned month)
{
    const std::chrono::sys_days day(std::chrono::year(year) / static_cast<int>(month) / 1);
    return Time(ASN1_TIME_set(nullptr, std::chrono::system_clock::to_time_t(day)));
}

void addExtension(X509* certificate, X509* issuer, int kind, const char* value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    if (auto* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value)) {
        X509_add_ext(certificate, extension, -1);
        X509_EXTENSION_free(extension);
    }
}

struct Subject {
    std::string country;
    const char* name;
    int firstYear, lastYear;
};

/// Signed by `issuerKey`; by itself if there is no issuer.
Certificate certify(const Key& key, const Subject& subject, X509* issuer, const Key& issuerKey)
{
    Certificate certificate(X509_new());
    auto* made = certificate.get();
    X509_set_version(made, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made), issuer == nullptr ? 1 : 2);
    X509_set1_notBefore(made, dayOf(subject.firstYear, 1).get());
    X509_set1_notAfter(made, dayOf(subject.lastYear, 1).get());
    auto* name = X509_get_subject_name(made);
    const auto add = [name](const char* field, const std::string& text) {
        X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1, 0);
    };
    add("C", subject.country);
    add("CN", subject.name);
    X509_set_issuer_name(made, issuer == nullptr ? name : X509_get_subject_name(issuer));
    X509_set_pubkey(made, key.get());
    auto* signer = issuer == nullptr ? made : issuer;
    addExtension(made, signer, NID_subject_key_identifier, "hash");
    addExtension(made, signer, NID_authority_key_identifier, "keyid:always");
    if (issuer == nullptr) {
        addExtension(made, signer, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
        addExtension(made, signer, NID_key_usage, "critical,keyCertSign,cRLSign");
    } else {
        addExtension(made, signer, NID_key_usage, "critical,digitalSignature");
    }
    X509_sign(made, issuerKey.get(), EVP_sha256());
    return certificate;
}

template <typename T> Bytes der(T* object, int (*encode)(const T*, unsigned char**))
{
    unsigned char* encoded = nullptr;
    const auto length = encode(object, &encoded);
    Bytes bytes;
    if (length > 0) {
        const auto view = std::as_bytes(std::span(encoded, static_cast<std::size_t>(length)));
        bytes.assign(view.begin(), view.end());
        OPENSSL_free(encoded);
    }
    return bytes;
}

} // namespace

struct PassportIssuer::Keys {
    Key countryKey;
    Key signerKey;
    Certificate country;
    Certificate signer;
    bool pss = false;
};

PassportIssuer::PassportIssuer()
    : PassportIssuer(Options{})
{
}

PassportIssuer::PassportIssuer(const Options& options)
    : m_keys(std::make_unique<Keys>())
{
    auto& keys = *m_keys;
    keys.signerKey = options.rsa ? Key(EVP_RSA_gen(2048)) : curveKey(options.explicitCurve);
    keys.pss = options.rsa;
    const auto first = options.expired ? 2005 : 2020, last = options.expired ? 2015 : 2035;
    if (options.countryKey.empty()) {
        keys.countryKey = curveKey(options.explicitCurve);
        keys.country = certify(keys.countryKey, {options.country, "Country Signer", first, last},
                               nullptr, keys.countryKey);
    } else {
        const auto* key = reinterpret_cast<const unsigned char*>(options.countryKey.data());
        keys.countryKey =
            Key(d2i_AutoPrivateKey(nullptr, &key, static_cast<long>(options.countryKey.size())));
        const auto* made =
            reinterpret_cast<const unsigned char*>(options.countryCertificate.data());
        keys.country = Certificate(
            d2i_X509(nullptr, &made, static_cast<long>(options.countryCertificate.size())));
    }
    keys.signer = certify(keys.signerKey, {options.country, "Document Signer", 2021, 2034},
                          keys.country.get(), keys.countryKey);
}

PassportIssuer::~PassportIssuer() = default;

Bytes PassportIssuer::countryCertificate() const
{
    return der<X509>(m_keys->country.get(), i2d_X509);
}

Bytes PassportIssuer::revocationList(bool withdrawSigner) const
{
    const List list(X509_CRL_new());
    const auto day = dayOf(2025, 1);
    X509_CRL_set_version(list.get(), X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(m_keys->country.get()));
    X509_CRL_set1_lastUpdate(list.get(), day.get());
    if (withdrawSigner) {
        auto* entry = X509_REVOKED_new();
        X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(m_keys->signer.get()));
        X509_REVOKED_set_revocationDate(entry, day.get());
        X509_CRL_add0_revoked(list.get(), entry);
    }
    X509_CRL_sign(list.get(), m_keys->countryKey.get(), EVP_sha256());
    return der<X509_CRL>(list.get(), i2d_X509_CRL);
}

Bytes PassportIssuer::signedMessage(const char* contentType, ByteView content) const
{
    constexpr unsigned kFlags = CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP;
    const Message message(CMS_sign(nullptr, nullptr, nullptr, nullptr, kFlags));
    const ObjectId type(OBJ_txt2obj(contentType, 1));
    CMS_set1_eContentType(message.get(), type.get());
    auto* signer = CMS_add1_signer(message.get(), m_keys->signer.get(), m_keys->signerKey.get(),
                                   EVP_sha256(), kFlags | (m_keys->pss ? CMS_KEY_PARAM : 0U));
    if (m_keys->pss) {
        EVP_PKEY_CTX_set_rsa_padding(CMS_SignerInfo_get0_pkey_ctx(signer), RSA_PKCS1_PSS_PADDING);
    }
    const auto moment = dayOf(2024, 6);
    CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_signingTime, moment.get()->type, moment.get(),
                                -1);
    const Stream stream(BIO_new_mem_buf(content.data(), static_cast<int>(content.size())));
    CMS_final(message.get(), stream.get(), nullptr, kFlags);
    return der<CMS_ContentInfo>(message.get(), i2d_CMS_ContentInfo);
}

Bytes PassportIssuer::masterList(const std::vector<Bytes>& certificates) const
{
    Bytes all;
    for (const auto& certificate : certificates) {
        tlv::append(all, certificate);
    }
    auto content = *fromHex("020100");
    tlv::append(content, tlv::object(0x31, all));
    return signedMessage(kMasterList, tlv::object(0x30, content));
}

Bytes PassportIssuer::sign(const std::map<int, Bytes>& groups) const
{
    Bytes hashes;
    for (const auto& [number, file] : groups) {
        auto entry = tlv::object(0x02, Bytes(1, static_cast<std::byte>(number)));
        tlv::append(entry, tlv::object(0x04, passport::sha256(file)));
        tlv::append(hashes, tlv::object(0x30, entry));
    }
    auto content = *fromHex("020100"); // version, SHA-256
    tlv::append(content, *fromHex("300D06096086480165030402010500"));
    tlv::append(content, tlv::object(0x30, hashes));
    return tlv::object(0x77, signedMessage(kSecurityObject, tlv::object(0x30, content)));
}

} // namespace guichet::virtualdevices
