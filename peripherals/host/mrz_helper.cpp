// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/mrz_helper.h"

#include <algorithm>
#include <utility>

#include "drivers/camera/still_picture.h"
#include "peripherals/base/random.h"
#include "peripherals/host/document_words.h"
#include "peripherals/host/frame_pace.h"
#include "peripherals/host/secret_json.h"

namespace guichet::host {

using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr auto kFramesGone = 2500ms; ///< a little more than the camera's helper takes to notice
constexpr std::size_t kMostPictureBytes = 1'400'000; ///< in base64 below what a message may hold
/// So long further frames may make a zone certain that can be read; then a person looks at it.
constexpr auto kPatience = 3s;

mrz::GrayView luminance(const CameraFrame& frame)
{
    return {frame.pixels, frame.width, frame.height, frame.stride};
}

std::string_view eventFor(mrz::Advice advice)
{
    return advice == mrz::Advice::None ? "reading" : mrz::name(advice);
}

} // namespace

MrzHelper::MrzHelper(std::filesystem::path camera, const Clock& clock,
                     std::optional<SealingKey> key)
    : m_clock(clock)
    , m_key(std::move(key))
    , m_frames(std::move(camera))
{
}

void MrzHelper::watch(HelperLine& line)
{
    m_frames.rest();
    line.status({{"common", {{"device", m_frames.cameraThere() ? "online" : "offline"}}},
                 {"printer", {{"media", "unknown"}}}});
}

Result<json> MrzHelper::perform(const std::string& operation, const json& arguments,
                                HelperLine& line, std::stop_token stop)
{
    if (operation == "readMrz") {
        return readZone(arguments, line, stop);
    }
    if (operation == "readImage") {
        return readImage(arguments.value("colour", true), line, stop);
    }
    if (operation == "reset") {
        watch(line);
        return json::object();
    }
    return fail(Errc::Unsupported, "document reader: unknown operation");
}

Result<json> MrzHelper::readZone(const json& arguments, HelperLine& line,
                                 const std::stop_token& stop)
{
    if (!m_key) {
        return fail(Errc::Unsupported, "zone reader: no sealing key is configured",
                    Remedy::CallStaff);
    }
    const std::chrono::milliseconds limit(arguments.value("timeoutMs", std::int64_t{0}));
    const auto recipients = arguments.value("recipients", json::object());
    return awaitZone(line, stop, limit).and_then([&](const mrz::AgreedZone& agreed) {
        return describe(agreed, recipients);
    });
}

std::optional<CameraFrame> MrzHelper::nextFrame(HelperLine& line, Ticks after)
{
    const Step step(line, "frame", kFrameBudget);
    const auto info = m_frames.next(m_pixels, kFrameWait);
    if (!info) {
        return std::nullopt;
    }
    m_lastFrame = m_clock.ticks();
    const Ticks captured{std::chrono::nanoseconds(info->captureNs)};
    if (captured < after) {
        return std::nullopt;
    }
    if (info->format == frames::PixelFormat::Gray8) { // colourless, as I420 has it
        const std::size_t half = (info->stride + 1) / 2, rows = (info->height + 1) / 2;
        m_pixels.resize(m_pixels.size() + 2 * half * rows, std::byte{128});
    }
    return CameraFrame{.width = static_cast<int>(info->width),
                       .height = static_cast<int>(info->height),
                       .stride = static_cast<int>(info->stride),
                       .captured = captured,
                       .pixels = m_pixels};
}

std::optional<mrz::FrameReading> MrzHelper::nextReading(HelperLine& line, Ticks after)
{
    const auto frame = nextFrame(line, after);
    if (!frame) {
        return std::nullopt;
    }
    auto reading = m_reader.read(luminance(*frame));
    return reading ? std::optional(std::move(*reading)) : std::nullopt;
}

Result<json> MrzHelper::readImage(bool colour, HelperLine& line, const std::stop_token& stop)
{
    const auto begun = m_clock.ticks();
    m_lastFrame = begun;
    std::optional<mrz::Corners> before;
    bool seen = false, missed = false;
    const std::stop_callback ending(stop, [this] { m_frames.interrupt(); });
    while (!stop.stop_requested()) {
        const auto frame = nextFrame(line, begun);
        if (!frame) {
            if (m_clock.ticks() - m_lastFrame > kFramesGone && !m_frames.cameraThere()) {
                return fail(Errc::Disconnected, "document reader: no frames", Remedy::CallStaff);
            }
            continue;
        }
        const auto corners = mrz::findDocument(luminance(*frame));
        if (!corners && !std::exchange(missed, true)) {
            line.event("Printer.NoMediaEvent", json::object());
        }
        if (corners && !std::exchange(seen, true)) {
            line.event("Printer.MediaInsertedEvent", json::object());
        }
        if (corners && before && mrz::still(*before, *corners)) {
            return picture(*frame, *corners, colour);
        }
        before = corners;
    }
    return fail(Errc::Cancelled, "document reader: stopped");
}

Result<json> MrzHelper::picture(const CameraFrame& frame, const mrz::Corners& corners,
                                bool colour) const
{
    auto document = mrz::cutDocument(frame, corners, 0);
    if (!document) {
        return tl::unexpected(std::move(document.error()));
    }
    if (const auto zone = m_reader.read(luminance(document->frame()));
        zone && zone->candidate && zone->facts.turned != 0) {
        document = mrz::cutDocument(frame, corners, zone->facts.turned);
    }
    if (!colour) {
        const auto gray = document->pixels.size() / 3 * 2; // then U and V
        std::fill(document->pixels.begin() + static_cast<std::ptrdiff_t>(gray),
                  document->pixels.end(), std::byte{128});
    }
    return camera::toJpeg(document->frame(), kMostPictureBytes).map([](const Bytes& jpeg) {
        return json{{"picture", toBase64(jpeg)}};
    });
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
        const auto advice = eventFor(reading->advice);
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

Result<json> MrzHelper::describe(const mrz::AgreedZone& agreed, const json& recipients) const
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
    auto zoneFor = json::object();
    for (const auto& [device, key] : recipients.items()) {
        auto sealedZone = SealingKey::fromPem(key.get_ref<const std::string&>())
                              .and_then([&agreed](const SealingKey& recipient) {
                                  return recipient.seal(agreed.zone.text);
                              });
        if (!sealedZone) {
            return tl::unexpected(std::move(sealedZone).error());
        }
        zoneFor[device] = std::move(*sealedZone);
    }
    auto result = describeZone(*zone, today);
    result.update({{"format", mrz::name(zone->format)},
                   {"confirm", agreed.acceptance == mrz::Acceptance::Confirm},
                   {"repaired", agreed.zone.repairs > 0},
                   {"handle", randomUuid()},
                   {"zoneFor", std::move(zoneFor)},
                   {"sealed", std::move(*sealed)}});
    return result;
}

} // namespace guichet::host
