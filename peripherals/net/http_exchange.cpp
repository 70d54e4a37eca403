// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/http_exchange.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <spdlog/spdlog.h>

namespace guichet::net {
namespace {

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

/// For the log: what a stranger sent must not be able to forge a line.
std::string printable(std::string_view sent)
{
    std::string text(sent.substr(0, 32));
    std::replace_if(
        text.begin(), text.end(), [](char letter) { return letter <= 0x20 || letter >= 0x7f; },
        '?');
    return text;
}

} // namespace

HttpExchange::HttpExchange(Server& server, Peer peer, Connection& connection,
                           Deadlines::Place& deadline)
    : m_server(server)
    , m_peer(peer)
    , m_connection(connection)
    , m_deadline(deadline)
    , m_caller{.socket = connection.transport().fd()}
{
}

Next HttpExchange::step()
{
    switch (m_phase) {
    case Phase::Head:
        return stepHead();
    case Phase::Body:
        return stepBody();
    case Phase::Handling:
        return Next::Wait;
    case Phase::Writing:
        return stepWriting();
    }
    return Next::Close;
}

bool HttpExchange::expire(Deadline kind)
{
    if (kind == Deadline::Header && !m_connection.in().empty()) {
        refuse(problem(408, "header-timeout", "the request's head came too slowly",
                       {{"header fields", "did not end in time"}}),
               false);
        return true;
    }
    if (kind == Deadline::Body) {
        refuse(problem(408, "body-timeout", "the request's body came too slowly",
                       {{"body", "did not end in time"}}),
               false);
        return true;
    }
    return false;
}

Next HttpExchange::stepHead()
{
    auto& in = m_connection.in();
    std::size_t blank = 0;
    while (std::string_view(in).substr(blank).starts_with("\r\n")) {
        blank += 2;
    }
    if (blank > 0) {
        in.erase(0, blank);
        m_scanned = 0;
    }
    if (!in.empty() && m_deadline.armed() != Deadline::Header) {
        m_deadline.arm(Deadline::Header);
    }
    const auto end = in.find("\r\n\r\n", m_scanned);
    if (end != std::string::npos && end + 4 <= m_server.maxHeader) {
        return takeHead(end + 4);
    }
    m_scanned = in.size() < 3 ? 0 : in.size() - 3;
    if (in.size() > m_server.maxHeader) {
        refuse(problem(431, "head-too-large", "the request's head is too large",
                       {{"header fields", "are too large"}}),
               false);
        return Next::Again;
    }
    return readOn();
}

Next HttpExchange::takeHead(std::size_t size)
{
    ++m_server.requests;
    auto& in = m_connection.in();
    auto parsed = parseRequestHead(std::string_view(in).substr(0, size));
    in.erase(0, size);
    m_scanned = 0;
    if (!parsed) {
        const auto& refusal = parsed.error();
        refuse(problem(refusal.status, refusal.code, refusal.detail,
                       {{std::string(refusal.field), std::string(refusal.detail)}}),
               false);
        return Next::Again;
    }
    m_head = std::move(*parsed);
    auto& request = m_head.request;
    m_keepAlive = m_head.keepAlive;
    m_withBody = request.method != "HEAD";
    request.peer = m_peer.address;
    request.peerPort = m_peer.port;
    request.peerCertificateSubject = m_connection.transport().peerSubject();
    request.peerCertificate = m_connection.transport().peerCertificate();
    const bool hasBody = m_head.chunked || m_head.contentLength > 0;
    const auto verdict = m_server.gatekeeper.check(m_head, m_caller);
    m_route = verdict.route;
    if (verdict.refusal) {
        refuse(*verdict.refusal, m_keepAlive && !hasBody);
        return Next::Again;
    }
    if (!hasBody) {
        return handle();
    }
    if (m_head.expectContinue && in.empty()) {
        m_connection.send(std::string(kContinue));
    }
    if (m_head.chunked) {
        m_chunks.emplace(m_route->options.maxBody);
    }
    m_phase = Phase::Body;
    m_deadline.arm(Deadline::Body);
    return Next::Again;
}

Next HttpExchange::stepBody()
{
    if (m_chunks) {
        return takeChunks();
    }
    auto& in = m_connection.in();
    const auto length = m_head.contentLength;
    if (in.size() < length) {
        return readOn();
    }
    auto& body = m_head.request.body;
    if (in.size() == length) {
        body = std::exchange(in, {});
    } else {
        body = in.substr(0, length);
        in.erase(0, length);
    }
    return handle();
}

Next HttpExchange::takeChunks()
{
    auto& in = m_connection.in();
    const auto used = m_chunks->feed(in, m_head.request.body);
    if (!used) {
        m_chunks.reset();
        refuse(used.error().code == Errc::Unsupported
                   ? bodyTooLarge()
                   : problem(400, "bad-chunk", "the chunked body is malformed",
                             {{"body", "has a malformed chunk"}}),
               false);
        return Next::Again;
    }
    in.erase(0, *used);
    if (!m_chunks->done()) {
        return readOn();
    }
    m_chunks.reset();
    return handle();
}

Next HttpExchange::readOn()
{
    if (m_connection.fill()) {
        return Next::Again;
    }
    return m_connection.ended() ? Next::Close : Next::Wait;
}

Next HttpExchange::handle()
{
    m_phase = Phase::Handling;
    m_deadline.disarm();
    return Next::Handle;
}

std::shared_ptr<const Request> HttpExchange::takeRequest()
{
    auto method = m_head.request.method;
    auto request = std::make_shared<const Request>(std::move(m_head.request));
    m_head.request = {.method = std::move(method)};
    return request;
}

void HttpExchange::answer(const Response& response)
{
    if (response.status >= 400) {
        noteRefusal(response.status);
    }
    respond(response);
}

void HttpExchange::refuseBusy()
{
    auto response = problem(503, "busy", "the server has too much to do");
    response.headers.set("Retry-After", "1");
    refuse(response, m_keepAlive);
}

void HttpExchange::refuse(const Response& response, bool keepAlive)
{
    m_keepAlive = keepAlive;
    noteRefusal(response.status);
    respond(response);
}

void HttpExchange::respond(const Response& response)
{
    m_connection.send(encodeResponse(response, m_keepAlive, m_withBody));
    m_phase = Phase::Writing;
    m_deadline.arm(Deadline::Write);
}

Next HttpExchange::stepWriting()
{
    if (m_connection.pending() > 0) {
        return Next::Wait;
    }
    if (!m_keepAlive) {
        return Next::Linger;
    }
    m_phase = Phase::Head;
    m_head = {};
    m_route = nullptr;
    m_withBody = true;
    m_deadline.arm(m_connection.in().empty() ? Deadline::Idle : Deadline::Header);
    m_connection.trimIn();
    return Next::Again;
}

void HttpExchange::noteRefusal(int status)
{
    ++m_server.refused;
    if (m_route != nullptr && !m_route->options.log) {
        return;
    }
    // A path without a route may be a mistyped address with a token in it, so it stays unsaid.
    spdlog::info("net: refused {} {} {} {}", printable(m_head.request.method),
                 m_route != nullptr ? m_route->pattern : "(no route)", status, m_peer.address);
}

} // namespace guichet::net
