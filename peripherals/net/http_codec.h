// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "peripherals/base/error.h"
#include "peripherals/net/http.h"

/// HTTP/1.1 as bytes: no socket, no clock. Strict where leniency lets requests be smuggled
/// (RFC 9112 sections 5.1, 6.3, 7.1): no bare LF, no folded fields, one plain Content-Length.
namespace guichet::net {

/// Why a request is refused before any handler sees it. The texts are literals.
struct Refusal {
    int status;
    std::string_view code;
    std::string_view detail;
    std::string_view field; ///< the part of the request that is wrong
};

struct RequestHead {
    Request request = {};
    bool keepAlive = true;
    bool expectContinue = false;
    bool chunked = false;
    std::size_t contentLength = 0;
};

/// `head` ends with its empty line.
[[nodiscard]] tl::expected<RequestHead, Refusal> parseRequestHead(std::string_view head);

enum class BodyEnd { None, Length, Chunked, Close };

struct ResponseHead {
    Response response = {};
    bool keepAlive = true;
    BodyEnd bodyEnd = BodyEnd::None;
    std::size_t contentLength = 0;
};

/// `method` is that of the request. Fails with Errc::Protocol.
[[nodiscard]] Result<ResponseHead> parseResponseHead(std::string_view head,
                                                     std::string_view method);

/// Takes a chunked body apart, however it arrives. Trailers are read and dropped.
class ChunkedBody {
public:
    explicit ChunkedBody(std::size_t maxBody)
        : m_maxBody(maxBody)
    {
    }

    /// Appends content to `body` and returns how much of `input` was used; what is left belongs
    /// after the body (done()) or is a part of a line. Fails with Protocol, or Unsupported when the
    /// body grows beyond the limit.
    [[nodiscard]] Result<std::size_t> feed(std::string_view input, std::string& body);
    [[nodiscard]] bool done() const { return m_state == State::Done; }

private:
    enum class State { Size, Data, DataEnd, Trailer, Done };

    [[nodiscard]] Result<void> readSize(std::string_view line, std::size_t soFar);

    std::size_t m_maxBody;
    State m_state = State::Size;
    std::size_t m_left = 0;
    std::size_t m_trailers = 0;
};

/// The bytes of a response. `withBody` false: of HEAD, the length is told and the body left out.
[[nodiscard]] std::string encodeResponse(const Response& response, bool keepAlive, bool withBody);
/// The bytes of a request; Host and Content-Length are added, path and query are percent-encoded.
/// Fails with Errc::Invalid when a field could not be told from the next one (line breaks).
[[nodiscard]] Result<std::string> encodeRequest(const Request& request, std::string_view host);

/// Decodes %XX, and `+` when asked to. Nothing on a malformed escape or a NUL.
[[nodiscard]] std::optional<std::string> percentDecode(std::string_view text, bool plusIsSpace);
[[nodiscard]] std::string percentEncode(std::string_view text, std::string_view alsoAllowed);

/// ASCII without regard to case.
[[nodiscard]] bool equalNames(std::string_view left, std::string_view right);
/// True if the comma-separated list contains the token, without regard to case.
[[nodiscard]] bool listContains(std::string_view list, std::string_view token);

struct Url {
    bool secure = false;
    std::string host;
    std::uint16_t port = 0;
    std::string path; ///< without a slash at the end; may be empty

    /// For the Host field: the port is left out when it is the scheme's own.
    [[nodiscard]] std::string authority() const;
};

/// http, https, ws or wss with host (name, IPv4 or [IPv6]), port and path. Fails with Invalid.
[[nodiscard]] Result<Url> parseUrl(std::string_view text);

} // namespace guichet::net
