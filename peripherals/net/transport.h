// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "peripherals/base/bytes.h"
#include "peripherals/base/error.h"
#include "peripherals/base/unique_handle.h"
#include "peripherals/net/http.h"

struct ssl_st;
struct ssl_ctx_st;
struct x509_st;

namespace guichet::net {

/// Certificates and rules for one side of TLS 1.2 or 1.3. Shared by the connections made with it.
class TlsContext {
public:
    struct Files {
        std::string certificate = {};
        std::string key = {};
        std::string authorities = {};
    };

    /// What a server asks of its callers' certificates.
    struct Callers {
        bool needCertificate = false;
        bool timesByHandler = false; ///< a certificate's validity in time is not checked here
    };

    /// Ignores SIGPIPE for the process: OpenSSL writes with write(2). Fails with Errc::Invalid.
    [[nodiscard]] static Result<std::shared_ptr<TlsContext>> server(const Files& files,
                                                                    const Callers& callers);
    [[nodiscard]] static Result<std::shared_ptr<TlsContext>> client(const Files& files);
    /// Believes nobody's certificate and nobody's word: only to look at what a server presents.
    [[nodiscard]] static std::shared_ptr<TlsContext> unverifiedClient();
    ~TlsContext();
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;

    [[nodiscard]] ssl_ctx_st* get() const { return m_context; }

private:
    explicit TlsContext(ssl_ctx_st* context)
        : m_context(context)
    {
    }
    ssl_ctx_st* m_context;
};

enum class Io { Done, WantRead, WantWrite, Closed };

struct Transferred {
    Io state = Io::Closed;
    std::size_t count = 0; ///< bytes, when Done
};

/// One connected, non-blocking stream socket, in the clear or in TLS. Thread-bound.
class Transport {
public:
    Transport() = default;
    explicit Transport(UniqueFd socket)
        : m_socket(std::move(socket))
    {
    }
    ~Transport();
    Transport(Transport&& other) noexcept;
    Transport& operator=(Transport&& other) noexcept;

    void startServerTls(const TlsContext& context);
    /// Checks the certificate against `host`, a name or a numeric address.
    void startClientTls(const TlsContext& context, const std::string& host);
    [[nodiscard]] bool secure() const { return m_ssl != nullptr; }
    /// Done at once without TLS.
    [[nodiscard]] Io handshake();
    [[nodiscard]] Transferred read(std::span<char> into);
    [[nodiscard]] Transferred write(std::string_view bytes);
    /// Tells the peer that nothing more follows.
    void finish();
    [[nodiscard]] int fd() const { return m_socket.get(); }
    /// RFC 2253 subject of the peer's verified certificate.
    [[nodiscard]] std::optional<std::string> peerSubject() const;
    [[nodiscard]] std::optional<PeerCertificate> peerCertificate() const;
    /// What the server presented, verified or not: DER, its own certificate first.
    [[nodiscard]] std::vector<Bytes> presentedChain() const;
    /// The certificate check failed, or TLS was refused by the peer.
    [[nodiscard]] bool denied() const { return m_denied; }

private:
    [[nodiscard]] Io after(int result);
    [[nodiscard]] x509_st* verifiedPeer() const;

    UniqueFd m_socket;
    ssl_st* m_ssl = nullptr;
    bool m_denied = false;
};

} // namespace guichet::net
