// SPDX-License-Identifier: Apache-2.0
#include "queue/client/terminal_identity.h"

#include <algorithm>
#include <array>
#include <map>
#include <sstream>

#include <nlohmann/json.hpp>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "peripherals/base/private_file.h"
#include "peripherals/base/secret.h"
#include "peripherals/base/unique_handle.h"
#include "peripherals/net/client.h"
#include "peripherals/net/presented_chain.h"
#include "queue/domain/enrol_code.h"

namespace guichet::queue {
namespace {

using Key = UniqueHandle<EVP_PKEY*, EVP_PKEY_free>;
using Certificate = UniqueHandle<X509*, X509_free>;
using Bio = UniqueHandle<BIO*, BIO_free_all>;

constexpr std::chrono::seconds kPatience{10};
constexpr std::chrono::seconds kDeadline{30};
constexpr auto kFile = "terminal.pem";
constexpr auto kPending = "terminal.pending"; ///< key and request of an enrolment under way
constexpr auto kPinned = "authority.pending"; ///< the hub's authority, by the code's fingerprint
constexpr std::size_t kLongest = 64 * 1024;
constexpr std::string_view kRequestBegin = "-----BEGIN CERTIFICATE REQUEST-----";

std::string textOf(BIO* memory)
{
    char* text = nullptr;
    const auto size = BIO_get_mem_data(memory, &text);
    return {text, static_cast<std::size_t>(size)};
}

/// OpenSSL would ask at the terminal.
int noPassphrase(char* /*into*/, int /*size*/, int /*writing*/, void* /*data*/)
{
    return 0;
}

Bio reading(std::string_view text)
{
    return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// What is signed is the key alone; the name is the hub's to give.
std::string keyAndRequest()
{
    const Key key(EVP_EC_gen("P-256"));
    const UniqueHandle<X509_REQ*, X509_REQ_free> request(X509_REQ_new());
    X509_REQ_set_version(request.get(), X509_REQ_VERSION_1);
    X509_REQ_set_pubkey(request.get(), key.get());
    X509_REQ_sign(request.get(), key.get(), EVP_sha256());
    const Bio memory(BIO_new(BIO_s_secmem()));
    PEM_write_bio_PKCS8PrivateKey(memory.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    PEM_write_bio_X509_REQ(memory.get(), request.get());
    return textOf(memory.get());
}

/// Made now, or by an earlier attempt that was cut short: the hub knows that one by its request.
Result<Secret<std::string>> pendingKey(const std::filesystem::path& file)
{
    auto kept = readPrivateFile(file);
    if (kept && kept->find(kRequestBegin) != std::string::npos) {
        const Key key(
            PEM_read_bio_PrivateKey(reading(*kept).get(), nullptr, noPassphrase, nullptr));
        if (key) {
            return Secret<std::string>(std::move(*kept));
        }
    }
    ERR_clear_error();
    auto fresh = keyAndRequest();
    if (auto written = writePrivateFile(file, fresh); !written) {
        return tl::unexpected(written.error());
    }
    return Secret<std::string>(std::move(fresh));
}

std::string_view requestIn(const Secret<std::string>& pending)
{
    const std::string_view text = pending.reveal();
    return text.substr(text.find(kRequestBegin));
}

std::string_view keyIn(const Secret<std::string>& pending)
{
    const std::string_view text = pending.reveal();
    return text.substr(0, text.find(kRequestBegin));
}

std::string sha256(ByteView bytes)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
    return {reinterpret_cast<const char*>(digest.data()), size};
}

/// The authority among what the hub presents whose fingerprint begins as the code says, as PEM.
Result<std::string> authorityOf(const std::string& hub, const EnrolCode& code)
{
    const auto chain = net::presentedChain(hub, kPatience);
    if (!chain) {
        return tl::unexpected(chain.error());
    }
    const auto wanted = asText(code.authority);
    const auto found = std::ranges::find_if(
        *chain, [&](const Bytes& der) { return sha256(der).starts_with(wanted); });
    if (found == chain->end()) {
        return fail(Errc::Denied, "this is not the hub that gave the code; nothing was sent to it");
    }
    const auto* at = reinterpret_cast<const unsigned char*>(found->data());
    const Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(found->size())));
    const Bio memory(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(memory.get(), certificate.get());
    return textOf(memory.get());
}

Error enrolmentRefusal(const net::Response& response)
{
    const auto document = nlohmann::json::parse(response.body, nullptr, false);
    const auto code = document.is_object() ? document.value("code", "") : "";
    const auto detail = "hub: " + std::to_string(response.status) + " " + code;
    if (response.status == 429 || response.status == 503) {
        return {Errc::Busy, Remedy::Wait, detail};
    }
    if (response.status == 401 || response.status == 403 || response.status == 409) {
        return {Errc::Denied, Remedy::CallStaff, detail};
    }
    return {Errc::Protocol, Remedy::CallStaff, detail};
}

struct Given {
    std::string certificate;
    std::string authority;
    std::string branch;
    std::string renewAfter;
};

Result<Given> given(const Result<net::Response>& response)
{
    if (!response) {
        return tl::unexpected(response.error());
    }
    if (response->status != 201) {
        return tl::unexpected(enrolmentRefusal(*response));
    }
    const auto document = nlohmann::json::parse(response->body, nullptr, false);
    Given result;
    const std::pair<const char*, std::string*> members[]{{"certificate", &result.certificate},
                                                         {"authority", &result.authority},
                                                         {"branch", &result.branch},
                                                         {"renewAfter", &result.renewAfter}};
    for (const auto& [name, target] : members) {
        if (!document.is_object() || !document.contains(name) || !document.at(name).is_string()) {
            return fail(Errc::Protocol, std::string("hub: the answer has no ") + name);
        }
        *target = document.at(name).get<std::string>();
    }
    if ((result.branch + result.renewAfter).find('\n') != std::string::npos ||
        response->body.size() > kLongest / 2) {
        return fail(Errc::Protocol, "hub: the answer is not understood");
    }
    return result;
}

/// Checks the whole before it replaces what is there.
Result<TerminalIdentity> keep(const std::filesystem::path& folder, const std::string& hub,
                              const Given& answer, std::string_view key)
{
    std::string whole;
    whole.reserve(kLongest); // no copy of the key is left behind
    whole += "Hub: " + hub + "\nBranch: " + answer.branch + "\nRenew-After: " + answer.renewAfter +
             "\n" + answer.certificate + answer.authority;
    whole += key;
    const Secret<std::string> text(std::move(whole));
    auto identity = parseIdentity(text.reveal());
    if (!identity) {
        return fail(std::move(identity).error(), "the hub's answer");
    }
    identity->file = folder / kFile;
    if (auto written = writePrivateFile(identity->file, text.reveal()); !written) {
        return tl::unexpected(written.error());
    }
    return identity;
}

Result<net::Response> post(const std::string& hub, net::ClientTls tls, const std::string& path,
                           const nlohmann::json& body, const std::string& key)
{
    const auto client = net::Client::open({.baseUrl = hub, .tls = std::move(tls)});
    if (!client) {
        return tl::unexpected(client.error());
    }
    net::Request request{.method = "POST", .path = path, .body = body.dump()};
    request.headers.set("Content-Type", "application/json");
    if (key.empty()) {
        return (*client)->send(request, kPatience);
    }
    request.headers.set("Idempotency-Key", key);
    return (*client)->sendIdempotent(std::move(request), kPatience, kDeadline);
}

/// The leading "Name: value" lines.
std::map<std::string, std::string, std::less<>> notes(std::string_view text)
{
    std::map<std::string, std::string, std::less<>> result;
    std::istringstream lines{std::string(text.substr(0, text.find("-----BEGIN")))};
    for (std::string line; std::getline(lines, line);) {
        if (const auto colon = line.find(": "); colon != std::string::npos) {
            result[line.substr(0, colon)] = line.substr(colon + 2);
        }
    }
    return result;
}

std::string terminalIn(X509* certificate)
{
    const UniqueHandle<GENERAL_NAMES*, GENERAL_NAMES_free> names(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    const auto prefix = terminalUri({});
    for (int at = 0; names && at < sk_GENERAL_NAME_num(names.get()); ++at) {
        int kind = 0;
        const auto* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), at), &kind);
        if (kind != GEN_URI) {
            continue;
        }
        const auto* uri = static_cast<const ASN1_IA5STRING*>(value);
        const std::string_view text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                                    static_cast<std::size_t>(ASN1_STRING_length(uri)));
        if (text.starts_with(prefix) && isTerminalName(text.substr(prefix.size()))) {
            return std::string(text.substr(prefix.size()));
        }
    }
    return {};
}

