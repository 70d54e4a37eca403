// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace guichet::kiosk {

struct Page;

/// One soft tone per outcome, each with a visible twin on the page (EN 301 549, 5.1.5).
enum class Tone {
    Done,      ///< the ticket is there
    Trouble,   ///< something did not work
    Attention, ///< one thing to do now
    Alarm,     ///< a card is left behind: 3 s
};

/// The tone with which a page comes up; nothing for most.
[[nodiscard]] std::optional<Tone> toneOf(const Page& page);

inline constexpr unsigned kSampleRate = 48'000;
/// The tone as it is played: mono, begins and ends in silence, never above half of full scale.
[[nodiscard]] std::vector<std::int16_t> samplesOf(Tone tone);

/// Plays tones on an ALSA device, in a thread of its own. Without a device it stays silent and says
/// so in the log, once. Thread-safe; destroying it cuts a tone short.
class TonePlayer {
public:
    /// `device`: an ALSA name, "default"; empty: silent.
    explicit TonePlayer(std::string device);

    /// Returns at once. A newer tone cuts an older one short; beside an alarm it is left out.
    void play(Tone tone);
    /// Nothing sounds and nothing is about to.
    [[nodiscard]] bool silent();

private:
    void run(const std::stop_token& stop);
    void sound(Tone tone, const std::stop_token& stop);
    [[nodiscard]] bool replaced();

    const std::string m_device;
    bool m_complained = false; ///< of the thread
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::optional<Tone> m_next;
    std::optional<Tone> m_now;
    std::jthread m_thread; ///< last: it uses all of the above
};

} // namespace guichet::kiosk
