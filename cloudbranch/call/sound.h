// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "cloudbranch/call/pipeline.h"
#include "cloudbranch/call/sound_level.h"

/// The ends of the sound that belong to the case, not to a peer connection.
namespace guichet::call {

/// What `--audio-sink` says, or ALSA's default device. Thread-bound but for play().
class Loudspeaker {
public:
    /// Without a device the sound goes nowhere, which the log says. Fails with Errc::Unsupported: a
    /// description that is none.
    [[nodiscard]] static Result<std::unique_ptr<Loudspeaker>> start(const Timebase& timebase,
                                                                    const std::string& description);

    /// Decoded sound, to be heard `kBuffer` after its time stamp. From any thread.
    void play(GstSample* sample);
    /// Goes on without a device that broke off.
    void attend();

    /// A little more than the jitter buffer holds back.
    static constexpr GstClockTime kBuffer = 160 * GST_MSECOND;

private:
    explicit Loudspeaker(const Timebase& timebase)
        : m_timebase(timebase)
    {
    }
    Result<void> begin(const std::string& sink);

    const Timebase m_timebase;
    std::mutex m_mutex; ///< play() against a restart
    std::optional<Pipeline> m_pipeline;
};

/// What `--audio-source` says, or ALSA's default device, without noise and without the
/// loudspeaker's echo, in Opus. Thread-bound.
class MicrophoneCapture {
public:
    /// After the Loudspeaker, whose sound it takes away. Without a device there is silence, which
    /// the log says. Fails with Errc::Unsupported: a description that is none. A described source
    /// is played at its pace, again and again.
    [[nodiscard]] static Result<std::unique_ptr<MicrophoneCapture>>
    start(const Timebase& timebase, const std::string& description, OnSample encoded);

    void listen(bool on);
    /// How much of the sound is lost on the way: Opus then repeats itself more.
    void setLoss(int lossPct);
    /// The loudest since this was asked last, in dB below the loudest there can be.
    [[nodiscard]] double loudest() { return m_loudest.exchange(kSilenceDb); }
    /// Goes on in silence when a device broke off.
    void attend();

private:
    MicrophoneCapture(const Timebase& timebase, std::string description, OnSample encoded)
        : m_timebase(timebase)
        , m_description(std::move(description))
        , m_encoded(std::move(encoded))
    {
    }
    Result<void> begin(const std::string& source, bool paced);

    const Timebase m_timebase;
    const std::string m_description;
    const OnSample m_encoded;
    std::atomic<double> m_loudest = kSilenceDb;
    bool m_on = true;
    std::optional<Pipeline> m_pipeline;
};

} // namespace guichet::call
