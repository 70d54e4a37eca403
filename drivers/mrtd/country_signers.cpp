// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/country_signers.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "drivers/mrtd/certificates.h"
#include "drivers/mrtd/cms_message.h"
#include "drivers/mrtd/tlv.h"

namespace guichet::mrtd {
namespace {

constexpr std::uintmax_t kMostFileBytes = 16 << 20;
constexpr std::size_t kMostFiles = 5'000;

bool endsIn(const std::filesystem::path& path, std::initializer_list<std::string_view> endings)
{
    return std::ranges::find(endings, path.extension().string()) != endings.end();
}

Result<Bytes> contents(const std::filesystem::path& path)
{
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error || size > kMostFileBytes) {
        return fail(Errc::Invalid, error ? error.message() : fmt::format("{} bytes", size));
    }
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto bytes = asBytes(text);
    return Bytes(bytes.begin(), bytes.end());
}

bool isSignedWithin(X509_STORE* store, X509_CRL* list)
{
    auto* certificates = X509_STORE_get1_all_certs(store);
    bool found = false;
    for (int i = 0; i < sk_X509_num(certificates) && !found; ++i) {
        const auto* certificate = sk_X509_value(certificates, i);
        found = X509_NAME_cmp(X509_get_subject_name(certificate), X509_CRL_get_issuer(list)) == 0 &&
                X509_CRL_verify(list, X509_get0_pubkey(certificate)) == 1;
    }
    sk_X509_pop_free(certificates, X509_free);
    ERR_clear_error();
    return found;
}

} // namespace

struct CountrySigners::Certificates {
    Store store{X509_STORE_new()};
};

CountrySigners::CountrySigners()
    : m_certificates(std::make_unique<Certificates>())
{
}
CountrySigners::~CountrySigners() = default;
CountrySigners::CountrySigners(CountrySigners&&) noexcept = default;
CountrySigners& CountrySigners::operator=(CountrySigners&&) noexcept = default;

x509_store_st* CountrySigners::store() const
{
    return m_certificates->store.get();
}

Result<void> CountrySigners::addCertificate(ByteView bytes)
{
    const auto certificate = parseCertificate(bytes);
    if (!certificate) {
        return fail(Errc::Invalid, "no certificate in DER or PEM");
    }
    if (X509_check_ca(certificate.get()) == 0) {
        return fail(Errc::Invalid, "no certificate of a country: it may not sign others");
    }
    if (X509_STORE_add_cert(store(), certificate.get()) != 1) {
        ERR_clear_error();
        return fail(Errc::Internal, "certificate refused by the library");
    }
    ++m_count;
    return {};
}

Result<void> CountrySigners::addRevocationList(ByteView bytes)
{
    const auto list = parseRevocationList(bytes);
    if (!list) {
        return fail(Errc::Invalid, "no list of withdrawn certificates in DER or PEM");
    }
    if (!isSignedWithin(store(), list.get())) {
        return fail(Errc::Denied,
                    "list of withdrawn certificates: no trusted certificate signed it");
    }
    if (X509_STORE_add_crl(store(), list.get()) != 1) {
        ERR_clear_error();
        return fail(Errc::Internal, "list of withdrawn certificates refused by the library");
    }
    return {};
}

Result<std::size_t> CountrySigners::addMasterList(ByteView bytes)
{
    const auto message = parseMessage(bytes);
    if (!message || !hasContentType(message.get(), kMasterListType)) {
        return fail(Errc::Invalid, "no master list");
    }
    const auto signedBy = verifySignature(message.get());
    if (signedBy.signature.verdict != Verdict::Passed || !signedBy.time) {
        return fail(Errc::Denied, "master list: " + signedBy.signature.reason);
    }
    const auto chain = verifyChain(store(), signedBy.signer, *signedBy.time);
    if (chain.check.verdict != Verdict::Passed) {
        return fail(Errc::Denied, "master list: " + chain.check.reason +
                                      "; put the certificate of its country beside it");
    }
    const auto list = valueAt(contentOf(message.get()), {0x30, 0x31});
    if (!list) {
        return fail(Errc::Invalid, "master list: " + list.error().detail);
    }
    std::size_t added = 0;
    for (auto rest = *list; !rest.empty();) {
        const auto header = parseHeader(rest);
        if (!header || header->total() > rest.size()) {
            return fail(Errc::Invalid, "master list: a certificate of wrong length");
        }
        added += addCertificate(rest.first(header->total())) ? 1U : 0U;
        rest = rest.subspan(header->total());
    }
    return added;
}

Result<CountrySigners> CountrySigners::load(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        files.push_back(entry->path());
    }
    if (error) {
        return fail(Errc::NotFound,
                    "country signing certificates: " + folder.string() + ": " + error.message());
    }
    if (files.size() > kMostFiles) {
        return fail(Errc::Invalid, fmt::format("country signing certificates: {} files in {}",
                                               files.size(), folder.string()));
    }
    std::ranges::sort(files);
    CountrySigners signers;
    const auto take = [&signers, &files](auto endings, auto add) {
        for (const auto& path : files) {
            if (!endsIn(path, endings)) {
                continue;
            }
            const auto added = contents(path).and_then(
                [&](const Bytes& bytes) -> Result<void> { return add(bytes); });
            if (!added) {
                signers.m_refused.push_back(path.filename().string() + ": " + added.error().detail);
            }
        }
    };
    using Endings = std::initializer_list<std::string_view>;
    take(Endings{".der", ".cer", ".crt", ".pem"},
         [&signers](const Bytes& bytes) { return signers.addCertificate(bytes); });
    take(Endings{".ml", ".mls"}, [&signers](const Bytes& bytes) {
        return signers.addMasterList(bytes).map([](std::size_t) {});
    });
    take(Endings{".crl"},
         [&signers](const Bytes& bytes) { return signers.addRevocationList(bytes); });
    return signers;
}

} // namespace guichet::mrtd
