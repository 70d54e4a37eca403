// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <malloc.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "cloudbranch/call/call.h"

namespace {

using namespace guichet;
using namespace guichet::call;

constexpr const char* kUsage =
    "usage: guichet-call [--audio-source DESCRIPTION] [--audio-sink DESCRIPTION] [--loopback]\n"
    "One terminal's video call and its recording. The kiosk starts it: commands come as JSON "
    "lines\n"
    "by standard input, events go to standard output. The end of the input ends it.\n"
    "  --audio-source, --audio-sink  GStreamer's words in place of ALSA's default devices\n"
    "  --loopback                    127.0.0.1 is a way to the seat, too; for tests\n"
    "Exit: 0 the input ended, 1 GStreamer is incomplete, 2 usage.\n";

EventLoop* loopOfSignals = nullptr;

Result<CallOptions> parse(const std::vector<std::string>& words)
{
    CallOptions options;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& word = words[i];
        auto* value = word == "--audio-source" ? &options.audioSource
                      : word == "--audio-sink" ? &options.audioSink
                                               : nullptr;
        if (value != nullptr) {
            if (i + 1 == words.size() || words[i + 1].empty()) {
                return fail(Errc::Invalid, word + " wants a value");
            }
            *value = words[++i];
        } else if (word == "--loopback") {
            options.loopback = true;
        } else {
            return fail(Errc::Invalid, "unknown word " + word);
        }
    }
    return options;
}

} // namespace

int main(int argc, char* argv[])
{
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words == std::vector<std::string>{"--help"}) {
        fmt::print("{}", kUsage);
        return 0;
    }
    mallopt(M_ARENA_MAX, 2); // each call has new threads; what one frees another may then use
    auto options = parse(words);
    if (!options) {
        fmt::print(stderr, "guichet-call: {}\n{}", options.error().detail, kUsage);
        return 2;
    }
    spdlog::set_default_logger(spdlog::stderr_logger_mt("call"));
    if (auto started = startLibrary(); !started) {
        spdlog::error("{}", started.error().detail);
        return 1;
    }
    std::signal(SIGPIPE, SIG_IGN);
    EventLoop loop(STDIN_FILENO, STDOUT_FILENO);
    loopOfSignals = &loop;
    const auto end = [](int) { loopOfSignals->stop(); };
    std::signal(SIGTERM, end);
    std::signal(SIGINT, end);
    const SystemClock clock;
    Call call(std::move(*options), loop, clock);
    loop.say(R"({"event":"ready"})");
    loop.run(
        kLongestLine, [&](std::string_view line) { call.hear(line); }, [&] { call.tick(); });
    call.leave();
    loop.flush(std::chrono::seconds(1));
    return 0;
}
