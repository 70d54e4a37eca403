// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/tones.h"

#include <QLoggingCategory>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

#include <alsa/asoundlib.h>

#include "kiosk/models/page.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::kiosk {
namespace {

Q_LOGGING_CATEGORY(lcTones, "kiosk.tones")

using namespace std::chrono_literals;
using Pcm = UniqueHandle<snd_pcm_t*, snd_pcm_close, nullptr>;

struct Note {
    double hertz; ///< 0: a rest
    std::chrono::milliseconds length;
};

constexpr double kLoudness = 0.25, kAlarmLoudness = 0.5;
constexpr auto kFade = 12ms;
constexpr unsigned kLatencyUs = 100'000;
constexpr std::size_t kChunk = kSampleRate / 20;

std::vector<Note> notesOf(Tone tone)
{
    switch (tone) {
    case Tone::Done:
        return {{659.3, 140ms}, {880.0, 260ms}};
    case Tone::Trouble:
        return {{440.0, 180ms}, {349.2, 300ms}};
    case Tone::Attention:
        return {{784.0, 160ms}, {0, 90ms}, {784.0, 160ms}};
    case Tone::Alarm:
        break;
    }
    std::vector<Note> pips;
    for (int i = 0; i < 6; ++i) {
        pips.push_back({987.8, 300ms});
        pips.push_back({0, 200ms});
    }
    return pips;
}

/// ALSA writes to the terminal by itself; what matters is in what its functions return.
void hush(const char* /*file*/, int /*line*/, const char* /*function*/, int /*error*/,
          const char* /*format*/, ...)
{
}

std::size_t samplesIn(std::chrono::milliseconds length)
{
    return static_cast<std::size_t>(length.count()) * kSampleRate / 1000;
}

} // namespace

std::optional<Tone> toneOf(const Page& page)
{
    if (page.kind == PageKind::Warning) {
        return Tone::Attention;
    }
    if (page.trouble) {
        return Tone::Trouble;
    }
    return page.kind == PageKind::Print && page.ticket && !page.busy ? std::optional(Tone::Done)
                                                                     : std::nullopt;
}

std::vector<std::int16_t> samplesOf(Tone tone)
{
    const double peak = (tone == Tone::Alarm ? kAlarmLoudness : kLoudness) * double{INT16_MAX};
    const auto fade = static_cast<double>(samplesIn(kFade));
    std::vector<std::int16_t> samples;
    for (const auto& [hertz, length] : notesOf(tone)) {
        const auto count = samplesIn(length);
        for (std::size_t i = 0; i < count; ++i) {
            const auto edge = static_cast<double>(std::min(i, count - 1 - i));
            const auto swing = std::sin(2 * std::numbers::pi * hertz * static_cast<double>(i) /
                                        double{kSampleRate});
            samples.push_back(static_cast<std::int16_t>(peak * std::min(1.0, edge / fade) * swing));
        }
    }
    return samples;
}

TonePlayer::TonePlayer(std::string device)
    : m_device(std::move(device))
    , m_thread([this](const std::stop_token& stop) { run(stop); })
{
    snd_lib_error_set_handler(&hush);
}

void TonePlayer::play(Tone tone)
{
    const std::lock_guard lock(m_mutex);
    if (m_next != Tone::Alarm && m_now != Tone::Alarm) {
        m_next = tone;
        m_changed.notify_one();
    }
}

bool TonePlayer::silent()
{
    const std::lock_guard lock(m_mutex);
    return !m_next && !m_now;
}

void TonePlayer::run(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        std::unique_lock lock(m_mutex);
        if (!m_changed.wait(lock, stop, [this] { return m_next.has_value(); })) {
            return;
        }
        m_now = std::exchange(m_next, std::nullopt);
        const auto tone = *m_now;
        lock.unlock();
        if (!m_device.empty()) {
            sound(tone, stop);
        }
        lock.lock();
        m_now.reset();
    }
}

bool TonePlayer::replaced()
{
    const std::lock_guard lock(m_mutex);
    return m_next.has_value();
}

/// The device is open while it sounds only: others may want it, and it may come later.
void TonePlayer::sound(Tone tone, const std::stop_token& stop)
{
    snd_pcm_t* opened = nullptr;
    int failure = snd_pcm_open(&opened, m_device.c_str(), SND_PCM_STREAM_PLAYBACK, 0);
    const Pcm pcm(opened);
    if (failure == 0) {
        failure = snd_pcm_set_params(pcm.get(), SND_PCM_FORMAT_S16, SND_PCM_ACCESS_RW_INTERLEAVED,
                                     1, kSampleRate, 1, kLatencyUs);
    }
    const auto samples = samplesOf(tone);
    for (std::span<const std::int16_t> rest(samples);
         failure == 0 && !rest.empty() && !stop.stop_requested();) {
        if (replaced()) {
            snd_pcm_drop(pcm.get());
            return;
        }
        const auto written = snd_pcm_writei(pcm.get(), rest.data(), std::min(rest.size(), kChunk));
        if (written < 0) {
            failure = snd_pcm_recover(pcm.get(), static_cast<int>(written), 1);
        } else {
            rest = rest.subspan(static_cast<std::size_t>(written));
        }
    }
    if (failure == 0 && !stop.stop_requested()) {
        snd_pcm_drain(pcm.get());
    } else if (failure < 0 && !std::exchange(m_complained, true)) {
        qCWarning(lcTones) << "no sound on" << m_device.c_str() << "-" << snd_strerror(failure);
    }
}

} // namespace guichet::kiosk
