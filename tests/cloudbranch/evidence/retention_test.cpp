// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/evidence/retention.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::evidence;
using namespace std::chrono_literals;

namespace {

Instant at(const std::string& text)
{
    return fromRfc3339(text).value();
}

Retention sale()
{
    return {.name = "wealth-sale", .months = 12, .from = at("2026-11-27T08:00:00Z")};
}

} // namespace

TEST_CASE("retention: a case is kept until the class's months are over, to the moment")
{
    const auto end = at("2027-11-27T08:00:00Z");
    CHECK(mayDelete(sale(), end - 1ms) ==
          DeletionRuling{.why = "class wealth-sale keeps it until 2027-11-27T08:00:00.000Z",
                         .earliest = end});
    CHECK(mayDelete(sale(), end).allowed);
}

TEST_CASE("retention: a day that the last month does not have is its last day")
{
    const Retention half{.name = "half", .months = 6, .from = at("2026-08-31T00:00:00Z")};
    CHECK(mayDelete(half, at("2026-12-01T00:00:00Z")).earliest == at("2027-02-28T00:00:00Z"));
}

TEST_CASE("retention: without a class a case is kept for ever")
{
    CHECK_FALSE(mayDelete(std::nullopt, at("2999-01-01T00:00:00Z")).allowed);
    CHECK_FALSE(
        mayDelete(Retention{.name = "none", .months = 0, .from = at("2000-01-01T00:00:00Z")},
                  at("2999-01-01T00:00:00Z"))
            .allowed);
}

TEST_CASE("retention: as long as the product runs its time has not begun")
{
    auto running = sale();
    running.from.reset();
    const auto ruling = mayDelete(running, at("2999-01-01T00:00:00Z"));
    CHECK_FALSE(ruling.allowed);
    CHECK_FALSE(ruling.earliest);
}

TEST_CASE("retention: one legal hold of several keeps a case beyond its months")
{
    auto held = sale();
    held.holds = {{.id = "dispute-1",
                   .placed = at("2027-01-01T00:00:00Z"),
                   .released = at("2027-02-01T00:00:00Z")},
                  {.id = "dispute-2", .placed = at("2027-01-01T00:00:00Z")}};
    CHECK(mayDelete(held, at("2030-01-01T00:00:00Z")) ==
          DeletionRuling{.why = "it is under legal hold dispute-2"});
}

TEST_CASE("retention: a hold counts until the moment of its release")
{
    auto held = sale();
    held.holds = {{.id = "dispute-1",
                   .placed = at("2027-01-01T00:00:00Z"),
                   .released = at("2030-01-01T00:00:00Z")}};
    CHECK_FALSE(mayDelete(held, at("2029-12-31T23:59:59Z")).allowed);
    CHECK(mayDelete(held, at("2030-01-01T00:00:00Z")).allowed);
}

TEST_CASE("retention: of two classes the one that keeps longer counts, with the holds of both")
{
    const LegalHold dispute{.id = "D-1", .placed = at("2026-11-27T09:00:00Z")};
    Retention help{.name = "help", .months = 6, .from = at("2026-11-27T09:00:00Z")};
    help.holds = {dispute};
    auto both = sale();
    both.holds = {dispute};
    CHECK(longer(help, sale()) == both);
    CHECK(longer(both, help) == both);
    CHECK(longer(std::nullopt, help) == help);
}

TEST_CASE("retention: a class that has not begun to run keeps longest")
{
    const Retention running{.name = "fund", .months = 6};
    CHECK(longer(sale(), running) == running);
    CHECK(longer(running, sale()) == running);
}

TEST_CASE("retention: of two classes that end together the first stays")
{
    auto same = sale();
    same.name = "other";
    CHECK(longer(sale(), same) == sale());
}
