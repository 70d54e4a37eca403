// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Requests and responses as values, the same for the server and the client side.
namespace guichet::net {

/// Header fields in order; names are compared without regard to case.
class Headers {
public:
    using Field = std::pair<std::string, std::string>;

    Headers() = default;
    Headers(std::initializer_list<Field> fields)
        : m_fields(fields)
    {
    }

    /// Replaces every field of that name.
    void set(std::string_view name, std::string value);
    void add(std::string name, std::string value);
    /// The first value of that name; empty when absent.
    [[nodiscard]] std::string_view get(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const;
    [[nodiscard]] std::size_t count(std::string_view name) const;
    [[nodiscard]] auto begin() const { return m_fields.begin(); }
    [[nodiscard]] auto end() const { return m_fields.end(); }
    [[nodiscard]] std::size_t size() const { return m_fields.size(); }

private:
    std::vector<Field> m_fields;
};

/// What a server knows of a caller's certificate, whose chain to the server's authority is
/// verified.
struct PeerCertificate {
    std::string serial;            ///< upper-case hexadecimal
    std::vector<std::string> uris; ///< of its subjectAltName
};

struct Request {
    std::string method = "GET";
    std::string path = "/";                        ///< percent-decoded, without the query
    std::map<std::string, std::string> query = {}; ///< decoded; the last of equal names counts
    Headers headers = {};
    std::string body = {};

    // Filled in by the server.
    std::string peer = {}; ///< numeric address of the caller
    std::uint16_t peerPort = 0;
    std::map<std::string, std::string> params = {};         ///< what `{id}` of the route stood for
    std::optional<std::string> peerCertificateSubject = {}; ///< RFC 2253, only of a verified one
    std::optional<PeerCertificate> peerCertificate = {};

    [[nodiscard]] std::string_view header(std::string_view name) const { return headers.get(name); }
    /// Empty when the route has no such capture.
    [[nodiscard]] std::string_view param(const std::string& name) const;
    /// Empty when absent.
    [[nodiscard]] std::string_view queryValue(const std::string& name) const;
};

struct Response {
    int status = 200;
    std::string contentType = "application/json"; ///< sent only with a body
    Headers headers = {};
    std::string body = {};

    [[nodiscard]] std::string_view header(std::string_view name) const { return headers.get(name); }
};

[[nodiscard]] Response json(int status, std::string text);

/// One offending field of a request: its name or JSON pointer, and why, for the caller's developer.
struct FieldProblem {
    std::string field;
    std::string reason;
};

/// RFC 9457 problem with type, title, status, detail, code, retryable and fields. `code` is stable,
/// lower case with dashes. Neither detail nor fields may carry personal data: name the field, not
/// its value. `retryable` is by default derived from the status (408, 425, 429, 502, 503, 504).
[[nodiscard]] Response problem(int status, std::string_view code, std::string_view detail,
                               const std::vector<FieldProblem>& fields = {},
                               std::optional<bool> retryable = {});

/// "Not Found" for 404; "Unknown" for what RFC 9110 does not name.
[[nodiscard]] std::string_view reasonPhrase(int status);

/// The token of `Authorization: Bearer`; empty when there is none.
[[nodiscard]] std::string_view bearerToken(const Request& request);

/// True if one of the entity tags of If-None-Match is `etag` (weak comparison) or `*`.
[[nodiscard]] bool matchesNone(const Request& request, std::string_view etag);

/// Compares without an early way out, for tokens.
[[nodiscard]] bool equalSecrets(std::string_view left, std::string_view right);

} // namespace guichet::net
