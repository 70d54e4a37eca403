// SPDX-License-Identifier: Apache-2.0
#include "tests/support/lossy_relay/line.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace guichet::test {
namespace {

using std::chrono::microseconds;

microseconds milliseconds(double count)
{
    return microseconds(std::llround(count * 1000));
}

struct Word {
    std::string_view name;
    double most;
    void (*set)(LineFaults&, double);
};

constexpr std::array kWords{
    Word{"loss", 100, [](LineFaults& faults, double value) { faults.lossPct = value; }},
    Word{"delay", 10'000,
         [](LineFaults& faults, double value) { faults.delay = milliseconds(value); }},
    Word{"jitter", 10'000,
         [](LineFaults& faults, double value) { faults.jitter = milliseconds(value); }},
    Word{"kbps", 1e6, [](LineFaults& faults, double value) { faults.bps = value * 1000; }},
    Word{"queue", 10'000,
         [](LineFaults& faults, double value) { faults.queue = milliseconds(value); }},
    Word{"cut", 1, [](LineFaults& faults, double value) { faults.cut = value != 0; }},
};

Result<void> read(std::string_view word, LineFaults& faults)
{
    const auto equals = word.find('=');
    const auto* const known = std::find_if(kWords.begin(), kWords.end(), [&](const Word& each) {
        return each.name == word.substr(0, equals);
    });
    if (equals == word.npos || known == kWords.end()) {
        return fail(Errc::Invalid, "\"" + std::string(word) +
                                       "\": wanted loss, delay, jitter, kbps, queue or cut, "
                                       "each as NAME=NUMBER");
    }
    const auto number = word.substr(equals + 1);
    double value = -1;
    const auto [end, wrong] = std::from_chars(number.begin(), number.end(), value);
    if (wrong != std::errc() || end != number.end() || !(value >= 0 && value <= known->most)) {
        return fail(Errc::Invalid, "\"" + std::string(word) + "\": wanted a number from 0 to " +
                                       std::to_string(std::lround(known->most)));
    }
    known->set(faults, value);
    return {};
}

} // namespace

Result<LineFaults> parseLineFaults(std::string_view text)
{
    LineFaults faults;
    while (!text.empty()) {
        const auto space = text.find(' ');
        if (const auto word = text.substr(0, space); !word.empty()) {
            if (auto done = read(word, faults); !done) {
                return tl::unexpected(std::move(done.error()));
            }
        }
        text = space == text.npos ? std::string_view() : text.substr(space + 1);
    }
    return faults;
}

std::optional<Ticks> Line::pass(Ticks now, std::size_t bytes)
{
    const double chance = std::uniform_real_distribution(0.0, 100.0)(m_random);
    const double late = std::uniform_real_distribution(0.0, 1.0)(m_random);
    if (m_faults.cut || chance < m_faults.lossPct) {
        return {};
    }
    auto out = now;
    if (m_faults.bps > 0) {
        const auto turn = std::max(now, m_free);
        if (turn - now > m_faults.queue) {
            return {};
        }
        const std::chrono::duration<double> sending(8.0 * static_cast<double>(bytes) /
                                                    m_faults.bps);
        m_free = turn + std::chrono::duration_cast<Ticks::duration>(sending);
        out = m_free;
    }
    out += m_faults.delay;
    out += std::chrono::duration_cast<Ticks::duration>(late * m_faults.jitter);
    m_lastOut = std::max(m_lastOut, out);
    return m_lastOut;
}

} // namespace guichet::test
