// SPDX-License-Identifier: Apache-2.0
#include "queue/storage/store.h"

#include <filesystem>
#include <set>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>
#include <stdlib.h>

using namespace guichet;
using namespace guichet::queue;
using namespace guichet::queue::storage;

namespace {

struct Folder {
    std::filesystem::path path;
    Folder()
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "queue.XXXXXX").string();
        REQUIRE(mkdtemp(pattern.data()) != nullptr);
        path = pattern;
    }
    ~Folder() { std::filesystem::remove_all(path); }
};

struct Fixture {
    Folder folder;
    ManualClock clock{fromRfc3339("2026-11-24T01:00:00Z").value()};
    std::unique_ptr<Store> store;

    explicit Fixture(std::int64_t maxPages = 0) { open(maxPages); }
    void open(std::int64_t maxPages = 0)
    {
        store.reset();
        auto opened = Store::open({folder.path, domain::demoBranch(), &clock, maxPages});
        REQUIRE(opened);
        store = std::move(*opened);
        static_cast<void>(store->execute(domain::OpenDay{"2026-11-24"}, {"boss", true}, {}));
    }
    StoreAnswer take(const std::string& id, const std::string& key = {},
                     const std::string& hash = "h")
    {
        const auto encode = [](const domain::Branch& branch, const domain::Outcome& outcome) {
            return branch.visit(outcome.visit)->ticket.label();
        };
        return store->execute(domain::TakeNumber{id, "cash", "en", "kiosk"}, {"kiosk"}, encode,
                              key.empty() ? std::nullopt
                                          : std::optional(RequestKey{"kiosk", key, hash}));
    }
    std::size_t waiting()
    {
        std::size_t count = 0;
        REQUIRE(store->read([&](const domain::Branch& branch) {
            count = branch.count(domain::VisitState::Waiting);
        }));
        return count;
    }
};

} // namespace

TEST_CASE("store: a repeated key gives the first answer, also after a restart")
{
    Fixture fixture;
    REQUIRE(fixture.take("v1", "k1")->response == "A001");
    REQUIRE(fixture.take("v2", "k1")->response == "A001");
    fixture.open();
    const auto again = fixture.take("v3", "k1");
    REQUIRE(again);
    CHECK(again->repeated);
    CHECK(again->response == "A001");
    CHECK(fixture.waiting() == 1);
    CHECK(fixture.take("v4", "k1", "other").error().code == domain::RefusalCode::KeyReused);
    CHECK(fixture.take("v5", "k2")->response == "A002");
}

TEST_CASE("store: a restart keeps places, sessions and calls")
{
    Fixture fixture;
    REQUIRE(fixture.take("v1"));
    REQUIRE(fixture.take("v2"));
    REQUIRE(fixture.store->execute(domain::OpenSession{"s1", "1"}, {"teller"}, {}));
    REQUIRE(fixture.store->execute(domain::CallNext{"s1"}, {"teller"}, {})->outcome.visit == "v1");
    const auto before = fixture.store->published();
    fixture.open();
    const auto after = fixture.store->published();
    CHECK(after->view.position == before->view.position);
    REQUIRE(after->view.calls.size() == 1);
    CHECK(after->view.calls.front().ticket == "A001");
    CHECK(fixture.store->execute(domain::CallNext{"s1"}, {"teller"}, {}).error().code ==
          domain::RefusalCode::SessionBusy);
    REQUIRE(fixture.store->execute(domain::ChangeVisit{"v1", domain::Trigger::GiveUp, 2},
                                   {"teller"}, {}));
    CHECK(fixture.store->execute(domain::CallNext{"s1"}, {"teller"}, {})->outcome.visit == "v2");
}

TEST_CASE("store: two counters that call at the same moment never get the same visit")
{
    Fixture fixture;
    constexpr int kVisits = 40;
    for (int i = 0; i < kVisits; ++i) {
        REQUIRE(fixture.take("v" + std::to_string(i)));
    }
    std::vector<std::vector<std::string>> called(2);
    std::vector<std::thread> tellers;
    for (std::size_t t = 0; t < called.size(); ++t) {
        tellers.emplace_back([&, t] {
            const auto session = "s" + std::to_string(t);
            const domain::Actor actor{"teller" + std::to_string(t)};
            static_cast<void>(fixture.store->execute(
                domain::OpenSession{session, std::to_string(t + 1)}, actor, {}));
            for (;;) {
                const auto answer = fixture.store->execute(domain::CallNext{session}, actor, {});
                if (!answer || answer->outcome.visit.empty()) {
                    return;
                }
                called[t].push_back(answer->outcome.visit);
                static_cast<void>(fixture.store->execute(
                    domain::ChangeVisit{answer->outcome.visit, domain::Trigger::GiveUp}, actor,
                    {}));
            }
        });
    }
    for (auto& teller : tellers) {
        teller.join();
    }
    std::set<std::string> all(called[0].begin(), called[0].end());
    all.insert(called[1].begin(), called[1].end());
    CHECK(called[0].size() + called[1].size() == kVisits);
    CHECK(all.size() == kVisits);
}

TEST_CASE("store: a jump of the wall clock reorders nobody")
{
    Fixture fixture;
    REQUIRE(fixture.take("v1"));
    fixture.clock.jumpWall(-std::chrono::hours(5));
    fixture.clock.advance(std::chrono::seconds(1));
    REQUIRE(fixture.take("v2"));
    fixture.open(); // the clock is still wrong
    REQUIRE(fixture.take("v3"));
    REQUIRE(fixture.store->execute(domain::OpenSession{"s1", "1"}, {"teller"}, {}));
    for (const auto* expected : {"v1", "v2", "v3"}) {
        const auto answer = fixture.store->execute(domain::CallNext{"s1"}, {"teller"}, {});
        REQUIRE(answer->outcome.visit == expected);
        REQUIRE(fixture.store->execute(domain::ChangeVisit{expected, domain::Trigger::GiveUp},
                                       {"teller"}, {}));
    }
}

TEST_CASE("store: a full disk refuses new numbers, and memory shows what the disk has")
{
    Fixture fixture(60);
    int given = 0;
    StoreAnswer answer;
    for (int i = 0; i < 5000; ++i) {
        answer = fixture.take("v" + std::to_string(i), "k" + std::to_string(i));
        if (!answer) {
            break;
        }
        ++given;
    }
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == domain::RefusalCode::StorageUnavailable);
    REQUIRE(given > 0);
    CHECK(fixture.waiting() == static_cast<std::size_t>(given));
    fixture.open(); // there is room again
    CHECK(fixture.waiting() == static_cast<std::size_t>(given));
    CHECK(fixture.take("later")->outcome.entries.size() == 1);
}

TEST_CASE("store: a damaged file is refused at the start")
{
    Fixture fixture;
    REQUIRE(fixture.take("v1"));
    fixture.store.reset();
    const auto file = fixture.folder.path / "queue.db";
    std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
    const auto opened = Store::open({fixture.folder.path, domain::demoBranch(), &fixture.clock});
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == Errc::Invalid);
}
