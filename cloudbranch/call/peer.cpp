// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/peer.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>

#define GST_USE_UNSTABLE_API
#include <gst/sdp/sdp.h>
#include <gst/video/video.h>
#include <gst/webrtc/webrtc.h>
#include <nice/agent.h>

#include "cloudbranch/call/ice_server.h"
#include "cloudbranch/call/peer_parts.h"

namespace guichet::call {

namespace {

constexpr std::size_t kMostCandidates = 100;
constexpr const char* kFeedbackExtension =
    "extmap-1=(string)http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
constexpr const char* kBufferMs = "120"; ///< the jitter buffer's
constexpr std::chrono::milliseconds kReleasePatience{250};

/// The fields are the payloader's caps: webrtcbin has no useinbandfec of its own.
std::string description(Mode mode)
{
    std::string text =
        std::string("webrtcbin name=web bundle-policy=max-bundle latency=") + kBufferMs;
    if (mode == Mode::Video) {
        text += std::string(" appsrc name=video is-live=true format=time"
                            " ! rtpvp8pay mtu=1200 picture-id-mode=15-bit"
                            " ! capsfilter caps=\"application/x-rtp,media=video,encoding-name=VP8,"
                            "payload=96,clock-rate=90000,") +
                kFeedbackExtension + "\" ! web.";
    }
    return text +
           " appsrc name=audio is-live=true format=time ! rtpopuspay"
           " ! capsfilter caps=\"application/x-rtp,media=audio,encoding-name=OPUS,payload=97,"
           "clock-rate=48000,useinbandfec=(string)1," +
           kFeedbackExtension + "\" ! web.";
}

GstPadProbeReturn onUpstream(GstPad*, GstPadProbeInfo* info, gpointer holder)
{
    auto* event = gst_pad_probe_info_get_event(info);
    if (gst_video_event_is_force_key_unit(event) == FALSE) {
        return GST_PAD_PROBE_OK;
    }
    (*static_cast<std::function<void()>*>(holder))();
    return GST_PAD_PROBE_DROP;
}

std::string errorIn(GstPromise* promise)
{
    if (gst_promise_wait(promise) != GST_PROMISE_RESULT_REPLIED) {
        return {};
    }
    const auto* reply = gst_promise_get_reply(promise);
    GError* error = nullptr;
    if (reply == nullptr || gst_structure_has_field(reply, "error") == FALSE ||
        gst_structure_get(reply, "error", G_TYPE_ERROR, &error, nullptr) == FALSE) {
        return {};
    }
    std::string said = error != nullptr ? error->message : "no reason";
    g_clear_error(&error);
    return said;
}

} // namespace

Result<std::unique_ptr<Peer>> Peer::start(const Timebase& timebase, const PeerSettings& settings,
                                          PeerEvents events)
{
    auto pipeline = Pipeline::parse(description(settings.mode));
    if (!pipeline) {
        return fail(pipeline.error(), "peer");
    }
    auto shared = std::make_shared<Shared>();
    shared->events = std::move(events);
    std::unique_ptr<Peer> peer(new Peer(std::move(*pipeline), std::move(shared)));
    if (auto set = peer->setServers(settings.ice); !set) {
        return tl::unexpected(std::move(set.error()));
    }
    peer->setUpAgent(settings.loopback);
    peer->m_pipeline.prepare();
    peer->setUpSending();
    peer->openChannel();
    peer->listen();
    if (auto started = peer->m_pipeline.start(timebase); !started) {
        return fail(started.error(), "peer");
    }
    return peer;
}

Peer::Peer(Pipeline pipeline, std::shared_ptr<Shared> shared)
    : m_shared(std::move(shared))
    , m_pipeline(std::move(pipeline))
    , m_web(m_pipeline.part("web"))
{
    m_shared->pipeline = m_pipeline.get();
    m_shared->web = m_web;
}

Peer::~Peer()
{
    if (m_relayed) {
        releaseRelay();
    }
    gst_element_set_state(m_pipeline.get(), GST_STATE_NULL); // no callback comes after this
    const std::scoped_lock lock(m_shared->mutex);
    m_shared->channel.reset();
}

/// The relay keeps what it gave until it is told or ten minutes are over, and gives an end only so
/// much. Over a line that is cut this says nothing, and does not wait for it.
void Peer::releaseRelay()
{
    struct Release {
        std::mutex mutex;
        std::condition_variable done;
        bool over = false;
    };
    using Holder = std::shared_ptr<Release>;
    const auto release = std::make_shared<Release>();
    const auto onClosed = +[](GObject*, GAsyncResult*, gpointer data) {
        const std::unique_ptr<Holder> holder(static_cast<Holder*>(data));
        const std::scoped_lock lock((*holder)->mutex);
        (*holder)->over = true;
        (*holder)->done.notify_one();
    };
    nice_agent_close_async(NICE_AGENT(m_agent.get()), onClosed, new Holder(release));
    std::unique_lock lock(release->mutex);
    release->done.wait_for(lock, kReleasePatience, [&] { return release->over; });
}

Result<void> Peer::setServers(const Connect& ice)
{
    bool stun = false;
    for (const auto& server : ice.servers) {
        for (const auto& url : server.urls) {
            const auto uri = iceUri(url, server.username, server.credential);
            if (!uri) {
                return tl::unexpected(uri.error());
            }
            if (!uri->turn && !stun) { // webrtcbin has room for one
                stun = true;
                g_object_set(m_web, "stun-server", uri->uri.c_str(), nullptr);
            } else if (uri->turn) {
                gboolean added = FALSE;
                g_signal_emit_by_name(m_web, "add-turn-server", uri->uri.c_str(), &added);
                if (added == FALSE) {
                    return fail(Errc::Invalid, "ice server: GStreamer does not take it");
                }
                m_relayed = true;
            }
        }
    }
    g_object_set(m_web, "ice-transport-policy",
                 ice.relayOnly ? GST_WEBRTC_ICE_TRANSPORT_POLICY_RELAY
                               : GST_WEBRTC_ICE_TRANSPORT_POLICY_ALL,
                 nullptr);
    return {};
}

void Peer::setUpAgent(bool loopback)
{
    GObject* ice = nullptr;
    g_object_get(m_web, "ice-agent", &ice, nullptr);
    const ObjectHandle iceHandle(ice);
    GObject* agent = nullptr;
    g_object_get(ice, "agent", &agent, nullptr);
    m_agent.reset(agent);
    // No probing of a branch's router; a cut line is felt, and resumes without a rebuild.
    g_object_set(agent, "upnp", FALSE, "ice-tcp", FALSE, "keepalive-conncheck", TRUE, nullptr);
    if (loopback) {
        NiceAddress address;
        nice_address_init(&address);
        nice_address_set_from_string(&address, "127.0.0.1");
        nice_agent_add_local_address(NICE_AGENT(agent), &address);
    }
}

void Peer::setUpSending()
{
    GArray* transceivers = nullptr;
    g_signal_emit_by_name(m_web, "get-transceivers", &transceivers);
    for (guint i = 0; transceivers != nullptr && i < transceivers->len; ++i) {
        auto* transceiver = g_array_index(transceivers, GstWebRTCRTPTransceiver*, i);
        const bool video = i == 0 && transceivers->len == 2;
        g_object_set(transceiver, "direction", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_SENDRECV,
                     nullptr);
        if (video) { // retransmission of sound makes Chromium refuse the whole offer
            g_object_set(transceiver, "do-nack", TRUE, "fec-type", GST_WEBRTC_FEC_TYPE_ULP_RED,
                         "fec-percentage", 0, nullptr);
        }
    }
    if (transceivers != nullptr) {
        g_array_unref(transceivers);
    }
    if (auto* video = m_pipeline.part("video")) {
        const PadHandle pad(gst_element_get_static_pad(video, "src"));
        gst_pad_add_probe(
            pad.get(), GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, onUpstream,
            new std::function<void()>(m_shared->events.onKeyFrameWanted),
            [](gpointer holder) { delete static_cast<std::function<void()>*>(holder); });
    }
}

void Peer::openChannel()
{
    GObject* channel = nullptr;
    g_signal_emit_by_name(m_web, "create-data-channel", "app", nullptr, &channel);
    if (channel == nullptr) {
        return;
    }
    const ObjectHandle handle(channel);
    const auto onOpen = +[](GObject* opened, gpointer shared) {
        auto& self = sharedOf<Shared>(shared);
        const std::scoped_lock lock(self.mutex);
        self.channel.reset(G_OBJECT(g_object_ref(opened)));
    };
    const auto onClose = +[](GObject*, gpointer shared) {
        auto& self = sharedOf<Shared>(shared);
        const std::scoped_lock lock(self.mutex);
        self.channel.reset();
    };
    const auto onText = +[](GObject*, const gchar* text, gpointer shared) {
        if (text != nullptr) {
            sharedOf<Shared>(shared).events.onMessage(text);
        }
    };
    connectShared(channel, "on-open", G_CALLBACK(onOpen), m_shared);
    connectShared(channel, "on-close", G_CALLBACK(onClose), m_shared);
    connectShared(channel, "on-message-string", G_CALLBACK(onText), m_shared);
}

void Peer::listen()
{
    using Holder = std::shared_ptr<Shared>;
    for (auto* each = m_web->sinkpads; each != nullptr; each = each->next) {
        const PadHandle input(gst_pad_get_peer(GST_PAD(each->data)));
        ++m_shared->unfed;
        gst_pad_add_probe(input.get(),
                          static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER |
                                                       GST_PAD_PROBE_TYPE_BUFFER_LIST),
                          onFed, new Holder(m_shared),
                          [](gpointer holder) { delete static_cast<Holder*>(holder); });
    }
    const auto onCandidate = +[](GstElement*, guint line, gchar* candidate, gpointer shared) {
        if (candidate != nullptr && *candidate != '\0') {
            sharedOf<Shared>(shared).events.onCandidate(candidate, line);
        }
    };
    connectShared(m_web, "on-ice-candidate", G_CALLBACK(onCandidate), m_shared);
    connectShared(m_web, "pad-added", G_CALLBACK(onPadAdded), m_shared);
    // A packet that is overtaken is asked for at once.
    const auto onBuffer = +[](GstElement*, GstElement* buffer, guint, guint, gpointer) {
        g_object_set(buffer, "rtx-delay-reorder", 1, nullptr);
    };
    const ElementHandle bin(gst_bin_get_by_name(GST_BIN(m_web), "rtpbin"));
    g_signal_connect(bin.get(), "new-jitterbuffer", G_CALLBACK(onBuffer), nullptr);
}

