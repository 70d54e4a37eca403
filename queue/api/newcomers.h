// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "peripherals/net/http.h"
#include "queue/api/proof_of_work.h"
#include "queue/api/rate_limits.h"
#include "queue/api/staff.h"

namespace guichet::queue::api {

/// How much callers without a login may create.
struct NewcomerLimits {
    RateLimit each = {};                                   ///< one address
    RateLimit all = {120, std::chrono::milliseconds(500)}; ///< beyond: with a proof of work
    unsigned proofBits = 16;
};

/// The door for callers without a login that take numbers, hold times or prepare forms. Who has a
/// booking already (Role::Customer) owes no proof of work; staff and terminals pass. Thread-safe.
class Newcomers {
public:
    /// The clock must outlive it.
    Newcomers(const Clock& clock, const NewcomerLimits& limits);

    /// Why this request may not create now: 429 too-many-requests with Retry-After, or 429
    /// proof-needed with a `challenge` that the header Proof-Of-Work answers.
    [[nodiscard]] std::optional<net::Response> refuse(const net::Request& request,
                                                      const Caller& caller);

private:
    RateLimits m_each;
    RateLimits m_all;
    ProofOfWork m_proof;
};

} // namespace guichet::queue::api