std::optional<Instant> endOf(const X509* certificate)
{
    std::tm broken{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &broken) != 1) {
        return std::nullopt;
    }
    return Instant(std::chrono::seconds(::timegm(&broken)));
}

} // namespace

Result<TerminalIdentity> parseIdentity(std::string_view text)
{
    const auto refused = [](const char* what) {
        ERR_clear_error();
        return fail(Errc::Invalid, std::string("a terminal's identity: ") + what);
    };
    if (text.size() > kLongest) {
        return refused("too large");
    }
    const auto certificates = reading(text);
    const Certificate own(PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr));
    const Certificate authority(PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr));
    const Key key(PEM_read_bio_PrivateKey(reading(text).get(), nullptr, noPassphrase, nullptr));
    if (!own || !authority || !key) {
        return refused("key, certificate or authority is missing");
    }
    const Key signer(X509_get_pubkey(authority.get()));
    if (X509_check_private_key(own.get(), key.get()) != 1 || !signer ||
        X509_verify(own.get(), signer.get()) != 1) {
        return refused("key, certificate and authority do not fit together");
    }
    TerminalIdentity identity;
    identity.name = terminalIn(own.get());
    const auto said = notes(text);
    const auto value = [&](std::string_view name) {
        const auto found = said.find(name);
        return found == said.end() ? std::string() : found->second;
    };
    identity.hub = value("Hub");
    identity.branch = value("Branch");
    const auto renewAfter = fromRfc3339(value("Renew-After"));
    const auto expires = endOf(own.get());
    if (identity.name.empty() || identity.hub.empty() || identity.branch.empty() || !renewAfter ||
        !expires) {
        return refused("name, hub, branch or a time is missing");
    }
    identity.renewAfter = *renewAfter;
    identity.expires = *expires;
    ERR_clear_error();
    return identity;
}

