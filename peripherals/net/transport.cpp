// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/transport.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

#include <arpa/inet.h>
#include <sys/socket.h>

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace guichet::net {
namespace {

constexpr std::size_t kMaxWrite = 256 * 1024;

std::string sslReason(std::string_view step)
{
    const char* reason = ERR_reason_error_string(ERR_get_error());
    ERR_clear_error();
    return std::string(step) + ": " + (reason != nullptr ? reason : "unknown");
}

Result<void> loadFiles(SSL_CTX* context, const TlsContext::Files& files)
{
    if (!files.certificate.empty() &&
        (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1 ||
         SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
         SSL_CTX_check_private_key(context) != 1)) {
        return fail(Errc::Invalid, sslReason("TLS certificate or key"));
    }
    if (!files.authorities.empty() &&
        SSL_CTX_load_verify_file(context, files.authorities.c_str()) != 1) {
        return fail(Errc::Invalid, sslReason("TLS authorities"));
    }
    return {};
}

std::string serialText(const X509* certificate)
{
    const UniqueHandle<BIGNUM*, BN_free> number(
        ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
    char* digits = BN_bn2hex(number.get());
    std::string text(digits != nullptr ? digits : "");
    OPENSSL_free(digits);
    return text;
}

SSL_CTX* newContext(const SSL_METHOD* method)
{
    std::signal(SIGPIPE, SIG_IGN);
    ERR_clear_error();
    auto* context = SSL_CTX_new(method);
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
    return context;
}

} // namespace

Result<std::shared_ptr<TlsContext>> TlsContext::server(const Files& files, const Callers& callers)
{
    std::shared_ptr<TlsContext> context(new TlsContext(newContext(TLS_server_method())));
    SSL_CTX_set_options(context->get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    if (files.certificate.empty()) {
        return fail(Errc::Invalid, "TLS: a server needs a certificate");
    }
    if (auto loaded = loadFiles(context->get(), files); !loaded) {
        return tl::make_unexpected(loaded.error());
    }
    if (!files.authorities.empty()) {
        SSL_CTX_set_verify(context->get(),
                           SSL_VERIFY_PEER |
                               (callers.needCertificate ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
                           nullptr);
        if (callers.timesByHandler) {
            X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context->get()),
                                        X509_V_FLAG_NO_CHECK_TIME);
        }
        constexpr unsigned char id[] = "guichet";
        SSL_CTX_set_session_id_context(context->get(), id, sizeof id - 1);
        SSL_CTX_set_client_CA_list(context->get(),
                                   SSL_load_client_CA_file(files.authorities.c_str()));
    } else if (callers.needCertificate) {
        return fail(Errc::Invalid, "TLS: client certificates need an authority");
    }
    return context;
}

Result<std::shared_ptr<TlsContext>> TlsContext::client(const Files& files)
{
    std::shared_ptr<TlsContext> context(new TlsContext(newContext(TLS_client_method())));
    SSL_CTX_set_verify(context->get(), SSL_VERIFY_PEER, nullptr);
    if (files.authorities.empty()) {
        SSL_CTX_set_default_verify_paths(context->get());
    }
    if (auto loaded = loadFiles(context->get(), files); !loaded) {
        return tl::make_unexpected(loaded.error());
    }
    return context;
}

std::shared_ptr<TlsContext> TlsContext::unverifiedClient()
{
    std::shared_ptr<TlsContext> context(new TlsContext(newContext(TLS_client_method())));
    SSL_CTX_set_verify(context->get(), SSL_VERIFY_NONE, nullptr);
    return context;
}

TlsContext::~TlsContext()
{
    SSL_CTX_free(m_context);
}

Transport::~Transport()
{
    SSL_free(m_ssl);
}

Transport::Transport(Transport&& other) noexcept
    : m_socket(std::move(other.m_socket))
    , m_ssl(std::exchange(other.m_ssl, nullptr))
    , m_denied(other.m_denied)
{
}

Transport& Transport::operator=(Transport&& other) noexcept
{
    std::swap(m_socket, other.m_socket);
    std::swap(m_ssl, other.m_ssl);
    m_denied = other.m_denied;
    return *this;
}

void Transport::startServerTls(const TlsContext& context)
{
    m_ssl = SSL_new(context.get());
    SSL_set_fd(m_ssl, fd());
    SSL_set_accept_state(m_ssl);
}

void Transport::startClientTls(const TlsContext& context, const std::string& host)
{
    m_ssl = SSL_new(context.get());
    SSL_set_fd(m_ssl, fd());
    SSL_set_connect_state(m_ssl);
    in6_addr address{};
    if (inet_pton(AF_INET, host.c_str(), &address) == 1 ||
        inet_pton(AF_INET6, host.c_str(), &address) == 1) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(m_ssl), host.c_str());
    } else {
        SSL_ctrl(m_ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                 const_cast<char*>(host.c_str())); // the macro for it casts the old way
        SSL_set1_host(m_ssl, host.c_str());
    }
}

