// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <arpa/inet.h>

#include <fmt/format.h>
#include <signal.h>

#include "cloudbranch/server/hub.h"
#include "cloudbranch/server/sub_commands.h"

namespace {

constexpr int kUsage = 2;

constexpr const char* kUsageText =
    "usage: guichet-hub [--demo] --listen HOST:PORT --data DIR [--config FILE] [--clock RFC3339]\n"
    "       guichet-hub init | enrol-code | revoke | terminals | staff ...\n";

int usage(const std::string& why)
{
    fmt::print(stderr, "guichet-hub: {}\n{}", why, kUsageText);
    return kUsage;
}

bool isLoopback(const std::string& host)
{
    in_addr v4{};
    if (inet_pton(AF_INET, host.c_str(), &v4) == 1) {
        return (ntohl(v4.s_addr) >> 24) == 127;
    }
    return host == "::1" || host == "localhost";
}

struct Arguments {
    guichet::hub::Options options;
    std::string clock;
    std::string wrong = {};
};

bool splitListen(const std::string& text, guichet::hub::Options& options)
{
    const auto colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0) {
        return false;
    }
    options.host = text.substr(0, colon);
    if (options.host.size() > 2 && options.host.front() == '[' && options.host.back() == ']') {
        options.host = options.host.substr(1, options.host.size() - 2);
    }
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + colon + 1, end, options.port);
    return parsed.ec == std::errc() && parsed.ptr == end;
}

Arguments read(const std::vector<std::string>& words)
{
    Arguments result;
    bool listens = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& word = words[i];
        if (word == "--demo") {
            result.options.demo = true;
            continue;
        }
        const bool known =
            word == "--listen" || word == "--data" || word == "--config" || word == "--clock";
        if (!known) {
            result.wrong = "unknown argument " + word;
            return result;
        }
        if (i + 1 == words.size() || words[i + 1].empty()) {
            result.wrong = word + " wants a value";
            return result;
        }
        const auto& value = words[++i];
        if (word == "--listen") {
            listens = splitListen(value, result.options);
            if (!listens) {
                result.wrong = "--listen wants HOST:PORT";
                return result;
            }
        } else if (word == "--data") {
            result.options.data = value;
        } else if (word == "--config") {
            result.options.config = value;
        } else {
            result.clock = value;
        }
    }
    if (!listens || result.options.data.empty()) {
        result.wrong = "--listen and --data are needed";
    } else if (!result.options.demo && result.options.config.empty() &&
               !std::filesystem::exists(result.options.data / "outlet.toml")) {
        result.wrong = "say --demo, or name the outlet's --config";
    } else if (result.options.demo && !isLoopback(result.options.host)) {
        result.wrong = "--demo has well-known passwords and listens on loopback only";
    }
    return result;
}

} // namespace

int main(int argc, char* argv[])
{
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (const auto status = guichet::hub::runSubCommand(words)) {
        return *status;
    }
    if (words.size() == 1 && words.front() == "--help") {
        fmt::print("{}", kUsageText);
        return 0;
    }
    auto arguments = read(words);
    if (!arguments.wrong.empty()) {
        return usage(arguments.wrong);
    }
    std::unique_ptr<guichet::Clock> clock = std::make_unique<guichet::SystemClock>();
    if (!arguments.clock.empty()) {
        const auto start = guichet::fromRfc3339(arguments.clock);
        if (!start) {
            return usage("--clock wants an RFC 3339 time");
        }
        clock = std::make_unique<guichet::OffsetClock>(*start);
    }
    // Blocked in every thread that the hub starts: only sigwait takes them.
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    signal(SIGPIPE, SIG_IGN);

    auto hub = guichet::hub::Hub::start(arguments.options, *clock);
    if (!hub) {
        fmt::print(stderr, "guichet-hub: {}\n", hub.error().detail);
        return 1;
    }
    fmt::print("guichet-hub: listening on {}://{}:{}\n", (*hub)->secure() ? "https" : "http",
               arguments.options.host, (*hub)->port());
    fmt::print("guichet-hub: web pages at / (customers), /display/ (lobby), /counter/ (tellers)\n");
    if (arguments.options.demo) {
        fmt::print("guichet-hub: demo outlet \"demo\"; staff teller, supervisor, engineer with "
                   "password \"demo\"; terminal bearer \"demo-kiosk\"\n");
    }
    std::fflush(stdout);
    int received = 0;
    sigwait(&ends, &received);
    return 0;
}
