// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/idempotency.h"

#include <algorithm>
#include <array>

#include <openssl/sha.h>

#include "peripherals/base/bytes.h"

namespace guichet::net {
namespace {

bool mayEndOtherwise(int status)
{
    return status == 408 || status == 429 || status >= 500;
}

/// Gives the key back unless the handler came to an end.
class Release {
public:
    Release(IdempotencyStore& store, const std::string& scope, const std::string& key)
        : m_store(store)
        , m_scope(scope)
        , m_key(key)
    {
    }
    Release(const Release&) = delete;
    Release& operator=(const Release&) = delete;
    ~Release()
    {
        if (!m_done) {
            m_store.abandon(m_scope, m_key);
        }
    }
    void done() { m_done = true; }

private:
    IdempotencyStore& m_store;
    const std::string& m_scope;
    const std::string& m_key;
    bool m_done = false;
};

} // namespace

MemoryIdempotencyStore::MemoryIdempotencyStore(const Clock& clock,
                                               std::chrono::milliseconds lifetime,
                                               std::size_t capacity)
    : m_clock(clock)
    , m_lifetime(lifetime)
    , m_capacity(capacity)
{
}

Claim MemoryIdempotencyStore::begin(const std::string& scope, const std::string& key,
                                    const std::string& requestHash)
{
    const std::lock_guard lock(m_mutex);
    forgetOld();
    const auto [at, fresh] = m_entries.try_emplace({scope, key}, Entry{requestHash});
    if (fresh) {
        return FreshKey{};
    }
    if (at->second.requestHash != requestHash) {
        return MismatchedKey{};
    }
    if (!at->second.response) {
        return RunningKey{};
    }
    return *at->second.response;
}

void MemoryIdempotencyStore::finish(const std::string& scope, const std::string& key,
                                    const Response& response)
{
    const std::lock_guard lock(m_mutex);
    const auto at = m_entries.find({scope, key});
    if (at == m_entries.end() || at->second.response) {
        return;
    }
    at->second.response = response;
    at->second.age = m_finished.insert(m_finished.end(), {m_clock.ticks(), at->first});
    forgetOld();
}

void MemoryIdempotencyStore::abandon(const std::string& scope, const std::string& key)
{
    const std::lock_guard lock(m_mutex);
    const auto at = m_entries.find({scope, key});
    if (at != m_entries.end() && !at->second.response) {
        m_entries.erase(at);
    }
}

void MemoryIdempotencyStore::forgetOld()
{
    const auto now = m_clock.ticks();
    while (!m_finished.empty() &&
           (m_finished.size() > m_capacity || now - m_finished.front().first >= m_lifetime)) {
        m_entries.erase(m_finished.front().second);
        m_finished.pop_front();
    }
}

std::string requestHash(const Request& request)
{
    const auto text = request.method + ' ' + request.path + '\n' + request.body;
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    return toHex(std::as_bytes(std::span(digest)));
}

std::optional<Response> refuseKey(const Request& request)
{
    if (!request.headers.has("Idempotency-Key")) {
        return problem(400, "idempotency-key-missing", "a create needs an Idempotency-Key",
                       {{"Idempotency-Key", "is missing"}});
    }
    const auto key = request.header("Idempotency-Key");
    const bool printable = std::all_of(key.begin(), key.end(),
                                       [](char letter) { return letter > 0x20 && letter < 0x7f; });
    if (key.empty() || key.size() > 128 || !printable) {
        return problem(400, "idempotency-key-invalid", "the Idempotency-Key is not usable",
                       {{"Idempotency-Key", "must be 1 to 128 printable characters"}});
    }
    return std::nullopt;
}

Response keyProblem(const Claim& claim)
{
    if (std::holds_alternative<MismatchedKey>(claim)) {
        return problem(422, "idempotency-key-reused", "this key was used with another request",
                       {{"Idempotency-Key", "belongs to another request"}});
    }
    return problem(409, "idempotency-key-running", "the first request with this key still runs", {},
                   true);
}

Handler idempotent(IdempotencyStore& store, std::function<std::string(const Request&)> scope,
                   Handler handler)
{
    return [&store, scope = std::move(scope),
            handler = std::move(handler)](const Request& request) -> Response {
        if (auto refusal = refuseKey(request)) {
            return std::move(*refusal);
        }
        const auto caller = scope(request);
        const std::string key(request.header("Idempotency-Key"));
        auto claim = store.begin(caller, key, requestHash(request));
        if (auto* known = std::get_if<Response>(&claim)) {
            return std::move(*known);
        }
        if (!std::holds_alternative<FreshKey>(claim)) {
            return keyProblem(claim);
        }
        Release release(store, caller, key);
        auto response = handler(request);
        if (!mayEndOtherwise(response.status)) {
            store.finish(caller, key, response);
            release.done();
        }
        return response;
    };
}

} // namespace guichet::net
