// SPDX-License-Identifier: Apache-2.0
#include "kiosk/bank/http_bank_host.h"

#include <utility>

#include "kiosk/bank/bank_documents.h"
#include "peripherals/net/client.h"

namespace guichet::bank {
namespace {

constexpr int kCreated = 201, kOk = 200, kNoContent = 204;

/// The status decides; the problem's own words may hold what no log should.
Error refusal(int status)
{
    const auto detail = "bank: " + std::to_string(status);
    switch (status) {
    case 401:
    case 403:
        return {Errc::Denied, Remedy::CallStaff, detail};
    case 409:
        return {Errc::Conflict, Remedy::CallStaff, detail};
    case 408:
    case 429:
    case 502:
    case 503:
    case 504:
        return {Errc::Busy, Remedy::Wait, detail};
    default:
        return status >= 500 ? Error{Errc::Protocol, Remedy::CallStaff, detail}
                             : Error{Errc::Invalid, Remedy::CallStaff, detail};
    }
}

/// The bank's answer: a T, or its refusal.
template <typename T>
Result<std::variant<T, Refusal>> read(const Result<net::Response>& answer, int success,
                                      Result<T> (*decode)(std::string_view))
{
    if (!answer) {
        return tl::unexpected(answer.error());
    }
    if (answer->status == success) {
        auto decoded = decode(answer->body);
        if (!decoded) {
            return fail(Errc::Protocol, decoded.error().detail, Remedy::CallStaff);
        }
        return std::variant<T, Refusal>(std::move(*decoded));
    }
    if (auto refused = decodeRefusal(answer->body); refused && answer->status / 100 == 4) {
        return std::variant<T, Refusal>(std::move(*refused));
    }
    return tl::unexpected(refusal(answer->status));
}

} // namespace

struct HttpBankHost::State {
    Config config;
    std::unique_ptr<net::Client> http;
    std::string badUrl; ///< why there is no `http`

    Result<net::Response> send(net::Request request) const
    {
        if (!http) {
            return fail(Errc::Invalid, badUrl, Remedy::CallStaff);
        }
        request.headers.set("Content-Type", "application/json");
        auto answer = http->send(request, config.timeout);
        if (!answer) {
            auto error = std::move(answer.error());
            if (error.remedy == Remedy::None || error.remedy == Remedy::Retry) {
                error.remedy = Remedy::Wait;
            }
            return fail(std::move(error), "bank");
        }
        return answer;
    }
};

HttpBankHost::HttpBankHost(Config config)
    : m_state(std::make_unique<State>())
{
    m_state->config = std::move(config);
    net::ClientConfig connection{.baseUrl = m_state->config.url};
    if (!m_state->config.bearer.empty()) {
        connection.headers.set("Authorization", "Bearer " + m_state->config.bearer);
    }
    auto opened = net::Client::open(std::move(connection));
    if (opened) {
        m_state->http = std::move(*opened);
    } else {
        m_state->badUrl = opened.error().detail;
    }
}

HttpBankHost::~HttpBankHost() = default;

Result<Lookup> HttpBankHost::lookUp(const SealedIdentity& identity)
{
    return read<Customer>(
        m_state->send({.method = "POST", .path = "/v1/identifications", .body = encode(identity)}),
        kOk, &decodeCustomer);
}

Result<void> HttpBankHost::store(const EvidenceContent& content)
{
    const auto answer = m_state->send({.method = "PUT",
                                       .path = "/v1/evidence/" + content.evidence.handle,
                                       .body = encode(content)});
    if (!answer) {
        return tl::unexpected(answer.error());
    }
    return answer->status == kNoContent ? Result<void>() : tl::unexpected(refusal(answer->status));
}

Result<Change> HttpBankHost::changePhone(const PhoneChange& change, const std::string& key)
{
    net::Request request{.method = "POST",
                         .path = "/v1/customers/" + change.customer + "/phone-changes",
                         .body = encode(change)};
    request.headers.set("Idempotency-Key", key);
    return read<Receipt>(m_state->send(std::move(request)), kCreated, &decodeReceipt);
}

} // namespace guichet::bank