/// The offer names the sources of packets, so each input must have had its first. webrtcbin's own
/// sign that it could offer comes too early: with the data channel.
GstPadProbeReturn Peer::onFed(GstPad*, GstPadProbeInfo*, gpointer shared)
{
    auto& self = sharedOf<Shared>(shared);
    if (--self.unfed > 0) {
        return GST_PAD_PROBE_REMOVE;
    }
    auto* wish = new OfferWish{*static_cast<std::shared_ptr<Shared>*>(shared),
                               ElementHandle(GST_ELEMENT(gst_object_ref(self.web)))};
    auto* promise = gst_promise_new_with_change_func(
        onOfferMade, wish, [](gpointer data) { delete static_cast<OfferWish*>(data); });
    g_signal_emit_by_name(self.web, "create-offer", nullptr, promise);
    return GST_PAD_PROBE_REMOVE;
}

void Peer::onOfferMade(GstPromise* promise, gpointer data)
{
    // The promise owns the wish.
    const auto shared = static_cast<OfferWish*>(data)->shared;
    const ElementHandle web(GST_ELEMENT(gst_object_ref(static_cast<OfferWish*>(data)->web.get())));
    GstWebRTCSessionDescription* offer = nullptr;
    if (gst_promise_wait(promise) == GST_PROMISE_RESULT_REPLIED) {
        gst_structure_get(gst_promise_get_reply(promise), "offer",
                          GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &offer, nullptr);
    }
    if (offer == nullptr) {
        const auto said = errorIn(promise);
        gst_promise_unref(promise);
        shared->events.onFailure({Errc::Internal, Remedy::None, "offer: " + said});
        return;
    }
    gst_promise_unref(promise);
    auto* done = gst_promise_new(); // nobody wants its answer
    g_signal_emit_by_name(web.get(), "set-local-description", offer, done);
    gst_promise_interrupt(done);
    gst_promise_unref(done);
    auto* text = gst_sdp_message_as_text(offer->sdp);
    shared->events.onOffer(text);
    g_free(text);
    gst_webrtc_session_description_free(offer);
}

