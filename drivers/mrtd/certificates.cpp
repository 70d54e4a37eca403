// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/certificates.h"

#include <algorithm>
#include <cctype>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

namespace guichet::mrtd {
namespace {

using Stream = UniqueHandle<BIO*, BIO_free_all>;
using Context = UniqueHandle<X509_STORE_CTX*, X509_STORE_CTX_free>;
using Curve = UniqueHandle<EC_GROUP*, EC_GROUP_free>;

struct SignerStack {
    STACK_OF(X509) * certificates;
    explicit SignerStack(STACK_OF(X509) * taken)
        : certificates(taken)
    {
    }
    SignerStack(const SignerStack&) = delete;
    SignerStack& operator=(const SignerStack&) = delete;
    ~SignerStack() { sk_X509_free(certificates); } // the certificates are the message's
};

/// Whether a key that spells out its curve means one that has a name.
bool isKnownCurve(const X509* certificate)
{
    X509_ALGOR* algorithm = nullptr;
    const auto* key = X509_get_X509_PUBKEY(certificate);
    if (key == nullptr || X509_PUBKEY_get0_param(nullptr, nullptr, nullptr, &algorithm, key) != 1) {
        return false;
    }
    int type = V_ASN1_UNDEF;
    const void* value = nullptr;
    X509_ALGOR_get0(nullptr, &type, &value, algorithm);
    if (type != V_ASN1_SEQUENCE) {
        return false;
    }
    const auto* sequence = static_cast<const ASN1_STRING*>(value);
    const auto* position = ASN1_STRING_get0_data(sequence);
    const Curve curve(d2i_ECPKParameters(nullptr, &position, ASN1_STRING_length(sequence)));
    return curve && EC_GROUP_check_named_curve(curve.get(), 0, nullptr) != NID_undef;
}

/// Most passports' certificates spell out their curve, which OpenSSL refuses on principle. Lists of
/// withdrawn certificates are optional, and newer than the signature that is judged.
bool isAcceptable(int error, const X509* certificate)
{
    switch (error) {
    case X509_V_ERR_EC_KEY_EXPLICIT_PARAMS:
        return certificate != nullptr && isKnownCurve(certificate);
    case X509_V_ERR_UNABLE_TO_GET_CRL:
    case X509_V_ERR_CRL_NOT_YET_VALID:
    case X509_V_ERR_CRL_HAS_EXPIRED:
        return true;
    default:
        return false;
    }
}

int judge(int fine, X509_STORE_CTX* context)
{
    if (fine == 0 &&
        isAcceptable(X509_STORE_CTX_get_error(context), X509_STORE_CTX_get_current_cert(context))) {
        X509_STORE_CTX_set_error(context, X509_V_OK);
        return 1;
    }
    return fine;
}

std::optional<std::time_t> timeOf(const ASN1_TIME* time)
{
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) {
        return std::nullopt;
    }
    return timegm(&parts);
}

std::optional<std::time_t> signingTime(CMS_ContentInfo* message, const X509* signer)
{
    auto* infos = CMS_get0_SignerInfos(message);
    const auto* info = sk_CMS_SignerInfo_value(infos, 0);
    const auto place = CMS_signed_get_attr_by_NID(info, NID_pkcs9_signingTime, -1);
    if (place >= 0) {
        auto* attribute = CMS_signed_get_attr(info, place);
        const auto* value = X509_ATTRIBUTE_get0_type(attribute, 0);
        if (value != nullptr &&
            (value->type == V_ASN1_UTCTIME || value->type == V_ASN1_GENERALIZEDTIME)) {
            return timeOf(value->value.asn1_string);
        }
    }
    return timeOf(X509_get0_notBefore(signer));
}

template <typename Handle, typename T>
Handle parse(ByteView bytes, T* (*der)(T**, const unsigned char**, long),
             T* (*pem)(BIO*, T**, pem_password_cb*, void*))
{
    const auto* position = reinterpret_cast<const unsigned char*>(bytes.data());
    Handle parsed(der(nullptr, &position, static_cast<long>(bytes.size())));
    if (!parsed) {
        const Stream stream(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
        parsed.reset(pem(stream.get(), nullptr, nullptr, nullptr));
    }
    ERR_clear_error();
    return parsed;
}

std::string_view whose(int depth)
{
    return depth == 0 ? "the document signer's certificate" : "the country's certificate";
}

} // namespace

Certificate parseCertificate(ByteView bytes)
{
    return parse<Certificate, X509>(bytes, d2i_X509, PEM_read_bio_X509);
}

RevocationList parseRevocationList(ByteView bytes)
{
    return parse<RevocationList, X509_CRL>(bytes, d2i_X509_CRL, PEM_read_bio_X509_CRL);
}

std::string countryOf(const X509* certificate)
{
    std::string text(8, '\0');
    const auto length =
        X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_countryName, text.data(),
                                  static_cast<int>(text.size()));
    text.resize(static_cast<std::size_t>(std::max(length, 0)));
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

SignedBy verifySignature(CMS_ContentInfo* message)
{
    ERR_clear_error();
    if (sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(message)) != 1) {
        return {failed("want one signature"), nullptr, std::nullopt};
    }
    // The chain is another question, with an answer of its own.
    const bool fits = CMS_verify(message, nullptr, nullptr, nullptr, nullptr,
                                 CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) == 1;
    const auto* reason = ERR_reason_error_string(ERR_peek_last_error());
    const std::string why = reason == nullptr ? "no reason given" : reason;
    ERR_clear_error();
    const SignerStack signers(CMS_get0_signers(message));
    auto* signer = signers.certificates != nullptr && sk_X509_num(signers.certificates) == 1
                       ? sk_X509_value(signers.certificates, 0)
                       : nullptr;
    if (signer == nullptr) {
        return {failed("the document signer's certificate is not there: " + why), nullptr,
                std::nullopt};
    }
    return {fits ? passed("signed by the key of the document signer's certificate")
                 : failed("the signature does not fit: " + why),
            signer, signingTime(message, signer)};
}

Chain verifyChain(X509_STORE* store, X509* signer, std::time_t when)
{
    const Context context(X509_STORE_CTX_new());
    if (!context || X509_STORE_CTX_init(context.get(), store, signer, nullptr) != 1) {
        return {notChecked("refused by the library"), {}};
    }
    X509_STORE_CTX_set_verify_cb(context.get(), judge);
    auto* parameters = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(parameters, when);
    X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_ANY);
    X509_VERIFY_PARAM_set_auth_level(parameters, 0);                    // states use what they use
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN | // link certificates
                                                X509_V_FLAG_CRL_CHECK);
    const bool trusted = X509_verify_cert(context.get()) == 1;
    const auto error = X509_STORE_CTX_get_error(context.get());
    const auto depth = X509_STORE_CTX_get_error_depth(context.get());
    ERR_clear_error();
    if (trusted) {
        auto* chain = X509_STORE_CTX_get0_chain(context.get());
        const auto country = countryOf(sk_X509_value(chain, sk_X509_num(chain) - 1));
        return {passed("issued by the country signing certificate of " + country), country};
    }
    switch (error) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return {notChecked("no country signing certificate at hand that issued this one of " +
                           countryOf(signer)),
                {}};
    case X509_V_ERR_CERT_REVOKED:
        return {failed(std::string(whose(depth)) + " was withdrawn by its country"), {}};
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return {failed(std::string(whose(depth)) + " was not valid when the document was signed"),
                {}};
    default:
        return {failed(std::string(whose(depth)) + ": " + X509_verify_cert_error_string(error)),
                {}};
    }
}

} // namespace guichet::mrtd
