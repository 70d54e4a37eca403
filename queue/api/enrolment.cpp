// SPDX-License-Identifier: Apache-2.0
#include "queue/api/enrolment.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "peripherals/net/idempotency.h"
#include "queue/api/body.h"

namespace guichet::queue::api {
namespace {

constexpr std::size_t kLongestCode = 64;
constexpr std::size_t kLongestRequest = 4096;

using nlohmann::ordered_json;

net::Response noAuthority()
{
    return net::problem(404, "no-authority", "this hub has no authority of its own");
}

net::Response unavailable()
{
    auto response = net::problem(503, "storage-unavailable", "the hub cannot store now");
    response.headers.set("Retry-After", "5");
    return response;
}

net::Response refused(const EnrolRefusal& refusal)
{
    switch (refusal.kind) {
    case EnrolRefusal::Kind::WrongCode:
        return net::problem(403, "code-refused", "this code is wrong or no longer valid");
    case EnrolRefusal::Kind::UsedCode:
        return net::problem(409, "code-used", "this code was used already; ask for a new one");
    case EnrolRefusal::Kind::Locked: {
        auto response = net::problem(429, "enrolment-locked", "too many wrong codes; wait");
        response.headers.set("Retry-After", std::to_string(refusal.wait.count()));
        return response;
    }
    case EnrolRefusal::Kind::BadRequest:
        return net::problem(422, "invalid-fields", "fields of the body are missing or wrong",
                            {{"request", "must be a PKCS#10 request for a P-256 key"}});
    case EnrolRefusal::Kind::Unavailable:
        break;
    }
    return unavailable();
}

} // namespace

net::Response Enrolment::answer(const tl::expected<Enrolled, EnrolRefusal>& result) const
{
    if (!result) {
        return refused(result.error());
    }
    auto response =
        net::json(201, ordered_json{{"certificate", result->certificate},
                                    {"authority", result->authority},
                                    {"branch", m_branch},
                                    {"renewAfter", toRfc3339(result->renewAfter, m_zone)}}
                           .dump());
    response.headers.set("Cache-Control", "no-store");
    return response;
}

net::Response Enrolment::enrol(const net::Request& request) const
{
    if (m_terminals == nullptr) {
        return noAuthority();
    }
    if (request.headers.has("Idempotency-Key")) {
        if (auto problem = net::refuseKey(request)) {
            return *problem;
        }
    }
    Body body(request.body);
    const auto code = body.text("code", kLongestCode);
    const auto pem = body.lines("request", kLongestRequest);
    if (auto problem = body.refused()) {
        return *problem;
    }
    return answer(m_terminals->enrol(code, pem, request.header("Idempotency-Key"), request.peer));
}

net::Response Enrolment::renew(const net::Request& request, const std::string& terminal) const
{
    if (m_terminals == nullptr) {
        return noAuthority();
    }
    if (!request.peerCertificate) { // a terminal with a bearer token has nothing to renew
        return net::problem(403, "certificate-needed", "only a certificate can be renewed");
    }
    Body body(request.body);
    const auto pem = body.lines("request", kLongestRequest);
    if (auto problem = body.refused()) {
        return *problem;
    }
    return answer(m_terminals->renew(terminal, pem));
}

net::Response Enrolment::revoke(const net::Request& request) const
{
    if (m_terminals == nullptr) {
        return noAuthority();
    }
    Body body(request.body);
    if (auto problem = body.refused()) {
        return *problem;
    }
    const auto done = m_terminals->revoke(std::string(request.param("name")));
    if (done) {
        return net::Response{204};
    }
    return done.error().code == Errc::NotFound
               ? net::problem(404, "unknown-terminal", "there is no terminal of that name")
               : unavailable();
}

net::Response Enrolment::list() const
{
    if (m_terminals == nullptr) {
        return noAuthority();
    }
    const auto perhaps = [this](const std::optional<Instant>& instant) {
        return instant ? ordered_json(toRfc3339(*instant, m_zone)) : ordered_json();
    };
    auto entries = ordered_json::array();
    for (const auto& terminal : m_terminals->list()) {
        entries.push_back({{"name", terminal.name},
                           {"issued", toRfc3339(terminal.issued, m_zone)},
                           {"expires", toRfc3339(terminal.expires, m_zone)},
                           {"lastSeen", perhaps(terminal.seen)},
                           {"revoked", perhaps(terminal.revoked)}});
    }
    auto response = net::json(200, ordered_json{{"terminals", entries}}.dump());
    response.headers.set("Cache-Control", "no-store");
    return response;
}

} // namespace guichet::queue::api
