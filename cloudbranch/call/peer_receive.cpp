// SPDX-License-Identifier: Apache-2.0
// What comes from the seat: its pads, and the figures about them.
#include <algorithm>
#include <cstring>

#include "cloudbranch/call/peer_parts.h"

namespace guichet::call {

namespace {

// Encoded frames are never dropped, which would smear the picture; a decoded one gives way.
constexpr const char* kVideo =
    "rtpvp8depay request-keyframe=true wait-for-keyframe=true ! tee name=encoded"
    " encoded. ! queue max-size-buffers=0 max-size-bytes=33554432 max-size-time=0 leaky=downstream"
    " ! appsink name=record sync=false async=false"
    " encoded. ! queue max-size-buffers=100 max-size-bytes=0 max-size-time=0 ! vp8dec"
    " ! videoconvert ! video/x-raw,format=I420"
    " ! appsink name=show sync=false async=false drop=true max-buffers=2";
constexpr std::uint64_t kSoundRate = 48000;
constexpr const char* kAudio =
    "rtpopusdepay ! tee name=encoded"
    " encoded. ! queue max-size-buffers=0 max-size-bytes=4194304 max-size-time=0 leaky=downstream"
    " ! appsink name=record sync=false async=false"
    " encoded. ! queue max-size-buffers=100 max-size-bytes=0 max-size-time=0"
    " ! opusdec name=decoder use-inband-fec=true plc=true ! audioconvert ! audioresample"
    " ! audio/x-raw,format=S16LE,rate=48000,channels=1,layout=interleaved"
    " ! appsink name=show sync=false async=false";

ElementHandle takePart(GstElement* bin, const char* name)
{
    return ElementHandle(gst_bin_get_by_name(GST_BIN(bin), name));
}

double numberIn(const GstStructure* structure, const char* field)
{
    const auto* value = gst_structure_get_value(structure, field);
    GValue number = G_VALUE_INIT;
    g_value_init(&number, G_TYPE_DOUBLE);
    double result = 0;
    if (value != nullptr && g_value_transform(value, &number) != FALSE) {
        result = g_value_get_double(&number);
    }
    g_value_unset(&number);
    return result;
}

bool flagIn(const GstStructure* structure, const char* field)
{
    gboolean flag = FALSE;
    return gst_structure_get_boolean(structure, field, &flag) != FALSE && flag != FALSE;
}

/// What RTCP says of one source.
void addSource(PeerCounts& counts, const GstStructure* source)
{
    constexpr double kFraction = 100.0 / 256;
    if (flagIn(source, "internal")) {
        return;
    }
    counts.lossPct = std::max(counts.lossPct, kFraction * numberIn(source, "sent-rb-fractionlost"));
    if (flagIn(source, "have-rb")) {
        counts.lossPct = std::max(counts.lossPct, kFraction * numberIn(source, "rb-fractionlost"));
        counts.rttMs = std::max(counts.rttMs, numberIn(source, "rb-round-trip") * 1000 / 65536);
    }
    const double rate = numberIn(source, "clock-rate");
    if (rate > 0) {
        counts.jitterMs = std::max(counts.jitterMs, numberIn(source, "jitter") * 1000 / rate);
    }
}

/// "recv_rtp_src_SESSION_SSRC_TYPE" is what rtpbin calls the pad behind one of webrtcbin's.
std::string sourceOf(GstPad* pad)
{
    const PadHandle inner(GST_IS_GHOST_PAD(pad) ? gst_ghost_pad_get_target(GST_GHOST_PAD(pad))
                                                : nullptr);
    const std::string name = inner ? GST_PAD_NAME(inner.get()) : "";
    const auto end = name.rfind('_');
    const auto from = end == std::string::npos ? end : name.rfind('_', end - 1);
    return from == std::string::npos ? std::string() : name.substr(from + 1, end - from - 1);
}

/// Lost packets of the picture are asked for again, and waited for longer than those of the sound:
/// it is shown as soon as it is whole, and only what was lost comes late. webrtcbin 1.22 does
/// neither.
void askAgainForVideo(GstElement* web, GstPad* pad)
{
    constexpr guint kVideoBufferMs = 400;
    const auto wanted = "src_" + sourceOf(pad); // of rtpssrcdemux
    auto set = [&wanted](GstElement* buffer) {
        const PadHandle sink(gst_element_get_static_pad(buffer, "sink"));
        const PadHandle before(gst_pad_get_peer(sink.get()));
        if (before && wanted == GST_PAD_NAME(before.get())) {
            g_object_set(buffer, "latency", kVideoBufferMs, "do-retransmission", TRUE,
                         "rtx-delay-reorder", 1, nullptr);
        }
    };
    const auto bin = takePart(web, "rtpbin");
    auto* each = gst_bin_iterate_all_by_element_factory_name(GST_BIN(bin.get()), "rtpjitterbuffer");
    const auto look = +[](const GValue* item, gpointer to) {
        (*static_cast<decltype(set)*>(to))(GST_ELEMENT(g_value_get_object(item)));
    };
    gst_iterator_foreach(each, look, &set);
    gst_iterator_free(each);
}

ObjectHandle sessionOf(GstElement* web, const char* signal)
{
    const auto bin = takePart(web, "rtpbin");
    GObject* session = nullptr;
    if (bin) {
        g_signal_emit_by_name(bin.get(), signal, 0, &session);
    }
    return ObjectHandle(session);
}

/// What is lost is asked for at once: by default RTCP has a twentieth of the sent bit rate, and
/// early feedback waits for its turn in that (RFC 4585 section 3.5).
void askAtOnce(GstElement* web)
{
    constexpr double kFraction = 0.25; // of the sent bit rate; what there is to ask is far less
    if (const auto session = sessionOf(web, "get-internal-session")) {
        g_object_set(session.get(), "rtcp-fraction", kFraction, nullptr);
    }
}

std::chrono::nanoseconds steadyTime()
{
    return std::chrono::steady_clock::now().time_since_epoch();
}

} // namespace

void Peer::onPadAdded(GstElement* web, GstPad* pad, gpointer shared)
{
    if (GST_PAD_DIRECTION(pad) == GST_PAD_SRC) {
        receive(sharedOf<Shared>(shared), web, pad);
    }
}

GstPadProbeReturn Peer::countGaps(GstPad*, GstPadProbeInfo* info, gpointer self)
{
    auto& shared = *static_cast<Shared*>(self);
    if ((info->type & GST_PAD_PROBE_TYPE_BUFFER) != 0) {
        auto* buffer = gst_pad_probe_info_get_buffer(info);
        GstMapInfo map;
        if (gst_buffer_map(buffer, &map, GST_MAP_READ) != FALSE) {
            const std::scoped_lock lock(shared.mutex);
            shared.gaps.arrived(std::as_bytes(std::span(map.data, map.size)));
            gst_buffer_unmap(buffer, &map);
        }
    } else if (auto* event = gst_pad_probe_info_get_event(info);
               event != nullptr && GST_EVENT_TYPE(event) == GST_EVENT_GAP) {
        GstClockTime length = GST_CLOCK_TIME_NONE;
        gst_event_parse_gap(event, nullptr, &length);
        if (GST_CLOCK_TIME_IS_VALID(length)) {
            const std::scoped_lock lock(shared.mutex);
            shared.gaps.lost(gst_util_uint64_scale(length, kSoundRate, GST_SECOND));
        }
    }
    return GST_PAD_PROBE_OK;
}

GstPadProbeReturn Peer::tellPatiently(GstPad*, GstPadProbeInfo* info, gpointer self)
{
    auto& shared = *static_cast<Shared*>(self);
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(steadyTime());
    auto* said = gst_pad_probe_info_get_buffer(info);
    GstMapInfo map;
    if (!shared.patience.hides(shared.bytesIn, now) ||
        gst_buffer_map(said, &map, GST_MAP_READ) == FALSE) {
        return GST_PAD_PROBE_OK;
    }
    const auto told = withoutLosses(std::as_bytes(std::span(map.data, map.size)));
    gst_buffer_unmap(said, &map);
    if (told) {
        auto* buffer = gst_buffer_new_memdup(told->data(), told->size());
        gst_buffer_copy_into(buffer, said, GST_BUFFER_COPY_METADATA, 0, ~gsize{0});
        gst_buffer_unref(said);
        info->data = buffer;
    }
    return GST_PAD_PROBE_OK;
}

void Peer::receive(Shared& shared, GstElement* web, GstPad* pad)
{
    const CapsHandle caps(gst_pad_get_current_caps(pad));
    if (!caps || gst_caps_get_size(caps.get()) == 0) {
        return;
    }
    const auto* media = gst_structure_get_string(gst_caps_get_structure(caps.get(), 0), "media");
    const bool video = media != nullptr && std::strcmp(media, "video") == 0;
    if (video) {
        askAgainForVideo(web, pad);
        askAtOnce(web);
        const auto bin = takePart(web, "rtpbin");
        if (const PadHandle reports(gst_element_get_static_pad(bin.get(), "send_rtcp_src_0"));
            reports) {
            gst_pad_add_probe(reports.get(), GST_PAD_PROBE_TYPE_BUFFER, tellPatiently, &shared,
                              nullptr);
        }
    }
    GError* error = nullptr;
    auto* branch = gst_parse_bin_from_description_full(video ? kVideo : kAudio, TRUE, nullptr,
                                                       GST_PARSE_FLAG_FATAL_ERRORS, &error);
    if (branch == nullptr) {
        shared.events.onFailure(
            {Errc::Unsupported, Remedy::CallStaff,
             std::string("receive: ") + (error != nullptr ? error->message : "")});
        g_clear_error(&error);
        return;
    }
    const auto record = takePart(branch, "record");
    const auto show = takePart(branch, "show");
    deliver(GST_APP_SINK(record.get()),
            video ? shared.events.onEncodedVideo : shared.events.onEncodedAudio);
    if (video) {
        deliver(GST_APP_SINK(show.get()), [&shared](GstSample* sample) {
            ++shared.pictures;
            shared.events.onPicture(sample);
        });
    } else {
        deliver(GST_APP_SINK(show.get()), shared.events.onSound);
        const auto decoder = takePart(branch, "decoder");
        const PadHandle encoded(gst_element_get_static_pad(decoder.get(), "sink"));
        gst_pad_add_probe(encoded.get(),
                          static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER |
                                                       GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
                          countGaps, &shared, nullptr);
    }
    const auto onPacket = +[](GstPad*, GstPadProbeInfo* info, gpointer self) {
        auto& counted = *static_cast<Shared*>(self);
        counted.lastPacket = steadyTime().count();
        counted.bytesIn += gst_buffer_get_size(gst_pad_probe_info_get_buffer(info));
        return GST_PAD_PROBE_OK;
    };
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, onPacket, &shared, nullptr);
    gst_bin_add(GST_BIN(shared.pipeline), branch);
    gst_element_sync_state_with_parent(branch);
    const PadHandle sink(gst_element_get_static_pad(branch, "sink"));
    gst_pad_link(pad, sink.get());
}

