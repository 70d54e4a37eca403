// SPDX-License-Identifier: Apache-2.0
#include "drivers/ipp/http_link.h"

#include <algorithm>
#include <array>
#include <utility>

#include <cups/http.h>
#include <fmt/format.h>
#include <unistd.h>

#include "drivers/ipp/ipp_message.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::ipp {
namespace {

using Milliseconds = std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr auto kConnectTimeout = 3s;
constexpr double kLookAround = 0.1; ///< seconds between two looks at clock and stop while waiting
constexpr std::size_t kPiece = 32 * 1024;

using HttpHandle = UniqueHandle<http_t*, httpClose, nullptr>;

} // namespace

struct HttpLink::Place {
    std::string uri, host, resource;
    int port = 0;
    bool tls = false;
};

/// One connection, and one exchange on it.
class HttpLink::Connection {
public:
    [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const Place& place,
                                                                  const Clock& clock);

    /// False if the other side has closed it meanwhile.
    [[nodiscard]] bool alive() const { return httpWait(m_http.get(), 0) == 0; }

    [[nodiscard]] Result<Bytes> exchange(ByteView request, Outgoing* document, Milliseconds timeout,
                                         const std::stop_token& stop);

private:
    explicit Connection(const Place& place, const Clock& clock)
        : m_place(place)
        , m_clock(clock)
    {
    }
    [[nodiscard]] bool mayWait() const
    {
        return !m_stop.stop_requested() && m_clock.ticks() < m_end;
    }
    static int onIdle(http_t*, void* self) { return static_cast<Connection*>(self)->mayWait(); }
    [[nodiscard]] tl::unexpected<Error> broken(std::string_view step) const;
    [[nodiscard]] Result<void> send(ByteView bytes);
    [[nodiscard]] Result<void> sendDocument(Outgoing& document, Milliseconds timeout);
    [[nodiscard]] Result<void> awaitStatus();
    [[nodiscard]] Result<Bytes> readBody();

    const Place& m_place;
    const Clock& m_clock;
    HttpHandle m_http;
    std::stop_token m_stop;
    Ticks m_end{};
};

Result<std::unique_ptr<HttpLink::Connection>> HttpLink::Connection::open(const Place& place,
                                                                         const Clock& clock)
{
    std::unique_ptr<Connection> connection(new Connection(place, clock));
    const auto encryption = place.tls ? HTTP_ENCRYPTION_ALWAYS : HTTP_ENCRYPTION_IF_REQUESTED;
    const int limit = static_cast<int>(Milliseconds(kConnectTimeout).count());
    connection->m_http.reset(httpConnect2(place.host.c_str(), place.port, nullptr, AF_UNSPEC,
                                          encryption, 1, limit, nullptr));
    if (!connection->m_http) {
        return fail(Errc::Disconnected,
                    fmt::format("{}: no connection in {} ms: is the printer on, and its cable in?",
                                place.uri, limit),
                    Remedy::ReconnectCable);
    }
    httpSetTimeout(connection->m_http.get(), kLookAround, onIdle, connection.get());
    return connection;
}

tl::unexpected<Error> HttpLink::Connection::broken(std::string_view step) const
{
    if (m_stop.stop_requested()) {
        return fail(Errc::Cancelled, fmt::format("{}: stopped while {}", m_place.uri, step));
    }
    return m_clock.ticks() >= m_end
               ? fail(Errc::Timeout, fmt::format("{}: time is up while {}", m_place.uri, step),
                      Remedy::ReconnectCable)
               : fail(Errc::Disconnected,
                      fmt::format("{}: connection lost while {}", m_place.uri, step),
                      Remedy::ReconnectCable);
}

Result<void> HttpLink::Connection::send(ByteView bytes)
{
    while (!bytes.empty()) {
        const auto count = httpWrite2(m_http.get(), reinterpret_cast<const char*>(bytes.data()),
                                      std::min(bytes.size(), kPiece));
        if (count <= 0 || !mayWait()) {
            return broken("sending");
        }
        bytes = bytes.subspan(std::min(static_cast<std::size_t>(count), bytes.size()));
    }
    return {};
}

Result<void> HttpLink::Connection::sendDocument(Outgoing& document, Milliseconds timeout)
{
    std::array<std::byte, kPiece> piece{};
    while (document.sent < document.size) {
        const auto want = std::min<std::uint64_t>(piece.size(), document.size - document.sent);
        const auto got = ::pread(document.fd, piece.data(), static_cast<std::size_t>(want),
                                 static_cast<off_t>(document.sent));
        if (got <= 0) {
            return fail(Errc::Invalid, fmt::format("the document ends after {} bytes, want {}",
                                                   document.sent, document.size));
        }
        m_end = m_clock.ticks() + timeout;
        document.sent += static_cast<std::uint64_t>(got); // may leave from here on
        if (auto sent = send(ByteView(piece).first(static_cast<std::size_t>(got))); !sent) {
            return sent;
        }
        if (httpWait(m_http.get(), 0) != 0) {
            return {}; // answers early: it has heard enough
        }
    }
    return {};
}

