// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/mrz_helper.h"

#include <utility>

#include "peripherals/base/random.h"
#include "peripherals/host/document_words.h"
#include "peripherals/host/secret_json.h"

namespace guichet::host {

using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr auto kFramesGone = 2500ms; ///< a little more than the camera's helper takes to notice
constexpr auto kFrameWait = 250ms;
constexpr auto kFrameBudget = 5s;
/// So long further frames may make a zone certain that can be read; then a person looks at it.
constexpr auto kPatience = 3s;

const char* eventFor(mrz::Advice advice)
{
    switch (advice) {
    case mrz::Advice::ShowDocument:
        return "showDocument";
    case mrz::Advice::MoveCloser:
        return "moveCloser";
    case mrz::Advice::HoldStill:
        return "holdStill";
    case mrz::Advice::Tilt:
        return "tiltDocument";
    case mrz::Advice::None:
        break;
    }
    return "reading";
}

} // namespace

MrzHelper::MrzHelper(std::filesystem::path camera, const Clock& clock,
                     std::optional<SealingKey> key)
    : m_clock(clock)
    , m_key(std::move(key))
    , m_frames(std::move(camera))
    , m_lastFrame(clock.ticks() - kFramesGone)
{
}

void MrzHelper::watch(HelperLine& line)
{
    const Step step(line, "frame", kFrameBudget);
    if (m_frames.next(m_pixels, 0ms)) {
        m_lastFrame = m_clock.ticks();
    }
    const bool frames = m_clock.ticks() - m_lastFrame < kFramesGone;
    line.status({{"common", {{"device", frames ? "online" : "offline"}}}});
}

Result<json> MrzHelper::perform(const std::string& operation, const json& arguments,
                                HelperLine& line, std::stop_token stop)
{
    if (operation != "readMrz") {
        return fail(Errc::Unsupported, "zone reader: unknown operation");
    }
    if (!m_key) {
        return fail(Errc::Unsupported, "zone reader: no sealing key is configured",
                    Remedy::CallStaff);
    }
    const std::chrono::milliseconds limit(arguments.value("timeoutMs", std::int64_t{0}));
    return awaitZone(line, stop, limit).and_then([this](const mrz::AgreedZone& agreed) {
        return describe(agreed);
    });
}

/// Nothing: no frame in time, or one that shows what was there before.
std::optional<mrz::FrameReading> MrzHelper::nextReading(HelperLine& line, Ticks after)
{
    const Step step(line, "frame", kFrameBudget);
    const auto info = m_frames.next(m_pixels, kFrameWait);
    if (!info) {
        return std::nullopt;
    }
    m_lastFrame = m_clock.ticks();
    if (Ticks(std::chrono::nanoseconds(info->captureNs)) < after) {
        return std::nullopt;
    }
    auto reading = m_reader.read({m_pixels, static_cast<int>(info->width),
                                  static_cast<int>(info->height), static_cast<int>(info->stride)});
    return reading ? std::optional(std::move(*reading)) : std::nullopt;
}

Result<mrz::AgreedZone> MrzHelper::awaitZone(HelperLine& line, const std::stop_token& stop,
                                             std::chrono::milliseconds limit)
{
    const auto begun = m_clock.ticks();
    auto until = begun + limit;
    m_agreement.startOver();
    std::string_view told = "showDocument";
    line.event(told, json::object());
    bool readable = false;
    const std::stop_callback ending(stop, [this] { m_frames.interrupt(); });
    while (!stop.stop_requested() && m_clock.ticks() < until) {
        auto reading = nextReading(line, begun);
        if (!reading) {
            continue;
        }
        const auto* advice = eventFor(reading->advice);
        if (advice != told) {
            told = advice;
            line.event(told, json::object());
        }
        if (!reading->candidate) {
            continue;
        }
        if (!readable && reading->candidate->sound) {
            readable = true;
            until = std::min(until, m_clock.ticks() + kPatience);
        }
        if (auto agreed = m_agreement.see(std::move(*reading->candidate))) {
            return std::move(*agreed);
        }
    }
    if (stop.stop_requested()) {
        return fail(Errc::Cancelled, "zone reader: stopped");
    }
    if (auto best = m_agreement.best()) {
        return std::move(*best);
    }
    return fail(Errc::Timeout, "no zone in time", Remedy::Retry);
}

Result<json> MrzHelper::describe(const mrz::AgreedZone& agreed) const
{
    const auto today = localDay(m_clock.now());
    const auto zone = mrz::parseMrz(agreed.zone.text.reveal(), today);
    if (!zone) {
        return tl::unexpected(zone.error());
    }
    SecretJson content;
    content.add("number", zone->number.reveal());
    content.add("mrz", agreed.zone.text.reveal());
    auto sealed = m_key->seal(std::move(content).take());
    if (!sealed) {
        return tl::unexpected(std::move(sealed).error());
    }
    auto result = describeZone(*zone, today);
    result.update({{"format", mrz::name(zone->format)},
                   {"confirm", agreed.acceptance == mrz::Acceptance::Confirm},
                   {"repaired", agreed.zone.repairs > 0},
                   {"handle", randomUuid()},
                   {"sealed", std::move(*sealed)}});
    return result;
}

} // namespace guichet::host
