// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/sound.h"

#include <algorithm>
#include <optional>

#include <spdlog/spdlog.h>

namespace guichet::call {

namespace {

constexpr const char* kRaw = "audio/x-raw,format=S16LE,rate=48000,channels=1,layout=interleaved";
constexpr const char* kNoSource = "audiotestsrc wave=silence is-live=true samplesperbuffer=480";
constexpr const char* kNoSink = "fakesink sync=true async=false";
constexpr const char* kDeviceSource = "alsasrc provide-clock=false";
constexpr const char* kDeviceSink = "alsasink provide-clock=false async=false";

/// On the pipeline's thread, which is the only one that makes it louder.
GstPadProbeReturn listenTo(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer loudest)
{
    GstMapInfo map;
    auto* buffer = gst_pad_probe_info_get_buffer(info);
    if (buffer != nullptr && gst_buffer_map(buffer, &map, GST_MAP_READ) == TRUE) {
        const auto level = levelDb(
            {reinterpret_cast<const std::int16_t*>(map.data), map.size / sizeof(std::int16_t)});
        gst_buffer_unmap(buffer, &map);
        auto& kept = *static_cast<std::atomic<double>*>(loudest);
        kept = std::max(kept.load(), level);
    }
    return GST_PAD_PROBE_OK;
}

/// What is no device begins its time when its first sound is there, not while it is being opened.
struct Beginning {
    Timebase timebase;
    std::optional<GstClockTime> offset = {};
};

GstPadProbeReturn putIntoTime(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer data)
{
    auto* buffer = gst_pad_probe_info_get_buffer(info);
    if (buffer == nullptr || !GST_BUFFER_PTS_IS_VALID(buffer)) {
        return GST_PAD_PROBE_OK;
    }
    auto& beginning = *static_cast<Beginning*>(data);
    if (!beginning.offset) { // modulo 2^64: what stamps itself may be ahead
        beginning.offset = beginning.timebase.elapsed() - GST_BUFFER_PTS(buffer);
    }
    buffer = gst_buffer_make_writable(buffer);
    GST_BUFFER_PTS(buffer) += *beginning.offset;
    info->data = buffer;
    return GST_PAD_PROBE_OK;
}

} // namespace

Result<std::unique_ptr<Loudspeaker>> Loudspeaker::start(const Timebase& timebase,
                                                        const std::string& description)
{
    std::unique_ptr<Loudspeaker> result(new Loudspeaker(timebase));
    auto begun = result->begin(description.empty() ? kDeviceSink : description);
    if (!begun && description.empty()) {
        spdlog::warn("no loudspeaker, the call goes on without: {}", begun.error().detail);
        begun = result->begin(kNoSink);
    }
    if (!begun) {
        return fail(begun.error(), "loudspeaker");
    }
    return result;
}

Result<void> Loudspeaker::begin(const std::string& sink)
{
    const std::scoped_lock lock(m_mutex);
    m_pipeline.reset();
    auto pipeline = Pipeline::parse(
        std::string("appsrc name=in is-live=true format=time max-bytes=192000"
                    " leaky-type=downstream min-latency=") +
        std::to_string(kBuffer) + " caps=" + kRaw +
        " ! webrtcechoprobe name=guichet-echo ! audioconvert ! audioresample ! " + sink);
    if (!pipeline) {
        return tl::unexpected(std::move(pipeline.error()));
    }
    if (auto started = pipeline->start(m_timebase); !started) {
        return started;
    }
    m_pipeline.emplace(std::move(*pipeline));
    return {};
}

void Loudspeaker::play(GstSample* sample)
{
    const std::scoped_lock lock(m_mutex);
    if (m_pipeline) {
        gst_app_src_push_sample(GST_APP_SRC(m_pipeline->part("in")), sample);
    }
}

void Loudspeaker::attend()
{
    if (!m_pipeline) {
        return;
    }
    if (auto sound = m_pipeline->attend(); !sound) {
        spdlog::warn("the loudspeaker broke off, the call goes on without: {}",
                     sound.error().detail);
        if (auto begun = begin(kNoSink); !begun) {
            spdlog::error("sound: {}", begun.error().detail);
        }
    }
}

Result<std::unique_ptr<MicrophoneCapture>>
MicrophoneCapture::start(const Timebase& timebase, const std::string& description, OnSample encoded)
{
    std::unique_ptr<MicrophoneCapture> result(
        new MicrophoneCapture(timebase, description, std::move(encoded)));
    auto begun = description.empty() ? result->begin(kDeviceSource, false)
                                     : result->begin(description, true);
    if (!begun && description.empty()) {
        spdlog::warn("no microphone, the call goes on without: {}", begun.error().detail);
        begun = result->begin(kNoSource, false);
    }
    if (!begun) {
        return fail(begun.error(), "microphone");
    }
    return result;
}

Result<void> MicrophoneCapture::begin(const std::string& source, bool paced)
{
    m_pipeline.reset();
    auto pipeline = Pipeline::parse(
        source + " ! audioconvert ! audioresample ! " + kRaw +
        (paced ? " ! identity name=pace sync=true ! " : " ! ") +
        "webrtcdsp probe=guichet-echo echo-cancel=true noise-suppression=true"
        " noise-suppression-level=high high-pass-filter=true gain-control=true"
        " ! volume name=volume ! opusenc name=encoder bitrate=32000 audio-type=voice"
        " inband-fec=true packet-loss-percentage=20 ! appsink name=out sync=false async=false");
    if (!pipeline) {
        return tl::unexpected(std::move(pipeline.error()));
    }
    if (paced) {
        const PadHandle pad(gst_element_get_static_pad(pipeline->part("pace"), "sink"));
        gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, putIntoTime,
                          new Beginning{m_timebase},
                          [](gpointer data) { delete static_cast<Beginning*>(data); });
    }
    const PadHandle heard(gst_element_get_static_pad(pipeline->part("volume"), "src"));
    gst_pad_add_probe(heard.get(), GST_PAD_PROBE_TYPE_BUFFER, listenTo, &m_loudest, nullptr);
    pipeline->deliver("out", m_encoded);
    if (auto started = pipeline->start(m_timebase); !started) {
        return started;
    }
    m_pipeline.emplace(std::move(*pipeline));
    listen(m_on);
    return {};
}

void MicrophoneCapture::listen(bool on)
{
    m_on = on;
    if (m_pipeline) {
        g_object_set(m_pipeline->part("volume"), "mute", on ? FALSE : TRUE, nullptr);
    }
}

void MicrophoneCapture::setLoss(int lossPct)
{
    if (m_pipeline) {
        g_object_set(m_pipeline->part("encoder"), "packet-loss-percentage",
                     std::clamp(lossPct, 10, 50), nullptr);
    }
}

void MicrophoneCapture::attend()
{
    if (!m_pipeline) {
        return;
    }
    const auto sound = m_pipeline->attend();
    Result<void> begun;
    if (!sound) {
        spdlog::warn("the microphone broke off, the call goes on without: {}",
                     sound.error().detail);
        begun = begin(kNoSource, false);
    } else if (m_pipeline->ended()) {
        begun = begin(m_description, true);
    }
    if (!begun) {
        spdlog::error("sound: {}", begun.error().detail);
    }
}

} // namespace guichet::call
