// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "peripherals/base/clock.h"
#include "peripherals/net/http.h"
#include "peripherals/net/server.h"

namespace guichet::net {

/// What a key that comes in means.
struct FreshKey {};      ///< not seen: go ahead, then finish() or abandon()
struct RunningKey {};    ///< the first request still runs
struct MismatchedKey {}; ///< was used with another request
using Claim = std::variant<FreshKey, RunningKey, MismatchedKey, Response>;

/// Remembers the answers of creates, so that a retry after a lost reply gets the same one.
/// `scope` keeps callers apart. Implementations are thread-safe.
class IdempotencyStore {
public:
    virtual ~IdempotencyStore() = default;
    [[nodiscard]] virtual Claim begin(const std::string& scope, const std::string& key,
                                      const std::string& requestHash) = 0;
    virtual void finish(const std::string& scope, const std::string& key,
                        const Response& response) = 0;
    /// Forgets a key whose request came to nothing, so that it may be tried again.
    virtual void abandon(const std::string& scope, const std::string& key) = 0;
};

/// Keeps answers in memory for `lifetime`, at most `capacity` of them (the oldest go first, running
/// ones stay).
class MemoryIdempotencyStore final : public IdempotencyStore {
public:
    MemoryIdempotencyStore(const Clock& clock, std::chrono::milliseconds lifetime,
                           std::size_t capacity);

    [[nodiscard]] Claim begin(const std::string& scope, const std::string& key,
                              const std::string& requestHash) override;
    void finish(const std::string& scope, const std::string& key,
                const Response& response) override;
    void abandon(const std::string& scope, const std::string& key) override;

private:
    using Key = std::pair<std::string, std::string>;
    struct Entry {
        std::string requestHash;
        std::optional<Response> response = {};
        std::list<std::pair<Ticks, Key>>::iterator age = {}; ///< valid once there is a response
    };

    void forgetOld();

    const Clock& m_clock;
    std::chrono::milliseconds m_lifetime;
    std::size_t m_capacity;
    std::mutex m_mutex;
    std::map<Key, Entry> m_entries;
    std::list<std::pair<Ticks, Key>> m_finished; ///< oldest first
};

/// SHA-256 over method, path and body, hexadecimal.
[[nodiscard]] std::string requestHash(const Request& request);

/// A problem when the request's Idempotency-Key is missing (400) or not 1 to 128 printable
/// characters (400); nothing otherwise.
[[nodiscard]] std::optional<Response> refuseKey(const Request& request);

/// The problems 409 and 422 for a claim that is neither fresh nor answered.
[[nodiscard]] Response keyProblem(const Claim& claim);

/// Wraps a handler that creates: missing key 400, still running 409, other request 422, known key:
/// the first answer again. Answers of 408, 429 and 5xx are not kept. The store must outlive it.
[[nodiscard]] Handler idempotent(IdempotencyStore& store,
                                 std::function<std::string(const Request&)> scope, Handler handler);

} // namespace guichet::net