std::optional<LineReport> Peer::feedback()
{
    const auto session = sessionOf(m_web, "get-session"); // the inner one has no such property
    if (!session) {
        return std::nullopt;
    }
    GstStructure* stats = nullptr;
    g_object_get(session.get(), "twcc-stats", &stats, nullptr);
    StructureHandle latest(stats);
    if (!latest ||
        (m_feedback && gst_structure_is_equal(latest.get(), m_feedback.get()) != FALSE)) {
        return std::nullopt;
    }
    m_feedback = std::move(latest);
    const auto* now = m_feedback.get();
    return LineReport{.sentBps = numberIn(now, "bitrate-sent"),
                      .receivedBps = numberIn(now, "bitrate-recv"),
                      .lossPct = numberIn(now, "packet-loss-pct"),
                      .delayGrowthMs =
                          numberIn(now, "avg-delta-of-delta") / 1e6 * numberIn(now, "packets-recv"),
                      .packets = static_cast<int>(numberIn(now, "packets-sent"))};
}

std::optional<Ticks> Peer::lastPacket() const
{
    const auto last = m_shared->lastPacket.load();
    return last > 0 ? std::optional(Ticks(std::chrono::nanoseconds(last))) : std::nullopt;
}

PeerCounts Peer::counts() const
{
    PeerCounts counts;
    counts.bytesIn = m_shared->bytesIn;
    counts.bytesOut = m_shared->bytesOut;
    counts.pictures = m_shared->pictures;
    {
        const std::scoped_lock lock(m_shared->mutex);
        counts.samplesConcealed = m_shared->gaps.concealed();
    }
    const auto session = sessionOf(m_web, "get-internal-session");
    GstStructure* stats = nullptr;
    if (session) {
        g_object_get(session.get(), "stats", &stats, nullptr);
    }
    if (const StructureHandle handle(stats); handle) {
        const auto* list = gst_structure_get_value(handle.get(), "source-stats");
        G_GNUC_BEGIN_IGNORE_DEPRECATIONS // what the property is made of
            auto* sources =
                list != nullptr ? static_cast<GValueArray*>(g_value_get_boxed(list)) : nullptr;
        for (guint i = 0; sources != nullptr && i < sources->n_values; ++i) {
            addSource(counts, gst_value_get_structure(g_value_array_get_nth(sources, i)));
        }
        G_GNUC_END_IGNORE_DEPRECATIONS
    }
    return counts;
}

} // namespace guichet::call
