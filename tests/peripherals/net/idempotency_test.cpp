// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/idempotency.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::net;
using namespace std::chrono_literals;

namespace {

const auto kCaller = [](const Request& request) { return std::string(request.header("X-Caller")); };

Request create(std::string key, std::string body)
{
    return {.method = "POST",
            .headers = {{"Idempotency-Key", std::move(key)}},
            .body = std::move(body)};
}

} // namespace

TEST_CASE("net: a create is done once and answered twice", "[net]")
{
    ManualClock clock{Instant{}};
    MemoryIdempotencyStore store(clock, 1h, 100);
    int made = 0;
    const auto handler = idempotent(
        store, kCaller, [&](const Request&) { return json(201, std::to_string(++made)); });
    CHECK(handler(create("k", "a")).body == "1");
    CHECK(handler(create("k", "a")).body == "1");
    CHECK(handler(create("k", "b")).status == 422);
    CHECK(handler(create("other", "a")).body == "2");
    auto someoneElse = create("k", "a");
    someoneElse.headers.add("X-Caller", "B");
    CHECK(handler(someoneElse).body == "3");
    clock.advance(1h);
    CHECK(handler(create("k", "a")).body == "4");
}

TEST_CASE("net: a create without a usable key is refused", "[net]")
{
    ManualClock clock{Instant{}};
    MemoryIdempotencyStore store(clock, 1h, 100);
    const auto handler = idempotent(store, kCaller, [](const Request&) { return json(201, "{}"); });
    CHECK(handler({.method = "POST"}).status == 400);
    CHECK(handler(create("", "")).status == 400);
    CHECK(handler(create("with space", "")).status == 400);
    CHECK(handler(create(std::string(129, 'x'), "")).status == 400);
}

TEST_CASE("net: a key whose request still runs is refused for now", "[net]")
{
    ManualClock clock{Instant{}};
    MemoryIdempotencyStore store(clock, 1h, 100);
    Response inner;
    Handler handler;
    handler = idempotent(store, kCaller, [&](const Request& request) {
        inner = handler(request);
        return json(201, "{}");
    });
    CHECK(handler(create("k", "a")).status == 201);
    CHECK(inner.status == 409);
}

TEST_CASE("net: a create that failed may be tried again", "[net]")
{
    ManualClock clock{Instant{}};
    MemoryIdempotencyStore store(clock, 1h, 100);
    int tried = 0;
    const auto handler = idempotent(store, kCaller, [&](const Request&) -> Response {
        ++tried;
        if (tried == 1) {
            throw std::runtime_error("no disk");
        }
        return json(tried == 2 ? 503 : 201, "{}");
    });
    CHECK_THROWS(handler(create("k", "a")));
    CHECK(handler(create("k", "a")).status == 503);
    CHECK(handler(create("k", "a")).status == 201);
}

TEST_CASE("net: the store forgets the oldest answers first", "[net]")
{
    ManualClock clock{Instant{}};
    MemoryIdempotencyStore store(clock, 1h, 2);
    for (const std::string key : {"1", "2", "3"}) {
        CHECK(std::holds_alternative<FreshKey>(store.begin("s", key, "h")));
        store.finish("s", key, json(201, key));
    }
    CHECK(std::holds_alternative<FreshKey>(store.begin("s", "1", "h")));
    CHECK(std::holds_alternative<Response>(store.begin("s", "3", "h")));
}
