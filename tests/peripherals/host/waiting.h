// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

#include "peripherals/host/helper_process.h"

namespace guichet::test {

/// Things that happen on other threads, waited for with a deadline.
template <typename T> class Inbox {
public:
    void put(T item)
    {
        const std::scoped_lock lock(m_mutex);
        m_items.push_back(std::move(item));
        m_changed.notify_all();
    }
    T take()
    {
        std::unique_lock lock(m_mutex);
        if (!m_changed.wait_for(lock, std::chrono::seconds(20),
                                [this] { return !m_items.empty(); })) {
            throw std::runtime_error("nothing came");
        }
        T item = std::move(m_items.front());
        m_items.pop_front();
        return item;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<T> m_items;
};

/// A supervised fake device.
struct FakeHelper {
    using Answer = Result<nlohmann::json>;

    explicit FakeHelper(host::HelperConfig config = configuration())
        : process(std::move(config), {[this](bool up) { ups.put(up); }, {}, {}})
    {
    }
    static host::HelperConfig configuration()
    {
        host::HelperConfig config;
        config.name = "fake";
        config.command = {GUICHET_BIN_DIR "/guichet-test-helper"};
        config.remedy = Remedy::ReinsertCard;
        config.heartbeat = std::chrono::milliseconds(50);
        config.stopGrace = std::chrono::milliseconds(300);
        config.silenceLimit = std::chrono::milliseconds(1500);
        return config;
    }
    std::uint64_t start(std::string name, nlohmann::json arguments = nlohmann::json::object())
    {
        host::HelperProcess::Operation operation{std::move(name), std::move(arguments)};
        operation.onEvent = [this](std::string_view event, const nlohmann::json&) {
            events.put(std::string(event));
        };
        operation.onDone = [this](const Answer& answer) { answers.put(answer); };
        return process.perform(std::move(operation));
    }

    Inbox<bool> ups;
    Inbox<std::string> events;
    Inbox<Answer> answers;
    host::HelperProcess process; ///< last: its callbacks use the others
};

} // namespace guichet::test