Result<void> HttpLink::Connection::awaitStatus()
{
    http_status_t status = HTTP_STATUS_CONTINUE;
    while (status == HTTP_STATUS_CONTINUE) {
        if (!mayWait()) {
            return broken("waiting for an answer");
        }
        status = httpUpdate(m_http.get());
    }
    const auto refuse = [&](Errc code, Remedy remedy, std::string_view what) {
        return fail(
            code,
            fmt::format("{}: HTTP status {}: {}", m_place.uri, static_cast<int>(status), what),
            remedy);
    };
    switch (status) {
    case HTTP_STATUS_OK:
        break;
    case HTTP_STATUS_ERROR:
        return broken("waiting for an answer");
    case HTTP_STATUS_UNAUTHORIZED:
    case HTTP_STATUS_FORBIDDEN:
        return refuse(Errc::Denied, Remedy::CallStaff, "allow this terminal at the printer");
    case HTTP_STATUS_NOT_FOUND:
        return refuse(Errc::NotFound, Remedy::CallStaff,
                      "no printer at this path; most have /ipp/print");
    case HTTP_STATUS_UPGRADE_REQUIRED:
        return refuse(Errc::Unsupported, Remedy::CallStaff, "it wants TLS: configure ipps://");
    case HTTP_STATUS_SERVICE_UNAVAILABLE:
        return refuse(Errc::Busy, Remedy::Wait, "busy");
    default:
        return refuse(Errc::Protocol, Remedy::CallStaff, "want 200");
    }
    const std::string_view type = httpGetField(m_http.get(), HTTP_FIELD_CONTENT_TYPE);
    if (!type.starts_with("application/ipp")) {
        return fail(Errc::Protocol,
                    fmt::format("{}: answers {}, want application/ipp: no IPP printer", m_place.uri,
                                type.empty() ? "no content type" : type.substr(0, 60)),
                    Remedy::CallStaff);
    }
    return {};
}

Result<Bytes> HttpLink::Connection::readBody()
{
    Bytes body;
    std::array<char, kPiece> piece{};
    for (;;) {
        const auto got = httpRead2(m_http.get(), piece.data(), piece.size());
        if (got == 0) {
            return body;
        }
        if (got < 0 || !mayWait()) {
            return broken("reading an answer");
        }
        const auto bytes = std::as_bytes(std::span(piece.data(), static_cast<std::size_t>(got)));
        body.insert(body.end(), bytes.begin(), bytes.end());
        if (body.size() > kLongestAnswer) {
            return fail(
                Errc::Protocol,
                fmt::format("{}: an answer of more than {} bytes", m_place.uri, kLongestAnswer),
                Remedy::CallStaff);
        }
    }
}

Result<Bytes> HttpLink::Connection::exchange(ByteView request, Outgoing* document,
                                             Milliseconds timeout, const std::stop_token& stop)
{
    m_stop = stop;
    m_end = m_clock.ticks() + timeout;
    auto* http = m_http.get();
    httpClearFields(http);
    httpSetField(http, HTTP_FIELD_CONTENT_TYPE, "application/ipp");
    httpSetLength(http, request.size() + static_cast<std::size_t>(document ? document->size : 0));
    if (httpPost(http, m_place.resource.c_str()) != 0) {
        return broken("asking");
    }
    auto sent = send(request);
    if (sent && document) {
        sent = sendDocument(*document, timeout);
    }
    if (sent && httpFlushWrite(http) < 0) {
        sent = broken("sending");
    }
    if (!sent) {
        return tl::unexpected(sent.error());
    }
    m_end = m_clock.ticks() + timeout;
    return awaitStatus().and_then([this] { return readBody(); });
}

Result<std::unique_ptr<HttpLink>> HttpLink::open(const std::string& uri, const Clock& clock)
{
    std::array<char, 32> scheme{};
    std::array<char, 256> user{}, host{};
    std::array<char, 1024> resource{};
    Place place{.uri = uri};
    const auto split = httpSeparateURI(
        HTTP_URI_CODING_ALL, uri.c_str(), scheme.data(), static_cast<int>(scheme.size()),
        user.data(), static_cast<int>(user.size()), host.data(), static_cast<int>(host.size()),
        &place.port, resource.data(), static_cast<int>(resource.size()));
    const std::string_view kind = scheme.data();
    if (split < HTTP_URI_STATUS_OK || (kind != "ipp" && kind != "ipps") || user[0] != '\0' ||
        host[0] == '\0') {
        return fail(
            Errc::Invalid,
            fmt::format("printer address \"{}\": want ipp://HOST[:PORT]/PATH or ipps://", uri),
            Remedy::CallStaff);
    }
    place.host = host.data();
    place.resource = resource.data();
    place.tls = kind == "ipps";
    return std::unique_ptr<HttpLink>(new HttpLink(std::move(place), clock));
}

HttpLink::HttpLink(Place place, const Clock& clock)
    : m_place(std::make_unique<Place>(std::move(place)))
    , m_clock(clock)
{
}

HttpLink::~HttpLink() = default;

Result<Bytes> HttpLink::exchange(ByteView request, Outgoing* document, Milliseconds timeout,
                                 const std::stop_token& stop)
{
    if (stop.stop_requested()) {
        return fail(Errc::Cancelled, m_place->uri + ": stopped before asking");
    }
    if (!m_connection || !m_connection->alive()) {
        m_connection.reset();
        auto opened = Connection::open(*m_place, m_clock);
        if (!opened) {
            return tl::unexpected(opened.error());
        }
        m_connection = std::move(*opened);
    }
    auto answer = m_connection->exchange(request, document, timeout, stop);
    if (!answer || (document && document->sent < document->size)) {
        m_connection.reset(); // in the middle of something
    }
    return answer;
}

} // namespace guichet::ipp