Result<TerminalIdentity> loadIdentity(const std::filesystem::path& folder)
{
    auto text = readPrivateFile(folder / kFile);
    if (!text) {
        return tl::unexpected(text.error());
    }
    const Secret<std::string> kept(std::move(*text));
    auto identity = parseIdentity(kept.reveal());
    if (!identity) {
        return fail(std::move(identity).error(), (folder / kFile).string());
    }
    identity->file = folder / kFile;
    return identity;
}

Result<TerminalIdentity> enrolTerminal(const std::filesystem::path& folder, const std::string& hub,
                                       const std::string& code)
{
    const auto parsed = parseEnrolCode(code);
    if (!parsed) {
        return tl::unexpected(parsed.error());
    }
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        return fail(Errc::Busy, folder.string() + ": " + error.message());
    }
    const auto authority = authorityOf(hub, *parsed);
    if (!authority) {
        return tl::unexpected(authority.error());
    }
    if (auto written = writePrivateFile(folder / kPinned, *authority); !written) {
        return tl::unexpected(written.error());
    }
    const auto pending = pendingKey(folder / kPending);
    if (!pending) {
        return tl::unexpected(pending.error());
    }
    const auto request = std::string(requestIn(*pending));
    // The key is the same for the same request only: an answer that was lost comes again.
    const auto key = sha256(asBytes(request));
    auto answer =
        given(post(hub, {.caFile = folder / kPinned}, "/v1/enrolments",
                   {{"code", enrolCodeText(*parsed)}, {"request", request}}, toHex(asBytes(key))));
    if (!answer) {
        if (answer.error().code == Errc::Denied) { // another code wants another key
            std::filesystem::remove(folder / kPending, error);
        }
        return tl::unexpected(answer.error());
    }
    answer->authority = *authority; // the one that the code vouches for
    auto identity = keep(folder, hub, *answer, keyIn(*pending));
    if (identity) {
        std::filesystem::remove(folder / kPending, error);
        std::filesystem::remove(folder / kPinned, error);
    }
    return identity;
}

Result<TerminalIdentity> renewIdentity(const std::filesystem::path& folder)
{
    const auto present = loadIdentity(folder);
    if (!present) {
        return tl::unexpected(present.error());
    }
    const Secret<std::string> fresh(keyAndRequest());
    const auto file = present->file.string();
    auto answer =
        given(post(present->hub, {.caFile = file, .certificateFile = file, .keyFile = file},
                   "/v1/enrolments/renew", {{"request", requestIn(fresh)}}, {}));
    if (!answer) {
        return tl::unexpected(answer.error());
    }
    return keep(folder, present->hub, *answer, keyIn(fresh));
}

} // namespace guichet::queue
