// SPDX-License-Identifier: Apache-2.0
#include "queue/api/newcomers.h"

#include <nlohmann/json.hpp>

#include "queue/api/answers.h"

namespace guichet::queue::api {

Newcomers::Newcomers(const Clock& clock, const NewcomerLimits& limits)
    : m_each(clock, limits.each)
    , m_all(clock, limits.all)
    , m_proof(clock, limits.proofBits)
{
}

std::optional<net::Response> Newcomers::refuse(const net::Request& request, const Caller& caller)
{
    if (caller.role != Role::Anonymous && caller.role != Role::Customer) {
        return std::nullopt;
    }
    if (!m_each.take(callerOf(request.peer))) {
        return tooOften("too many from one address; wait", m_each);
    }
    if (caller.role == Role::Customer || m_all.take({}) ||
        m_proof.accept(request.header("Proof-Of-Work"))) {
        return std::nullopt;
    }
    auto response =
        net::problem(429, "proof-needed", "many ask at once: solve the challenge and send it");
    auto document = nlohmann::ordered_json::parse(response.body);
    document["challenge"] = m_proof.challenge();
    response.body = document.dump();
    return response;
}

} // namespace guichet::queue::api
