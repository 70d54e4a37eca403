// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cloudbranch/call/control_message.h"
#include "cloudbranch/call/pipeline.h"
#include "cloudbranch/call/rate_controller.h"

namespace guichet::call {

/// What comes out of a peer connection, on threads of GStreamer; some of it may still come when the
/// peer is gone.
struct PeerEvents {
    std::function<void(const std::string& sdp)> onOffer;
    std::function<void(const std::string& candidate, unsigned line)> onCandidate;
    std::function<void(const std::string& text)> onMessage;
    std::function<void(const Error&)> onFailure;
    std::function<void()> onKeyFrameWanted;
    OnSample onEncodedVideo; ///< as received: to be recorded
    OnSample onEncodedAudio;
    OnSample onPicture; ///< decoded, I420
    OnSample onSound;   ///< decoded, 48 kHz mono
};

struct PeerSettings {
    Mode mode = Mode::Video;
    Connect ice;
    bool loopback = false; ///< tests: 127.0.0.1 is a way, too
};

/// Counted since the beginning, but for what the other end reported last.
struct PeerCounts {
    std::uint64_t bytesIn = 0;
    std::uint64_t bytesOut = 0;
    std::uint64_t pictures = 0;
    std::uint64_t samplesConcealed = 0;
    double lossPct = 0;
    double rttMs = 0;
    double jitterMs = 0;
};

/// One attempt at a peer connection, thrown away to recover: webrtcbin 1.22 has no ICE restart. It
/// offers, always; what it sends was encoded before. Thread-bound but for sendVideo(), sendAudio().
class Peer {
public:
    /// The offer comes by onOffer. Fails with Errc::Invalid (an ICE server) or Errc::Unsupported.
    [[nodiscard]] static Result<std::unique_ptr<Peer>>
    start(const Timebase& timebase, const PeerSettings& settings, PeerEvents events);
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;
    ~Peer();

    /// Errc::Invalid: no SDP. Errc::Conflict: no offer waits for an answer.
    [[nodiscard]] Result<void> takeAnswer(const std::string& sdp);
    /// Also before the answer, which it then waits for. Errc::Conflict: more than a peer has.
    [[nodiscard]] Result<void> takeCandidate(const Candidate& candidate);
    /// Errc::Disconnected: the data channel is not open.
    [[nodiscard]] Result<void> tell(const std::string& text);

    void sendVideo(GstSample* sample);
    void sendAudio(GstSample* sample);

    void setFec(int percent);
    /// New transport-wide feedback, if there is any since the last call.
    [[nodiscard]] std::optional<LineReport> feedback();
    [[nodiscard]] PeerCounts counts() const;
    /// When the last packet of picture or sound came.
    [[nodiscard]] std::optional<Ticks> lastPacket() const;
    [[nodiscard]] Result<void> attend() { return m_pipeline.attend(); }

private:
    struct Shared; ///< with the callbacks
    struct OfferWish;
    Peer(Pipeline pipeline, std::shared_ptr<Shared> shared);

    Result<void> setServers(const Connect& ice);
    void setUpAgent(bool loopback);
    void setUpSending();
    void openChannel();
    void listen();
    void flushCandidates();
    void releaseRelay();

    static GstPadProbeReturn onFed(GstPad* pad, GstPadProbeInfo* info, gpointer shared);
    static void onOfferMade(GstPromise* promise, gpointer wish);
    static void onPadAdded(GstElement* web, GstPad* pad, gpointer shared);
    static void receive(Shared& shared, GstElement* web, GstPad* pad);
    static GstPadProbeReturn countGaps(GstPad* pad, GstPadProbeInfo* info, gpointer shared);
    static GstPadProbeReturn tellPatiently(GstPad* pad, GstPadProbeInfo* info, gpointer shared);

    std::shared_ptr<Shared> m_shared;
    Pipeline m_pipeline; ///< its threads end before the rest goes away
    GstElement* m_web;
    ObjectHandle m_agent;   ///< of ICE
    bool m_relayed = false; ///< a relay may have given us something
    std::vector<Candidate> m_waiting;
    bool m_answered = false;
    bool m_videoBegun = false; ///< of sendVideo()'s thread
    StructureHandle m_feedback;
};

} // namespace guichet::call
