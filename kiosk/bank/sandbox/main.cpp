// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include <arpa/inet.h>

#include <fmt/format.h>

#include "kiosk/bank/sandbox/sandbox.h"

namespace {

using guichet::bank::Sandbox;

constexpr const char* kUsageText =
    "usage: guichet-sandbox-bank --listen HOST:PORT --data DIR [--key FILE] [--demo]\n";

int usage(const std::string& why)
{
    fmt::print(stderr, "guichet-sandbox-bank: {}\n{}", why, kUsageText);
    return 2;
}

bool isLoopback(const std::string& host)
{
    in_addr v4{};
    return inet_pton(AF_INET, host.c_str(), &v4) == 1 && (ntohl(v4.s_addr) >> 24U) == 127;
}

/// What is wrong with it; empty: nothing.
std::string readListen(const std::string& text, Sandbox::Options& options)
{
    const auto colon = text.rfind(':');
    const auto* const end = text.data() + text.size();
    if (colon == std::string::npos) {
        return "--listen wants HOST:PORT, such as 127.0.0.1:8490";
    }
    options.host = text.substr(0, colon);
    const auto read = std::from_chars(text.data() + colon + 1, end, options.port);
    if (read.ec != std::errc() || read.ptr != end) {
        return "--listen wants HOST:PORT, such as 127.0.0.1:8490";
    }
    return isLoopback(options.host) ? std::string()
                                    : "--listen: it has well-known customers and listens on "
                                      "127.0.0.1 only";
}

/// What is wrong with the words; empty: nothing.
std::string read(const std::vector<std::string>& words, Sandbox::Options& options)
{
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& word = words[i];
        if (word == "--demo") {
            options.demo = true;
            continue;
        }
        if (word != "--listen" && word != "--data" && word != "--key") {
            return "unknown argument \"" + word + "\"";
        }
        if (i + 1 == words.size() || words[i + 1].empty()) {
            return word + " wants a value";
        }
        const auto& value = words[++i];
        if (word == "--data") {
            options.data = value;
        } else if (word == "--key") {
            options.key = value;
        } else if (auto wrong = readListen(value, options); !wrong.empty()) {
            return wrong;
        }
    }
    return options.data.empty() ? "--data is needed" : std::string();
}

} // namespace

int main(int argc, char* argv[])
{
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() == 1 && words.front() == "--help") {
        fmt::print("{}", kUsageText);
        return 0;
    }
    Sandbox::Options options;
    if (const auto wrong = read(words, options); !wrong.empty()) {
        return usage(wrong);
    }
    // Blocked in every thread that the sandbox starts: only sigwait takes them.
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    signal(SIGPIPE, SIG_IGN);

    const guichet::SystemClock clock;
    const auto sandbox = Sandbox::start(options, clock);
    if (!sandbox) {
        fmt::print(stderr, "guichet-sandbox-bank: {}\n", sandbox.error().detail);
        return 1;
    }
    fmt::print("guichet-sandbox-bank: listening on http://{}:{}\n", options.host,
               (*sandbox)->port());
    std::fflush(stdout);
    int received = 0;
    sigwait(&ends, &received);
    return 0;
}
