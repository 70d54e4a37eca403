// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/assist/call_process.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <vector>

#include <catch2/catch.hpp>

using namespace guichet::assist;
using nlohmann::json;

namespace {

/// A shell in the place of guichet-call.
class Stand {
public:
    explicit Stand(const char* script)
        : process(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), QString::fromLatin1(script)})
    {
        QObject::connect(&process, &CallProcess::heard, &process,
                         [this](const json& event) { heard.push_back(event); });
        QObject::connect(&process, &CallProcess::becameReady, &process, [this] { ++readies; });
        QObject::connect(&process, &CallProcess::lost, &process, [this] { ++losses; });
        process.start();
    }

    template <typename Condition> void until(const Condition& condition)
    {
        while (!condition()) {
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        }
    }

    CallProcess process;
    std::vector<json> heard;
    int readies = 0;
    int losses = 0;
};

constexpr auto kEcho = R"sh(
    echo '{"event":"ready"}'
    while read -r line; do
        case $line in *die*) exit 3;; esac
        printf '{"event":"echo","said":%s}\n' "$line"
    done)sh";

} // namespace

TEST_CASE("call process: commands go in and events come out, one line each")
{
    Stand stand(kEcho);
    CHECK_FALSE(stand.process.say({{"do", "too early"}}));
    stand.until([&] { return stand.readies == 1; });
    REQUIRE(stand.process.say({{"do", "open"}, {"case", "c 1\n2"}}));
    stand.until([&] { return stand.heard.size() == 1; });
    CHECK(stand.heard[0].at("said") == json{{"do", "open"}, {"case", "c 1\n2"}});
}

TEST_CASE("call process: one that dies is missed at once and comes again by itself")
{
    Stand stand(kEcho);
    stand.until([&] { return stand.readies == 1; });
    REQUIRE(stand.process.say({{"do", "die"}}));
    stand.until([&] { return stand.losses == 1; });
    CHECK_FALSE(stand.process.say({{"do", "open"}}));
    stand.until([&] { return stand.readies == 2; });
    CHECK(stand.process.say({{"do", "open"}}));
}

TEST_CASE("call process: what is no event is passed over")
{
    Stand stand(R"sh(echo 'no JSON'; echo '[1]'; echo '{"event":7}'; echo '{"event":"ready"}'
                     echo '{"event":"closed"}'; read line)sh");
    stand.until([&] { return !stand.heard.empty(); });
    CHECK(stand.heard == std::vector<json>{{{"event", "closed"}}});
}
