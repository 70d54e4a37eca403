// SPDX-License-Identifier: Apache-2.0
#include "queue/api/answers.h"

#include <utility>

#include <fmt/format.h>

namespace guichet::queue::api {

using domain::RefusalCode;

net::Response refused(const domain::Refusal& refusal)
{
    const auto code = name(refusal.code);
    const auto wrongField = [&](const char* field) {
        return net::problem(422, code, refusal.detail, {{field, refusal.detail}});
    };
    switch (refusal.code) {
    case RefusalCode::ServiceUnknown:
        return wrongField("service");
    case RefusalCode::CounterUnknown:
        return wrongField("counter");
    case RefusalCode::ProfileUnknown:
        return wrongField("profile");
    case RefusalCode::ReasonMissing:
        return wrongField("reason");
    case RefusalCode::SlotUnknown:
        return wrongField("start");
    case RefusalCode::HoldUnknown:
    case RefusalCode::AppointmentUnknown:
    case RefusalCode::CodeUnknown:
        return net::problem(404, code, refusal.detail);
    case RefusalCode::KeyReused:
        return wrongField("Idempotency-Key");
    case RefusalCode::VisitUnknown:
    case RefusalCode::SessionUnknown:
        return net::problem(404, code, refusal.detail);
    case RefusalCode::StaleVersion:
        return net::problem(412, code, refusal.detail, {{"If-Match", "is not the version now"}});
    case RefusalCode::NotYourSession:
        return net::problem(403, code, refusal.detail);
    case RefusalCode::StorageUnavailable: {
        auto response = net::problem(503, code, refusal.detail);
        response.headers.set("Retry-After", "5");
        return response;
    }
    default:
        return net::problem(409, code, refusal.detail);
    }
}

net::Response unavailable()
{
    return refused({RefusalCode::StorageUnavailable, "the hub cannot read or store now"});
}

net::Response tooOften(std::string_view detail, const RateLimits& limits)
{
    auto response = net::problem(429, "too-many-requests", detail);
    response.headers.set("Retry-After", std::to_string(limits.wait().count()));
    return response;
}

net::Response versioned(int status, std::string document, std::int64_t version)
{
    auto response = net::json(status, std::move(document));
    response.headers.set("ETag", fmt::format("\"{}\"", version));
    response.headers.set("Cache-Control", "no-store");
    return response;
}

} // namespace guichet::queue::api
