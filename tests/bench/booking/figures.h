// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "peripherals/net/client.h"

namespace guichet::bench {

using Time = std::chrono::steady_clock;

/// Milliseconds of many calls, and what stands at a percentage of them.
class Spread {
public:
    explicit Spread(std::vector<double> milliseconds);
    [[nodiscard]] double at(std::size_t percent) const;

private:
    std::vector<double> m_sorted;
};

/// POST with a fresh Idempotency-Key. Ends the program if there is no answer.
[[nodiscard]] net::Response create(net::Client& client, const std::string& path,
                                   const nlohmann::json& body, const std::string& bearer = {});
[[noreturn]] void giveUp(const std::string& why);

/// So many clients want a seat of one time at once: each holds and confirms. Prints how many were
/// sold, how many twice, and how long each waited for its last answer.
void rush(const std::string& url, const std::string& start, std::size_t clients);
/// So many watch the branch while others keep connections; then somebody is called. Prints how long
/// the call took to reach each watcher.
void watchers(const std::string& url, std::size_t watchers, std::size_t others);

} // namespace guichet::bench
