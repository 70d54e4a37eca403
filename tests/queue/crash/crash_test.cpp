// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "peripherals/base/random.h"
#include "queue/client/client.h"

using namespace guichet;

namespace {

/// A guichet-hub of our own on a free port of loopback.
class HubProcess {
public:
    explicit HubProcess(const std::string& data)
    {
        int ends[2];
        REQUIRE(pipe(ends) == 0);
        m_pid = fork();
        REQUIRE(m_pid >= 0);
        if (m_pid == 0) {
            dup2(ends[1], STDOUT_FILENO);
            const char* program = GUICHET_BIN_DIR "/guichet-hub";
            execl(program, program, "--demo", "--listen", "127.0.0.1:0", "--data", data.c_str(),
                  static_cast<char*>(nullptr));
            _exit(127);
        }
        close(ends[1]);
        std::string line;
        char byte = 0;
        while (read(ends[0], &byte, 1) == 1 && byte != '\n') {
            line += byte;
        }
        m_output = ends[0]; // stays open: the hub writes a second line
        const auto at = line.rfind("http://");
        REQUIRE(at != std::string::npos);
        m_url = line.substr(at);
    }
    ~HubProcess() { kill(); }
    HubProcess(const HubProcess&) = delete;
    HubProcess& operator=(const HubProcess&) = delete;

    void kill()
    {
        if (m_pid > 0) {
            ::kill(m_pid, SIGKILL);
            waitpid(m_pid, nullptr, 0);
            close(m_output);
            m_pid = -1;
        }
    }
    [[nodiscard]] queue::Client client() const
    {
        queue::Client::Config config;
        config.url = m_url;
        config.bearer = "demo-kiosk";
        config.timeout = std::chrono::seconds(5);
        config.totalTimeout = std::chrono::milliseconds(500);
        return queue::Client(std::move(config));
    }

private:
    pid_t m_pid = -1;
    int m_output = -1;
    std::string m_url;
};

int rounds()
{
    const char* wanted = std::getenv("GUICHET_CRASH_ROUNDS");
    if (wanted != nullptr) {
        return std::atoi(wanted);
    }
    return std::getenv("GUICHET_LONG") != nullptr ? 50 : 3;
}

} // namespace

TEST_CASE("hub: killed under load, it has every ticket it acknowledged and no number twice")
{
    constexpr int kClients = 8;
    constexpr std::size_t kPerRound = 100; ///< acknowledged before the kill
    std::string data = (std::filesystem::temp_directory_path() / "crash.XXXXXX").string();
    REQUIRE(mkdtemp(data.data()) != nullptr);
    std::map<std::string, std::string> labels; ///< of every visit that somebody was given
    std::map<std::string, std::string> visits; ///< by idempotency key
    const auto given = [&](const std::string& key, const queue::Visit& visit) {
        visits[key] = visit.id;
        labels[visit.id] = visit.label;
    };
    for (int round = 0; round < rounds(); ++round) {
        std::mutex mutex;
        std::condition_variable answered;
        std::size_t acknowledged = 0;
        std::size_t running = kClients;
        std::vector<std::string> unanswered; ///< keys whose reply the kill swallowed
        HubProcess hub(data);
        std::vector<std::thread> customers;
        for (int i = 0; i < kClients; ++i) {
            customers.emplace_back([&] {
                auto client = hub.client();
                for (bool alive = true; alive;) {
                    const auto key = randomUuid();
                    const auto visit = client.takeNumber("cash", "en", "kiosk", key);
                    const std::lock_guard lock(mutex);
                    alive = visit.has_value();
                    if (alive) {
                        given(key, *visit);
                        ++acknowledged;
                    } else {
                        unanswered.push_back(key);
                        --running;
                    }
                    answered.notify_one();
                }
            });
        }
        {
            std::unique_lock lock(mutex);
            answered.wait(lock, [&] { return acknowledged >= kPerRound || running < kClients; });
            CHECK(running == kClients); // nobody failed before the kill
        }
        hub.kill();
        for (auto& customer : customers) {
            customer.join();
        }
        REQUIRE(unanswered.size() == kClients);

        const HubProcess again(data);
        auto client = again.client();
        for (const auto& key : unanswered) { // whoever asks again gets one ticket, not two
            const auto first = client.takeNumber("cash", "en", "kiosk", key);
            const auto second = client.takeNumber("cash", "en", "kiosk", key);
            REQUIRE(first);
            REQUIRE(second);
            CHECK(first->id == second->id);
            given(key, *first);
        }
        std::set<std::string> numbers;
        for (const auto& [key, id] : visits) {
            const auto visit = client.takeNumber("cash", "en", "kiosk", key);
            REQUIRE(visit);
            CHECK(visit->id == id);
            CHECK(visit->label == labels.at(id));
            CHECK(numbers.insert(visit->label).second);
        }
        const auto queue = client.queue();
        REQUIRE(queue);
        const auto cash = std::ranges::find(queue->services, "cash", &queue::ServiceStatus::id);
        REQUIRE(cash != queue->services.end());
        CHECK(static_cast<std::size_t>(cash->waiting) == visits.size()); // nobody's ticket exists
    }
    std::filesystem::remove_all(data);
}