Io Transport::after(int result)
{
    switch (SSL_get_error(m_ssl, result)) {
    case SSL_ERROR_WANT_READ:
        return Io::WantRead;
    case SSL_ERROR_WANT_WRITE:
        return Io::WantWrite;
    case SSL_ERROR_SSL:
        m_denied = true;
        [[fallthrough]];
    default:
        ERR_clear_error();
        return Io::Closed;
    }
}

Io Transport::handshake()
{
    if (m_ssl == nullptr) {
        return Io::Done;
    }
    ERR_clear_error();
    const int result = SSL_do_handshake(m_ssl);
    return result == 1 ? Io::Done : after(result);
}

Transferred Transport::read(std::span<char> into)
{
    if (m_ssl != nullptr) {
        ERR_clear_error();
        std::size_t count = 0;
        const int result = SSL_read_ex(m_ssl, into.data(), into.size(), &count);
        return result == 1 ? Transferred{Io::Done, count} : Transferred{after(result)};
    }
    for (;;) {
        const auto count = ::recv(fd(), into.data(), into.size(), 0);
        if (count > 0) {
            return {Io::Done, static_cast<std::size_t>(count)};
        }
        if (count < 0 && errno == EINTR) {
            continue;
        }
        const bool later = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
        return {later ? Io::WantRead : Io::Closed};
    }
}

Transferred Transport::write(std::string_view bytes)
{
    if (m_ssl != nullptr) {
        ERR_clear_error();
        std::size_t count = 0;
        const int result =
            SSL_write_ex(m_ssl, bytes.data(), std::min(bytes.size(), kMaxWrite), &count);
        return result == 1 ? Transferred{Io::Done, count} : Transferred{after(result)};
    }
    for (;;) {
        const auto count = ::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count >= 0) {
            return {Io::Done, static_cast<std::size_t>(count)};
        }
        if (errno == EINTR) {
            continue;
        }
        return {errno == EAGAIN || errno == EWOULDBLOCK ? Io::WantWrite : Io::Closed};
    }
}

void Transport::finish()
{
    if (m_ssl != nullptr && SSL_is_init_finished(m_ssl) == 1 && !m_denied) {
        ERR_clear_error();
        SSL_shutdown(m_ssl);
        ERR_clear_error();
    }
    ::shutdown(fd(), SHUT_WR);
}

X509* Transport::verifiedPeer() const
{
    const bool verified = m_ssl != nullptr && SSL_get_verify_result(m_ssl) == X509_V_OK;
    return verified ? SSL_get0_peer_certificate(m_ssl) : nullptr;
}

std::optional<PeerCertificate> Transport::peerCertificate() const
{
    auto* certificate = verifiedPeer();
    if (certificate == nullptr) {
        return std::nullopt;
    }
    PeerCertificate result{serialText(certificate), {}};
    const UniqueHandle<GENERAL_NAMES*, GENERAL_NAMES_free> names(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int at = 0; names && at < sk_GENERAL_NAME_num(names.get()); ++at) {
        int kind = 0;
        const auto* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), at), &kind);
        if (kind == GEN_URI) {
            const auto* text = static_cast<const ASN1_IA5STRING*>(value);
            const auto* bytes = reinterpret_cast<const char*>(ASN1_STRING_get0_data(text));
            result.uris.emplace_back(bytes, static_cast<std::size_t>(ASN1_STRING_length(text)));
        }
    }
    return result;
}

std::vector<Bytes> Transport::presentedChain() const
{
    std::vector<Bytes> result;
    const auto* chain = m_ssl != nullptr ? SSL_get_peer_cert_chain(m_ssl) : nullptr;
    for (int at = 0; chain != nullptr && at < sk_X509_num(chain); ++at) {
        unsigned char* der = nullptr;
        const int size = i2d_X509(sk_X509_value(chain, at), &der);
        if (size > 0) {
            const auto bytes = std::as_bytes(std::span(der, static_cast<std::size_t>(size)));
            result.emplace_back(bytes.begin(), bytes.end());
            OPENSSL_free(der);
        }
    }
    return result;
}

std::optional<std::string> Transport::peerSubject() const
{
    auto* certificate = verifiedPeer();
    if (certificate == nullptr) {
        return std::nullopt;
    }
    auto* memory = BIO_new(BIO_s_mem());
    X509_NAME_print_ex(memory, X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
    char* text = nullptr;
    const auto size = BIO_get_mem_data(memory, &text);
    std::string subject(text, static_cast<std::size_t>(size));
    BIO_free(memory);
    return subject;
}

} // namespace guichet::net
