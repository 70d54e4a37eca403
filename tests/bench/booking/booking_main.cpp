// SPDX-License-Identifier: Apache-2.0
// bench_booking rush URL START CLIENTS       START: RFC 3339 begin of a slot of service "account"
// bench_booking watchers URL WATCHERS OTHERS
// Each prints one line of JSON.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "peripherals/base/random.h"
#include "tests/bench/booking/figures.h"

namespace guichet::bench {

Spread::Spread(std::vector<double> milliseconds)
    : m_sorted(std::move(milliseconds))
{
    std::ranges::sort(m_sorted);
}

double Spread::at(std::size_t percent) const
{
    return m_sorted.empty()
               ? 0.0
               : m_sorted[std::min(m_sorted.size() - 1, m_sorted.size() * percent / 100)];
}

void giveUp(const std::string& why)
{
    fmt::print(stderr, "bench_booking: {}\n", why);
    std::exit(1);
}

net::Response create(net::Client& client, const std::string& path, const nlohmann::json& body,
                     const std::string& bearer)
{
    net::Request request{.method = "POST", .path = path, .body = body.dump()};
    request.headers.set("Content-Type", "application/json");
    request.headers.set("Idempotency-Key", randomUuid());
    if (!bearer.empty()) {
        request.headers.set("Authorization", "Bearer " + bearer);
    }
    auto answer = client.send(request, std::chrono::seconds(60));
    if (!answer) {
        giveUp(path + ": " + answer.error().detail);
    }
    return std::move(*answer);
}

} // namespace guichet::bench

int main(int argc, char* argv[])
{
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() == 4 && words[0] == "rush") {
        guichet::bench::rush(words[1], words[2], std::stoul(words[3]));
        return 0;
    }
    if (words.size() == 4 && words[0] == "watchers") {
        guichet::bench::watchers(words[1], std::stoul(words[2]), std::stoul(words[3]));
        return 0;
    }
    fmt::print(stderr, "usage: bench_booking rush URL START CLIENTS | watchers URL WATCHERS "
                       "OTHERS\n");
    return 2;
}
