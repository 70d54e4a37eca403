// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/call.h"

#include <cmath>

#include <malloc.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "cloudbranch/call/ice_server.h"

namespace guichet::call {

using nlohmann::json;

namespace {

using namespace std::chrono_literals;

constexpr auto kControlEvery = 220ms;
constexpr auto kQualityEvery = 1s;
constexpr auto kSoundEvery = 500ms;
constexpr std::size_t kLargestMessage = 128U << 10; ///< of the seat's
constexpr double kSoundBufferMs = 120;
constexpr double kSamplesPerSecond = 48000;

} // namespace

/// The members go in the reverse of their order: those that make samples before those that take
/// them.
struct Call::Case {
    Open open;
    Timebase timebase = Timebase::now();
    std::unique_ptr<Recorder> recorder;
    std::unique_ptr<RemotePicture> picture;
    std::unique_ptr<Loudspeaker> loudspeaker;

    std::mutex peerMutex; ///< the capture's threads send; the loop's thread replaces
    std::unique_ptr<Peer> peer;
    unsigned generation = 0; ///< of the peer: what an earlier one says is not heard
    std::optional<Connect> ice;

    std::unique_ptr<VideoCapture> video;
    std::unique_ptr<MicrophoneCapture> microphone;

    MediaWatch watch;
    QualityIntervals intervals;
    RateController rate;
    std::string lastMedia; ///< as it was said
    Ticks controlAt{};
    Ticks qualityAt{};
    Ticks soundAt{};
    PeerCounts counted;
    std::atomic<std::uint64_t> picturesOut = 0;
    std::uint64_t picturesOutBefore = 0;