Result<void> Peer::takeAnswer(const std::string& sdp)
{
    GstWebRTCSignalingState state{};
    g_object_get(m_web, "signaling-state", &state, nullptr);
    if (m_answered || state != GST_WEBRTC_SIGNALING_STATE_HAVE_LOCAL_OFFER) {
        return fail(Errc::Conflict, "answer: no offer waits for one");
    }
    GstSDPMessage* message = nullptr;
    gst_sdp_message_new(&message);
    const auto* bytes = reinterpret_cast<const guint8*>(sdp.data());
    if (gst_sdp_message_parse_buffer(bytes, static_cast<guint>(sdp.size()), message) !=
            GST_SDP_OK ||
        gst_sdp_message_medias_len(message) == 0) {
        gst_sdp_message_free(message);
        return fail(Errc::Invalid, "answer: no SDP with media");
    }
    auto* answer = gst_webrtc_session_description_new(GST_WEBRTC_SDP_TYPE_ANSWER, message);
    using Holder = std::shared_ptr<Shared>;
    auto* promise = gst_promise_new_with_change_func(
        [](GstPromise* settled, gpointer holder) {
            if (const auto said = errorIn(settled); !said.empty()) {
                sharedOf<Shared>(holder).events.onFailure(
                    {Errc::Invalid, Remedy::None, "answer: " + said});
            }
            gst_promise_unref(settled);
        },
        new Holder(m_shared), [](gpointer holder) { delete static_cast<Holder*>(holder); });
    g_signal_emit_by_name(m_web, "set-remote-description", answer, promise);
    gst_webrtc_session_description_free(answer);
    m_answered = true;
    flushCandidates(); // webrtcbin does one thing after the other
    return {};
}

