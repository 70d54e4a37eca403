// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>

#include "cloudbranch/call/control_message.h"
#include "cloudbranch/call/pipeline.h"
#include "cloudbranch/evidence/case_writer.h"

namespace guichet::call {

enum class Track { LocalVideo, LocalAudio, RemoteVideo, RemoteAudio };

/// Records a case as it was sent and received: nothing is decoded or encoded again. One Matroska
/// stream a track, all on the case's time, in the case's own files. A failure ends the recording of
/// what failed and nothing else.
class Recorder {
public:
    struct Events {
        /// The case's manifest, for the server.
        std::function<void(const std::string&)> onHeads;
        /// The first failure of each track. Both are called on any thread.
        std::function<void(const Error&)> onFailure;
    };

    /// As CaseWriter::open; Errc::NotFound or Invalid for the keys. `clock` outlives it.
    [[nodiscard]] static Result<std::unique_ptr<Recorder>>
    open(const RecordPlan& plan, const std::string& caseId, Events events, const Clock& clock);
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    /// One encoded frame. Never waits for the disk. From any thread, one a track.
    void take(Track track, GstSample* sample);
    /// The case itself, for what is no frame. Any thread.
    [[nodiscard]] evidence::CaseWriter& record() { return *m_case; }
    /// Writes out what is under way and closes the case. Does all it can, then tells the first
    /// failure.
    [[nodiscard]] Result<void> close();
    /// Writes out what is under way; whoever opens the case next goes on with it.
    void leave();

private:
    /// One track's muxer. Frames go in by an appsrc that drops when the disk stands still.
    struct Stream {
        std::mutex mutex;
        std::optional<Pipeline> pipeline;
        evidence::TrackWriter* writer = nullptr;
        std::atomic<bool> failed = false;
    };

    Recorder(std::unique_ptr<evidence::CaseWriter> writer, Events events);
    Result<void> begin(Track track, Stream& stream);
    void failed(Stream& stream, const Error& error);
    void write(Stream& stream, GstSample* sample);

    std::unique_ptr<evidence::CaseWriter> m_case;
    const Events m_events;
    const Timebase m_timebase = Timebase::now();
    std::array<Stream, 4> m_streams;
    std::jthread m_ticking; ///< the last member
};

} // namespace guichet::call
