// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/recorder.h"

#include <spdlog/spdlog.h>

#include "peripherals/base/private_file.h"

namespace guichet::call {

namespace {

using namespace std::chrono_literals;

struct TrackName {
    const char* name;
    bool video;
};
constexpr std::array<TrackName, 4> kTracks{{{"local-video", true},
                                            {"local-audio", false},
                                            {"remote-video", true},
                                            {"remote-audio", false}}};

constexpr evidence::SpaceRule kSpace{200000, 20min}; ///< two pictures at 700 kbit/s and their sound

} // namespace

Result<std::unique_ptr<Recorder>> Recorder::open(const RecordPlan& plan, const std::string& caseId,
                                                 Events events, const Clock& clock)
{
    auto recipient = SealingKey::fromFile(plan.recipient);
    if (!recipient) {
        return fail(recipient.error(), "recipient");
    }
    std::optional<evidence::SigningKey> signer;
    if (!plan.signer.empty()) {
        auto key = readPrivateFile(plan.signer).and_then([](std::string pem) {
            return evidence::SigningKey::fromPem(Secret<std::string>(std::move(pem)));
        });
        if (!key) {
            return fail(key.error(), "signer");
        }
        signer = std::move(*key);
    }
    auto writer = evidence::CaseWriter::open(plan.root,
                                             {.caseId = caseId,
                                              .terminal = plan.terminal,
                                              .recipient = std::move(*recipient),
                                              .signer = std::move(signer),
                                              .space = kSpace,
                                              .onHeads = events.onHeads},
                                             clock);
    if (!writer) {
        return tl::unexpected(std::move(writer.error()));
    }
    return std::unique_ptr<Recorder>(new Recorder(std::move(*writer), std::move(events)));
}

Recorder::Recorder(std::unique_ptr<evidence::CaseWriter> writer, Events events)
    : m_case(std::move(writer))
    , m_events(std::move(events))
    , m_ticking([this](const std::stop_token& stop) {
        bool told = false;
        while (!stop.stop_requested()) {
            if (auto ticked = m_case->tick(); !ticked && !told) {
                told = true;
                m_events.onFailure(ticked.error());
            }
            std::this_thread::sleep_for(200ms);
        }
    })
{
}

Recorder::~Recorder() = default;

void Recorder::take(Track track, GstSample* sample)
{
    auto& stream = m_streams.at(static_cast<std::size_t>(track));
    const std::scoped_lock lock(stream.mutex);
    if (stream.failed) {
        return;
    }
    if (!stream.pipeline) {
        if (auto begun = begin(track, stream); !begun) {
            failed(stream, begun.error());
            return;
        }
    }
    gst_app_src_push_sample(GST_APP_SRC(stream.pipeline->part("in")), sample);
}

Result<void> Recorder::begin(Track track, Stream& stream)
{
    const auto& [name, video] = kTracks.at(static_cast<std::size_t>(track));
    auto writer = m_case->openTrack(name, video ? "video/x-matroska" : "audio/x-matroska");
    if (!writer) {
        return tl::unexpected(std::move(writer.error()));
    }
    stream.writer = *writer;
    // The pad is named: by itself GStreamer takes the first kind, and sound goes unrecorded.
    auto pipeline = Pipeline::parse(
        std::string("matroskamux name=mux streamable=true offset-to-zero=false writing-app=Guichet"
                    " ! appsink name=out sync=false async=false"
                    " appsrc name=in format=time max-bytes=33554432 leaky-type=downstream ! mux.") +
        (video ? "video_0" : "audio_0"));
    if (!pipeline) {
        return tl::unexpected(std::move(pipeline.error()));
    }
    pipeline->deliver("out", [this, &stream](GstSample* sample) { write(stream, sample); });
    if (auto started = pipeline->start(m_timebase); !started) {
        return started;
    }
    stream.pipeline.emplace(std::move(*pipeline));
    return {};
}

/// On the muxer's thread.
void Recorder::write(Stream& stream, GstSample* sample)
{
    GstMapInfo map;
    auto* buffer = gst_sample_get_buffer(sample);
    if (buffer == nullptr || gst_buffer_map(buffer, &map, GST_MAP_READ) == FALSE) {
        return;
    }
    const auto written = stream.writer->write(std::as_bytes(std::span(map.data, map.size)));
    gst_buffer_unmap(buffer, &map);
    if (!written) {
        failed(stream, written.error());
    }
}

void Recorder::failed(Stream& stream, const Error& error)
{
    if (!stream.failed.exchange(true)) {
        m_events.onFailure(error);
    }
}

Result<void> Recorder::close()
{
    leave();
    return m_case->close();
}

void Recorder::leave()
{
    for (auto& stream : m_streams) {
        const std::scoped_lock lock(stream.mutex);
        if (stream.pipeline) {
            gst_app_src_end_of_stream(GST_APP_SRC(stream.pipeline->part("in")));
        }
    }
    const auto end = std::chrono::steady_clock::now() + 2s;
    for (auto& stream : m_streams) {
        const std::scoped_lock lock(stream.mutex);
        if (!stream.pipeline) {
            continue;
        }
        while (!gst_app_sink_is_eos(GST_APP_SINK(stream.pipeline->part("out"))) &&
               std::chrono::steady_clock::now() < end) {
            std::this_thread::sleep_for(5ms);
        }
        stream.failed = true; // nothing more goes in
        stream.pipeline.reset();
    }
    m_ticking.request_stop();
    m_ticking.join();
}

} // namespace guichet::call