Result<void> Peer::takeCandidate(const Candidate& candidate)
{
    if (m_waiting.size() >= kMostCandidates) {
        return fail(Errc::Conflict, "candidate: more than 100 before an answer");
    }
    m_waiting.push_back(candidate);
    if (m_answered) {
        flushCandidates();
    }
    return {};
}

void Peer::flushCandidates()
{
    for (const auto& each : m_waiting) {
        if (!each.candidate.empty()) {
            g_signal_emit_by_name(m_web, "add-ice-candidate", each.line, each.candidate.c_str());
        }
    }
    m_waiting.clear();
}

Result<void> Peer::tell(const std::string& text)
{
    const std::scoped_lock lock(m_shared->mutex);
    if (!m_shared->channel) {
        return fail(Errc::Disconnected, "tell: the data channel is not open");
    }
    g_signal_emit_by_name(m_shared->channel.get(), "send-string", text.c_str());
    return {};
}

void Peer::sendVideo(GstSample* sample)
{
    auto* input = m_pipeline.part("video");
    if (input == nullptr || (!m_videoBegun && GST_BUFFER_FLAG_IS_SET(gst_sample_get_buffer(sample),
                                                                     GST_BUFFER_FLAG_DELTA_UNIT))) {
        return;
    }
    m_videoBegun = true;
    m_shared->bytesOut += gst_buffer_get_size(gst_sample_get_buffer(sample));
    gst_app_src_push_sample(GST_APP_SRC(input), sample);
}

void Peer::sendAudio(GstSample* sample)
{
    m_shared->bytesOut += gst_buffer_get_size(gst_sample_get_buffer(sample));
    gst_app_src_push_sample(GST_APP_SRC(m_pipeline.part("audio")), sample);
}

void Peer::setFec(int percent)
{
    GArray* transceivers = nullptr;
    g_signal_emit_by_name(m_web, "get-transceivers", &transceivers);
    if (transceivers != nullptr && transceivers->len == 2) {
        g_object_set(g_array_index(transceivers, GstWebRTCRTPTransceiver*, 0), "fec-percentage",
                     percent, nullptr);
    }
    if (transceivers != nullptr) {
        g_array_unref(transceivers);
    }
}

} // namespace guichet::call
