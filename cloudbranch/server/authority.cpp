// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/authority.h"

#include <algorithm>
#include <array>

#include <arpa/inet.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include "peripherals/base/private_file.h"
#include "queue/domain/enrol_code.h"

namespace guichet::hub {
namespace {

using Certificate = UniqueHandle<X509*, X509_free>;
using Bio = UniqueHandle<BIO*, BIO_free_all>;

constexpr std::chrono::hours kDay{24};
constexpr auto kAuthorityLife = kDay * 3653;
constexpr auto kServerLife = kDay * 397;
constexpr auto kServerReserve = kDay * 30;
constexpr auto kTerminalLife = kDay * 90;
constexpr auto kEarlier = kDay; ///< terminals' clocks may be slow
constexpr int kSerialBytes = 16;

tl::unexpected<Error> broken(const std::string& what)
{
    const char* reason = ERR_reason_error_string(ERR_get_error());
    ERR_clear_error();
    return fail(Errc::Invalid, what + ": " + (reason != nullptr ? reason : "not as expected"),
                Remedy::CallStaff);
}

std::time_t seconds(Instant instant)
{
    return std::chrono::floor<std::chrono::seconds>(instant.time_since_epoch()).count();
}

std::string textOf(BIO* memory)
{
    char* text = nullptr;
    const auto size = BIO_get_mem_data(memory, &text);
    return {text, static_cast<std::size_t>(size)};
}

std::string certificatePem(X509* certificate)
{
    const Bio memory(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(memory.get(), certificate);
    return textOf(memory.get());
}

/// In memory that OpenSSL wipes.
std::string keyPem(EVP_PKEY* key)
{
    const Bio memory(BIO_new(BIO_s_secmem()));
    PEM_write_bio_PKCS8PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    return textOf(memory.get());
}

/// OpenSSL would ask at the terminal.
int noPassphrase(char* /*into*/, int /*size*/, int /*writing*/, void* /*data*/)
{
    return 0;
}

Certificate readCertificate(const std::string& pem)
{
    const Bio memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    return Certificate(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
}

std::string serialText(const X509* certificate)
{
    const UniqueHandle<BIGNUM*, BN_free> number(
        ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
    char* digits = BN_bn2hex(number.get());
    std::string text(digits);
    OPENSSL_free(digits);
    return text;
}

bool isAddress(const std::string& name)
{
    in6_addr address{};
    return inet_pton(AF_INET, name.c_str(), &address) == 1 ||
           inet_pton(AF_INET6, name.c_str(), &address) == 1;
}

using Extensions = std::vector<std::pair<int, std::string>>;

struct Wanted {
    std::string name;
    EVP_PKEY* key;
    Instant from;
    Instant until;
    Extensions extensions;
    std::string uri = {};                ///< of the subject's alternative names
    std::vector<std::string> hosts = {}; ///< names and addresses, likewise
};

void setSerial(X509* certificate)
{
    std::array<unsigned char, kSerialBytes> bytes{};
    RAND_bytes(bytes.data(), kSerialBytes);
    bytes.front() = static_cast<unsigned char>((bytes.front() & 0x3fU) | 0x40U); // positive
    const UniqueHandle<BIGNUM*, BN_free> number(BN_bin2bn(bytes.data(), kSerialBytes, nullptr));
    BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
}

GENERAL_NAME* generalName(int kind, const std::string& text)
{
    auto* name = GENERAL_NAME_new();
    if (kind == GEN_IPADD) {
        GENERAL_NAME_set0_value(name, kind, a2i_IPADDRESS(text.c_str()));
        return name;
    }
    auto* value = ASN1_IA5STRING_new();
    ASN1_STRING_set(value, text.data(), static_cast<int>(text.size()));
    GENERAL_NAME_set0_value(name, kind, value);
    return name;
}

/// Built from values, not from OpenSSL's configuration words: a name cannot smuggle in another.
void setAlternativeNames(X509* certificate, const Wanted& wanted)
{
    const UniqueHandle<GENERAL_NAMES*, GENERAL_NAMES_free> names(GENERAL_NAMES_new());
    if (!wanted.uri.empty()) {
        sk_GENERAL_NAME_push(names.get(), generalName(GEN_URI, wanted.uri));
    }
    for (const auto& host : wanted.hosts) {
        sk_GENERAL_NAME_push(names.get(), generalName(isAddress(host) ? GEN_IPADD : GEN_DNS, host));
    }
    if (sk_GENERAL_NAME_num(names.get()) > 0) {
        X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT);
    }
}

/// Without `issuer` the certificate signs itself.
Certificate make(const Wanted& wanted, X509* issuer, EVP_PKEY* issuerKey)
{
    Certificate certificate(X509_new());
    auto* x509 = certificate.get();
    X509_set_version(x509, X509_VERSION_3);
    setSerial(x509);
    ASN1_TIME_set(X509_getm_notBefore(x509), seconds(wanted.from));
    ASN1_TIME_set(X509_getm_notAfter(x509), seconds(wanted.until));
    X509_set_pubkey(x509, wanted.key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(wanted.name.data()),
                               static_cast<int>(wanted.name.size()), -1, 0);
    auto* signer = issuer != nullptr ? issuer : x509;
    X509_set_issuer_name(x509, X509_get_subject_name(signer));
    X509V3_CTX context;
    X509V3_set_ctx(&context, signer, x509, nullptr, nullptr, 0);
    for (const auto& [id, value] : wanted.extensions) {
        const UniqueHandle<X509_EXTENSION*, X509_EXTENSION_free> extension(
            X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()));
        if (!extension || X509_add_ext(x509, extension.get(), -1) != 1) {
            return {};
        }
    }
    setAlternativeNames(x509, wanted);
    if (X509_sign(x509, issuerKey, EVP_sha256()) == 0) {
        return {};
    }
    return certificate;
}

/// The common name has at most 64 characters; the outlet's name is cut at one.
std::string authorityName(const std::string& outlet)
{
    constexpr std::size_t kMost = 40; // bytes
    auto text = "Guichet " + outlet;
    if (text.size() > kMost) {
        auto end = kMost;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) {
            --end;
        }
        text.resize(end);
    }
    return text + " authority";
}

} // namespace

Result<void> Authority::create(const std::filesystem::path& folder, const std::string& outlet,
                               Instant now)
{
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    if (error) {
        return fail(Errc::Busy, folder.string() + ": " + error.message());
    }
    // The certificate is written last: with it the authority is there.
    if (std::filesystem::exists(folder / "authority.pem", error)) {
        return fail(Errc::Conflict, folder.string() + ": there is an authority already");
    }
    const KeyHandle key(EVP_EC_gen("P-256"));
    const auto certificate = make({authorityName(outlet),
                                   key.get(),
                                   now - kEarlier,
                                   now + kAuthorityLife,
                                   {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                                    {NID_key_usage, "critical,keyCertSign,cRLSign"},
                                    {NID_subject_key_identifier, "hash"}}},
                                  nullptr, key.get());
    if (!certificate) {
        return broken("make the authority");
    }
    if (auto written = writePrivateFile(folder / "authority.key", keyPem(key.get())); !written) {
        return written;
    }
    return writePrivateFile(folder / "authority.pem", certificatePem(certificate.get()));
}

Result<std::unique_ptr<Authority>> Authority::open(const std::filesystem::path& folder,
                                                   const Clock& clock)
{
    std::unique_ptr<Authority> authority(new Authority(folder, clock));
    const auto secret = readPrivateFile(folder / "authority.key");
    auto pem = readPrivateFile(authority->certificateFile());
    if (!secret || !pem) {
        return tl::unexpected(secret ? pem.error() : secret.error());
    }
    const Bio memory(BIO_new_mem_buf(secret->data(), static_cast<int>(secret->size())));
    authority->m_key =
        KeyHandle(PEM_read_bio_PrivateKey(memory.get(), nullptr, noPassphrase, nullptr));
    auto certificate = readCertificate(*pem);
    if (!authority->m_key || !certificate ||
        X509_check_private_key(certificate.get(), authority->m_key.get()) != 1) {
        return broken(folder.string() + ": the authority");
    }
    authority->m_certificate = certificate.release();
    authority->m_pem = std::move(*pem);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    X509_digest(authority->m_certificate, EVP_sha256(), digest.data(), &size);
    const auto bytes = std::as_bytes(std::span(digest.data(), size));
    authority->m_fingerprint.assign(bytes.begin(), bytes.end());
    return authority;
}

Authority::~Authority()
{
    X509_free(m_certificate);
}

Result<queue::storage::TerminalCertificate> Authority::issue(const std::string& terminal,
                                                             std::string_view request)
{
    const auto key = requestedKey(request);
    if (!key) {
        return tl::unexpected(key.error());
    }
    const auto now = m_clock.now();
    const auto until = Instant(std::chrono::floor<std::chrono::seconds>(now + kTerminalLife));
    const auto certificate = make({terminal,
                                   key->get(),
                                   now - kEarlier,
                                   until,
                                   {{NID_basic_constraints, "critical,CA:FALSE"},
                                    {NID_key_usage, "critical,digitalSignature"},
                                    {NID_ext_key_usage, "clientAuth"},
                                    {NID_subject_key_identifier, "hash"},
                                    {NID_authority_key_identifier, "keyid"}},
                                   queue::terminalUri(terminal)},
                                  m_certificate, m_key.get());
    if (!certificate) {
        ERR_clear_error();
        return fail(Errc::Internal, "sign a terminal's certificate");
    }
    return queue::storage::TerminalCertificate{.serial = serialText(certificate.get()),
                                               .terminal = terminal,
                                               .pem = certificatePem(certificate.get()),
                                               .issued = now,
                                               .expires = until};
}

bool Authority::serverIsGood(const std::vector<std::string>& names) const
{
    const auto pem = readPrivateFile(serverFile());
    const auto certificate = pem ? readCertificate(*pem) : Certificate();
    if (!certificate || X509_verify(certificate.get(), m_key.get()) != 1) {
        return false;
    }
    auto end = seconds(m_clock.now() + kServerReserve);
    auto now = seconds(m_clock.now());
    const bool lasts = X509_cmp_time(X509_get0_notAfter(certificate.get()), &end) > 0 &&
                       X509_cmp_time(X509_get0_notBefore(certificate.get()), &now) < 0;
    return lasts && std::ranges::all_of(names, [&](const std::string& name) {
               return isAddress(name) ? X509_check_ip_asc(certificate.get(), name.c_str(), 0) == 1
                                      : X509_check_host(certificate.get(), name.data(), name.size(),
                                                        X509_CHECK_FLAG_NO_WILDCARDS, nullptr) == 1;
           });
}

Result<bool> Authority::renewServer(const std::vector<std::string>& names)
{
    const std::lock_guard lock(m_mutex);
    if (serverIsGood(names)) {
        ERR_clear_error();
        return false;
    }
    const auto now = m_clock.now();
    const KeyHandle key(EVP_EC_gen("P-256"));
    const auto certificate = make({"Guichet hub",
                                   key.get(),
                                   now - kEarlier,
                                   now + kServerLife,
                                   {{NID_basic_constraints, "critical,CA:FALSE"},
                                    {NID_key_usage, "critical,digitalSignature"},
                                    {NID_ext_key_usage, "serverAuth"},
                                    {NID_subject_key_identifier, "hash"},
                                    {NID_authority_key_identifier, "keyid"}},
                                   {},
                                   names},
                                  m_certificate, m_key.get());
    ERR_clear_error();
    if (!certificate) {
        return fail(Errc::Internal, "sign the hub's certificate");
    }
    auto written = writePrivateFile(serverFile(),
                                    certificatePem(certificate.get()) + m_pem + keyPem(key.get()));
    if (!written) {
        return tl::unexpected(written.error());
    }
    return true;
}

std::vector<std::string> usualServerNames()
{
    std::array<char, 256> host{};
    std::vector<std::string> names{"localhost", "127.0.0.1", "::1"};
    if (::gethostname(host.data(), host.size() - 1) == 0 && host.front() != '\0' &&
        std::string_view(host.data()) != "localhost") {
        names.insert(names.begin(), host.data());
    }
    return names;
}

} // namespace guichet::hub
