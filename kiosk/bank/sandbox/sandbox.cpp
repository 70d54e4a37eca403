// SPDX-License-Identifier: Apache-2.0
#include "kiosk/bank/sandbox/sandbox.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "kiosk/bank/bank_documents.h"
#include "kiosk/bank/sandbox/mask.h"
#include "peripherals/base/private_file.h"
#include "peripherals/base/sealing.h"
#include "peripherals/net/idempotency.h"

namespace guichet::bank {
namespace {

using nlohmann::json;

constexpr int kOk = 200, kCreated = 201, kNoContent = 204, kConflict = 409, kNotFound = 404,
              kUnprocessable = 422, kUnauthorized = 401, kBadRequest = 400, kUnavailable = 503;
constexpr std::size_t kMostEvidenceBytes = 2UL * 1024 * 1024;
constexpr std::size_t kMostSealedBytes = 256UL * 1024; ///< a document with its photo
constexpr std::string_view kBearer = "demo-kiosk";

/// A problem that says which way the customer has now.
net::Response refused(int status, std::string_view code, Way way, std::string_view detail)
{
    auto response = net::problem(status, code, detail);
    auto document = json::parse(response.body);
    document["way"] = name(way);
    response.body = document.dump();
    return response;
}

net::Response wrongBody(const Error& error)
{
    return net::problem(kBadRequest, "body-invalid", error.detail);
}

net::Response away(const Error& error)
{
    return net::problem(kUnavailable, "books-closed", error.detail);
}

net::Handler forTerminals(net::Handler handler)
{
    return [handler = std::move(handler)](const net::Request& request) {
        return net::equalSecrets(net::bearerToken(request), kBearer)
                   ? handler(request)
                   : net::problem(kUnauthorized, "bearer-needed", "a terminal's bearer is needed");
    };
}

net::Response answerOf(const Ledger::Answer& answer)
{
    auto response = net::json(answer.status, answer.body);
    if (answer.status != kCreated) {
        response.contentType = "application/problem+json";
    }
    return response;
}

} // namespace

Sandbox::Sandbox(const Options& options, const Clock& clock, std::unique_ptr<Ledger> ledger)
    : m_options(options)
    , m_clock(clock)
    , m_ledger(std::move(ledger))
{
}

Result<std::unique_ptr<Sandbox>> Sandbox::start(const Options& options, const Clock& clock)
{
    std::error_code failed;
    std::filesystem::create_directories(options.data, failed);
    if (failed) {
        return fail(Errc::Denied, options.data.string() + ": " + failed.message());
    }
    auto ledger = Ledger::open(options.data / "bank.sqlite");
    if (!ledger) {
        return tl::unexpected(ledger.error());
    }
    if (options.demo) {
        if (auto added = addDemoCustomers(**ledger); !added) {
            return tl::unexpected(added.error());
        }
    }
    std::unique_ptr<Sandbox> self(new Sandbox(options, clock, std::move(*ledger)));
    auto server = net::Server::start(
        {.host = options.host, .port = options.port, .workers = 2, .refuseOrigin = true},
        self->routes());
    if (!server) {
        return tl::unexpected(server.error());
    }
    self->m_server = std::move(*server);
    return self;
}

net::Router Sandbox::routes()
{
    net::Router router;
    router.add("GET", "/healthz", [](const net::Request&) { return net::json(kOk, "{}"); });
    router.add("GET", "/v1/openapi.json",
               [](const net::Request&) { return net::json(kOk, openApiDocument()); });
    router.add("POST", "/v1/identifications",
               forTerminals([this](const net::Request& request) { return identify(request); }),
               {.maxBody = kMostSealedBytes});
    router.add("PUT", "/v1/evidence/{handle}",
               forTerminals([this](const net::Request& request) { return store(request); }),
               {.maxBody = kMostEvidenceBytes});
    router.add("POST", "/v1/customers/{customer}/phone-changes",
               forTerminals([this](const net::Request& request) { return change(request); }));
    return router;
}

Result<Secret<std::string>> Sandbox::open(const SealedIdentity& identity) const
{
    auto pem = readPrivateFile(m_options.key);
    if (!pem) {
        return fail(Errc::Busy, "the bank's key cannot be read yet", Remedy::Wait);
    }
    const auto key = OpeningKey::fromPem(Secret<std::string>(std::move(*pem)));
    if (!key) {
        return fail(Errc::Busy, "the bank's key is none", Remedy::CallStaff);
    }
    const auto opened = key->open(identity.sealed);
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    const auto document = json::parse(opened->reveal(), nullptr, false);
    const char* const member = identity.kind == SealedIdentity::Kind::Card ? "pan" : "number";
    if (!document.is_object() || !document.contains(member) || !document[member].is_string()) {
        return fail(Errc::Invalid, "sealed: nothing of that kind is in it");
    }
    return Secret<std::string>(document[member].get<std::string>());
}

net::Response Sandbox::identify(const net::Request& request)
{
    const auto identity = decodeIdentity(request.body);
    if (!identity) {
        return wrongBody(identity.error());
    }
    const auto document = open(*identity);
    if (!document && document.error().code == Errc::Busy) {
        return away(document.error());
    }
    if (!document) {
        return refused(kUnprocessable, "identity-unreadable", Way::IdentifyAgain,
                       "sealed is not readable with the bank's key");
    }
    const std::scoped_lock lock(m_mutex);
    const auto account = m_ledger->byDocument(document->reveal());
    if (!account) {
        return away(account.error());
    }
    if (!*account) {
        return refused(kNotFound, "customer-unknown", Way::Counter,
                       "no customer has that card or document");
    }
    const auto id = m_ledger->identify(**account, identity->handle);
    if (!id && id.error().code == Errc::Conflict) {
        return net::problem(kConflict, "handle-taken", "the handle is of another identification");
    }
    if (!id) {
        return away(id.error());
    }
    return net::json(
        kOk, encode(Customer{*id, maskedName((*account)->name), maskedPhone((*account)->phone)}));
}

net::Response Sandbox::store(const net::Request& request)
{
    const auto content = decodeEvidence(request.body, std::string(request.param("handle")));
    if (!content) {
        return wrongBody(content.error());
    }
    const std::scoped_lock lock(m_mutex);
    const auto stored = m_ledger->store(*content);
    if (!stored) {
        return away(stored.error());
    }
    return *stored ? net::Response{.status = kNoContent}
                   : net::problem(kConflict, "evidence-differs",
                                  "the handle has other content already");
}

net::Response Sandbox::change(const net::Request& request)
{
    if (auto refusal = net::refuseKey(request)) {
        return std::move(*refusal);
    }
    const std::string key(request.header("Idempotency-Key"));
    const auto hash = net::requestHash(request);
    const std::scoped_lock lock(m_mutex);
    const auto known = m_ledger->answered(key);
    if (!known) {
        return away(known.error());
    }
    if (*known) {
        return (*known)->requestHash == hash ? answerOf(**known)
                                             : net::keyProblem(net::MismatchedKey{});
    }
    const auto change = decodeChange(request.body, std::string(request.param("customer")));
    if (!change) {
        return wrongBody(change.error());
    }
    const auto customer = m_ledger->identified(change->customer);
    if (!customer) {
        return away(customer.error());
    }
    std::optional<net::Response> refusal;
    const auto has = [&](std::string_view kind) {
        return std::ranges::any_of(change->evidence, [&](const Evidence& each) {
            if (each.kind != kind) {
                return false;
            }
            const auto stored = m_ledger->has(each);
            return kind == "identity" ? each.handle == (*customer)->handle : stored && *stored;
        });
    };
    if (!*customer) {
        refusal = refused(kNotFound, "identification-unknown", Way::IdentifyAgain,
                          "nobody was identified under that name");
    } else if ((*customer)->account.counterOnly) {
        refusal = refused(kConflict, "counter-only", Way::Counter,
                          "only a member of staff may change this customer's number");
    } else if ((*customer)->account.phone == change->newPhone) {
        refusal = refused(kConflict, "phone-unchanged", Way::OtherNumber,
                          "the bank has that number already");
    } else if (!has("identity") || !has("face") || !has("signature")) {
        refusal = refused(kConflict, "evidence-missing", Way::EvidenceAgain,
                          "identity, face and signature are needed");
    }
    std::optional<Ledger::Entry> entry;
    if (!refusal) {
        entry = Ledger::Entry{(*customer)->account, m_clock.now()};
        entry->account.phone = change->newPhone;
    }
    const auto answer = m_ledger->answer(key, hash, entry, [&](std::int64_t number) {
        return refusal
                   ? std::pair(refusal->status, refusal->body)
                   : std::pair(kCreated, encode(Receipt{fmt::format("P{:06}", number),
                                                        maskedPhone(change->newPhone), entry->at}));
    });
    return answer ? answerOf(*answer) : away(answer.error());
}

Result<void> addDemoCustomers(Ledger& ledger)
{
    struct Demo {
        Account account;
        const char* document;
    };
    const Demo demos[] = {
        {{"C1001", "张三", "13800001234"}, "6205500000000000004"},
        {{"C1001", "张三", "13800001234"}, "6228480000000000000"},
        {{"C1002", "Jane Doe", "13900002345"}, "4111111111111111"},
        {{"C1002", "Jane Doe", "13900002345"}, "4012888888881881"},
        {{"C1003", "王小明", "13800005621"}, "11010519491231002X"},
        {{"C1004", "李四光", "13700003456", true}, "440524188001010014"},
    };
    for (const auto& [account, document] : demos) {
        if (auto added = ledger.add(account, document); !added) {
            return added;
        }
    }
    return {};
}

} // namespace guichet::bank
