// SPDX-License-Identifier: Apache-2.0
#include <latch>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "tests/bench/booking/figures.h"

namespace guichet::bench {
namespace {

struct Caller {
    double milliseconds = 0;
    std::string code = {};
    int refused = 0;
};

Caller wantSeat(net::Client& client, const std::string& start, std::size_t number)
{
    Caller caller;
    const auto begin = Time::now();
    const auto held =
        create(client, "/v1/branches/demo/holds", {{"service", "account"}, {"start", start}});
    if (held.status == 201) {
        const auto id = nlohmann::json::parse(held.body).at("id").get<std::string>();
        const auto booked = create(client, "/v1/holds/" + id + "/confirm",
                                   {{"name", "Ann"}, {"phone", fmt::format("138{:08}", number)}});
        if (booked.status != 201) {
            giveUp("a held seat was not confirmed: " + booked.body);
        }
        caller.code = nlohmann::json::parse(booked.body).at("code").get<std::string>();
    } else if (held.status == 409) {
        caller.refused = 1;
    } else {
        giveUp("a hold was neither given nor refused: " + held.body);
    }
    caller.milliseconds = std::chrono::duration<double, std::milli>(Time::now() - begin).count();
    return caller;
}

} // namespace

void rush(const std::string& url, const std::string& start, std::size_t clients)
{
    std::vector<Caller> callers(clients);
    std::vector<std::thread> threads;
    std::latch ready(static_cast<std::ptrdiff_t>(clients));
    threads.reserve(clients);
    for (std::size_t number = 0; number < clients; ++number) {
        threads.emplace_back([&, number] {
            auto client = net::Client::open({.baseUrl = url});
            if (!client || !(*client)->send({.path = "/healthz"}, std::chrono::seconds(60))) {
                giveUp("no connection to the hub");
            }
            ready.arrive_and_wait();
            callers[number] = wantSeat(**client, start, number);
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    std::vector<double> times;
    std::set<std::string> codes;
    std::size_t sold = 0;
    for (const auto& caller : callers) {
        times.push_back(caller.milliseconds);
        if (!caller.code.empty()) {
            ++sold;
            codes.insert(caller.code);
        }
    }
    const Spread spread(times);
    fmt::print(
        "{{\"sold\":{},\"twice\":{},\"p50_ms\":{:.1f},\"p99_ms\":{:.1f},\"max_ms\":{:.1f}}}\n",
        sold, sold - codes.size(), spread.at(50), spread.at(99), spread.at(100));
}

} // namespace guichet::bench