    ~Case()
    {
        microphone.reset();
        video.reset();
        peer.reset();
    }
};

Call::Call(CallOptions options, EventLoop& loop, const Clock& clock)
    : m_options(std::move(options))
    , m_loop(loop)
    , m_clock(clock)
{
}

Call::~Call() = default;

void Call::hear(std::string_view line)
{
    auto [of, command] = parseControlLine(line);
    const auto done = command.and_then([&](const Command& said) {
        return std::visit([this](const auto& each) { return perform(each); }, said);
    });
    if (!done) {
        sayFailed(of, done.error());
    }
}

Result<void> Call::perform(const Open& command)
{
    if (m_case) {
        return fail(Errc::Conflict, "open: case " + m_case->open.caseId + " is open");
    }
    m_case = std::make_unique<Case>();
    m_case->open = command;
    if (auto started = startSides(command); !started) {
        m_case.reset();
        return started;
    }
    m_loop.say(json{{"event", "opened"}, {"case", command.caseId}}.dump());
    note("opened", command.mode == Mode::Voice ? "voice" : "video");
    return {};
}

Result<void> Call::startSides(const Open& command)
{
    auto& now = *m_case;
    auto picture = RemotePicture::serve(command.remotePicture);
    if (!picture) {
        return tl::unexpected(std::move(picture.error()));
    }
    now.picture = std::move(*picture);
    auto loudspeaker = Loudspeaker::start(now.timebase, m_options.audioSink);
    if (!loudspeaker) {
        return tl::unexpected(std::move(loudspeaker.error()));
    }
    now.loudspeaker = std::move(*loudspeaker);
    if (command.record) {
        auto recorder =
            Recorder::open(*command.record, command.caseId,
                           {[this](const std::string& manifest) {
                                m_loop.say(json{{"event", "heads"}, {"manifest", manifest}}.dump());
                            },
                            [this](const Error& error) { sayFailed("open", error); }},
                           m_clock);
        if (!recorder) {
            return fail(recorder.error(), "record");
        }
        now.recorder = std::move(*recorder);
    }
    if (command.mode == Mode::Video) {
        auto video = VideoCapture::start(now.timebase, command.camera, [&now](GstSample* sample) {
            if (now.recorder) {
                now.recorder->take(Track::LocalVideo, sample);
            }
            ++now.picturesOut;
            const std::scoped_lock lock(now.peerMutex);
            if (now.peer) {
                now.peer->sendVideo(sample);
            }
        });
        if (!video) {
            return tl::unexpected(std::move(video.error()));
        }
        now.video = std::move(*video);
    }
    auto microphone =
        MicrophoneCapture::start(now.timebase, m_options.audioSource, [&now](GstSample* sample) {
            if (now.recorder) {
                now.recorder->take(Track::LocalAudio, sample);
            }
            const std::scoped_lock lock(now.peerMutex);
            if (now.peer) {
                now.peer->sendAudio(sample);
            }
        });
    if (!microphone) {
        return tl::unexpected(std::move(microphone.error()));
    }
    now.microphone = std::move(*microphone);
    return {};
}

Result<void> Call::perform(const Connect& command)
{
    if (!m_case) {
        return fail(Errc::Conflict, "connect: no case is open");
    }
    const auto before = std::exchange(m_case->ice, command);
    if (auto started = startPeer(); !started) {
        m_case->ice = before;
        return started;
    }
    m_case->watch.connecting(m_clock.ticks());
    m_case->rate.restart();
    if (m_case->video) {
        m_case->video->setRate(m_case->rate.plan());
    }
    sayMedia();
    return {};
}

Result<void> Call::perform(const Servers& command)
{
    if (!m_case || !m_case->ice) {
        return fail(Errc::Conflict, "servers: there was no connect");
    }
    for (const auto& server : command.ice.servers) {
        for (const auto& url : server.urls) {
            if (auto uri = iceUri(url, server.username, server.credential); !uri) {
                return fail(uri.error(), "servers");
            }
        }
    }
    m_case->ice = command.ice;
    return {};
}

/// The old peer goes only once the new one stands.
Result<void> Call::startPeer()
{
    const auto generation = m_case->generation + 1;
    auto events = peerEvents();
    auto peer = Peer::start(m_case->timebase, {m_case->open.mode, *m_case->ice, m_options.loopback},
                            std::move(events));
    if (!peer) {
        return tl::unexpected(std::move(peer.error()));
    }
    dropPeer();
    m_case->generation = generation;
    m_case->counted = {};
    {
        const std::scoped_lock lock(m_case->peerMutex);
        m_case->peer = std::move(*peer);
    }
    if (m_case->video) {
        m_case->video->forceKeyFrame();
    }
    return {};
}

void Call::dropPeer()
{
    std::unique_ptr<Peer> old;
    {
        const std::scoped_lock lock(m_case->peerMutex);
        old = std::move(m_case->peer);
    }
    ++m_case->generation;
}

PeerEvents Call::peerEvents()
{
    auto& now = *m_case;
    const auto generation = now.generation + 1;
    // Only the loop's thread knows whether the case and the peer are still those.
    const auto posted = [this, caseId = now.open.caseId, generation](auto task) {
        m_loop.post([this, caseId, generation, task] {
            if (m_case && m_case->open.caseId == caseId && m_case->generation == generation) {
                task();
            }
        });
    };
    const auto record = [&now](Track track) -> OnSample {
        return [&now, track](GstSample* sample) {
            if (now.recorder) {
                now.recorder->take(track, sample);
            }
        };
    };
    return {
        .onOffer =
            [this, posted](const std::string& sdp) {
                posted([this, sdp] {
                    m_loop.say(json{{"event", "offer"}, {"sdp", sdp}, {"fresh", true}}.dump());
                });
            },
        .onCandidate =
            [this, posted](const std::string& candidate, unsigned line) {
                posted([this, candidate, line] {
                    m_loop.say(
                        json{{"event", "candidate"}, {"candidate", candidate}, {"line", line}}
                            .dump());
                });
            },
        .onMessage =
            [this, posted](const std::string& text) { posted([this, text] { fromSeat(text); }); },
        .onFailure =
            [this, posted](const Error& error) {
                posted([this, error] { sayFailed("connect", error); });
            },
        .onKeyFrameWanted = [&now] { now.video->forceKeyFrame(); },
        .onEncodedVideo = record(Track::RemoteVideo),
        .onEncodedAudio = record(Track::RemoteAudio),
        .onPicture = [&now](GstSample* sample) { now.picture->show(sample); },
        .onSound = [&now](GstSample* sample) { now.loudspeaker->play(sample); },
    };
}

Result<void> Call::perform(const Answer& command)
{
    if (!m_case || !m_case->peer) {
        return fail(Errc::Conflict, "answer: nothing was offered");
    }
    return m_case->peer->takeAnswer(command.sdp).map([this] {
        m_case->watch.answered(m_clock.ticks());
    });
}

Result<void> Call::perform(const Candidate& command)
{
    if (!m_case || !m_case->peer) {
        return fail(Errc::Conflict, "candidate: nothing was offered");
    }
    return m_case->peer->takeCandidate(command);
}

Result<void> Call::perform(const NeedOffer& command)
{
    if (!m_case || !m_case->ice) {
        return fail(Errc::Conflict, "needOffer: there was no connect");
    }
    note("rebuild", command.why);
    return startPeer().map([this] { m_case->watch.rebuilding(m_clock.ticks()); });
}

Result<void> Call::perform(const Camera& command)
{
    if (!m_case || !m_case->video) {
        return fail(Errc::Conflict, "camera: no case with a picture is open");
    }
    m_case->video->show(command.on);
    note("camera", command.on ? "on" : "off");
    return {};
}

Result<void> Call::perform(const Microphone& command)
{
    if (!m_case) {
        return fail(Errc::Conflict, "microphone: no case is open");
    }
    m_case->microphone->listen(command.on);
    note("microphone", command.on ? "on" : "off");
    return {};
}

Result<void> Call::perform(const Log& command)
{
    if (!m_case || !m_case->recorder) {
        return fail(Errc::Conflict, "log: nothing is recorded");
    }
    auto& record = m_case->recorder->record();
    const auto& attached = command.attachment;
    return (attached ? record.attach(command.entry, attached->mediaType, attached->content)
                     : record.log(command.entry))
        .map([&] { sayKept(command.id); });
}

Result<void> Call::perform(const Retain& command)
{
    if (!m_case || !m_case->recorder) {
        return fail(Errc::Conflict, "retain: nothing is recorded");
    }
    evidence::Retention retention{.name = command.name, .months = command.months};
    if (command.running) {
        retention.from = m_clock.now();
    }
    return m_case->recorder->record().retain(retention).map([&] { sayKept(command.id); });
}

Result<void> Call::perform(const Tell& command)
{
    if (!m_case || !m_case->peer) {
        return fail(Errc::Disconnected, "tell: there is no seat");
    }
    return m_case->peer->tell(command.message);
}

Result<void> Call::perform(const Disconnect&)
{
    if (!m_case) {
        return fail(Errc::Conflict, "disconnect: no case is open");
    }
    dropPeer();
    m_case->ice.reset();
    m_case->watch.disconnected();
    m_case->intervals.end(m_clock.ticks());
    noteIntervals();
    m_case->lastMedia.clear();
    m_case->picture->hide();
    note("disconnected", "");
    return {};
}

Result<void> Call::perform(const Close&)
{
    if (!m_case) {
        return fail(Errc::Conflict, "close: no case is open");
    }
    end(End::Closed);
    return {};
}

void Call::leave()
{
    if (m_case) {
        end(End::Left);
    }
}

void Call::end(End how)
{
    m_case->intervals.end(m_clock.ticks());
    noteIntervals();
    note(how == End::Closed ? "closed" : "left", "");
    m_case->microphone.reset();
    m_case->video.reset();
    dropPeer();
    if (m_case->recorder && how == End::Left) {
        m_case->recorder->leave();
    } else if (m_case->recorder) {
        if (auto closed = m_case->recorder->close(); !closed) {
            sayFailed("close", closed.error());
        }
    }
    const auto caseId = m_case->open.caseId;
    m_case.reset();
    malloc_trim(0); // the next call may be hours away
    m_loop.say(json{{"event", "closed"}, {"case", caseId}}.dump());
}

void Call::tick()
{
    if (!m_case) {
        return;
    }
    const auto now = m_clock.ticks();
    m_case->loudspeaker->attend();
    m_case->microphone->attend();
    if (m_case->recorder && now - m_case->soundAt >= kSoundEvery) {
        m_case->soundAt = now;
        m_loop.say(
            json{{"event", "sound"}, {"dbfs", std::round(m_case->microphone->loudest())}}.dump());
    }
    if (m_case->video) {
        if (auto video = m_case->video->attend(); !video) {
            sayFailed("camera", video.error());
        }
    }
    if (!m_case->peer) {
        return;
    }
    if (auto peer = m_case->peer->attend(); !peer) {
        spdlog::warn("peer: {}", peer.error().detail); // its silence leads to another one
    }
    m_case->watch.look(now, m_case->peer->lastPacket());
    sayMedia();
    if (m_case->watch.wantsRebuild(now)) {
        note("rebuild", name(m_case->watch.state()));
        if (auto started = startPeer(); !started) {
            sayFailed("connect", started.error());
        }
        m_case->watch.rebuilding(now);
        return;
    }
    if (now - m_case->controlAt >= kControlEvery) {
        m_case->controlAt = now;
        control();
    }
    if (now - m_case->qualityAt >= kQualityEvery) {
        sayQuality(now);
    }
}

void Call::control()
{
    const auto report = m_case->peer->feedback();
    if (!report) {
        return;
    }
    const auto plan = m_case->rate.update(*report);
    if (m_case->video) {
        m_case->video->setRate(plan);
        m_case->peer->setFec(plan.fecPct);
    }
    m_case->microphone->setLoss(static_cast<int>(report->lossPct));
}

void Call::sayMedia()
{
    const auto state = m_case->watch.state();
    const bool voice =
        m_case->open.mode == Mode::Voice || m_case->rate.plan().picture == Picture::Still;
    auto line =
        json{{"event", "media"}, {"state", name(state)}, {"mode", voice ? "voice" : "video"}}
            .dump();
    if (state == MediaState::Idle || line == m_case->lastMedia) {
        return;
    }
    m_loop.say(line);
    m_case->lastMedia = std::move(line);
    note("media", name(state));
    m_case->intervals.take(m_clock.ticks(), state);
    noteIntervals();
    if (state == MediaState::Lost) {
        m_case->picture->hide();
    }
}

void Call::sayQuality(Ticks now)
{
    const auto since = std::exchange(m_case->qualityAt, now);
    const std::chrono::duration<double> span = now - since;
    const auto counts = m_case->peer->counts();
    const auto& before = m_case->counted;
    const auto perSecond = [&](std::uint64_t later, std::uint64_t earlier) {
        return static_cast<double>(later - earlier) / span.count();
    };
    const auto out = m_case->picturesOut.load();
    if (span < 5 * kQualityEvery) { // a first look has nothing to compare with
        const Quality quality{
            .fpsIn = perSecond(counts.pictures, before.pictures),
            .fpsOut = perSecond(out, m_case->picturesOutBefore),
            .kbpsIn = perSecond(counts.bytesIn, before.bytesIn) * 8 / 1000,
            .kbpsOut = perSecond(counts.bytesOut, before.bytesOut) * 8 / 1000,
            .lossPct = counts.lossPct,
            .rttMs = counts.rttMs,
            .jitterMs = counts.jitterMs,
            .concealedPct = perSecond(counts.samplesConcealed, before.samplesConcealed) * 100 /
                            kSamplesPerSecond,
        };
        m_loop.say(R"({"event":"quality","figures":)" + figures(quality, kSoundBufferMs) + "}");
        if (m_case->open.mode == Mode::Video) {
            m_case->intervals.take(since, now, quality.fpsIn);
            noteIntervals();
        }
    }
    m_case->counted = counts;
    m_case->picturesOutBefore = out;
}

/// What the seat's page says; only an object is handed on.
void Call::fromSeat(const std::string& text)
{
    auto message = text.size() <= kLargestMessage ? json::parse(text, nullptr, false) : json();
    if (!message.is_object()) {
        spdlog::warn("the seat said something that is no object, {} bytes", text.size());
        return;
    }
    m_loop.say(json{{"event", "told"}, {"message", std::move(message)}}.dump());
}

/// Our own line of the case's log.
void Call::note(std::string_view event, std::string_view detail)
{
    if (!m_case->recorder) {
        return;
    }
    const auto line = json{{"at", toRfc3339(m_clock.now())},
                           {"call", event},
                           {"detail", detail},
                           {"mediaMs", m_case->timebase.elapsed() / GST_MSECOND}};
    if (auto logged = m_case->recorder->record().log(line.dump()); !logged) {
        sayFailed("log", logged.error());
    }
}

void Call::noteIntervals()
{
    const auto timeOf = [this](Ticks ticks) {
        const auto ago = m_clock.ticks() - ticks;
        return toRfc3339(m_clock.now() -
                         std::chrono::duration_cast<std::chrono::milliseconds>(ago));
    };
    for (const auto& interval : m_case->intervals.ended()) {
        if (!m_case->recorder) {
            continue;
        }
        const auto line = json{{"at", toRfc3339(m_clock.now())},
                               {"quality", interval.what},
                               {"from", timeOf(interval.from)},
                               {"until", timeOf(interval.until)}};
        if (auto logged = m_case->recorder->record().log(line.dump()); !logged) {
            sayFailed("log", logged.error());
        }
    }
}

/// What the kiosk asked to be kept is on the disk.
void Call::sayKept(const std::string& id)
{
    if (!id.empty()) {
        m_loop.say(json{{"event", "kept"}, {"id", id}}.dump());
    }
}

void Call::sayFailed(std::string_view of, const Error& error)
{
    spdlog::warn("{}: {}", of, error.detail);
    m_loop.say(json{{"event", "failed"},
                    {"of", of},
                    {"code", guichet::name(error.code)},
                    {"detail", error.detail}}
                   .dump(-1, ' ', false, json::error_handler_t::replace));
}

} // namespace guichet::call
