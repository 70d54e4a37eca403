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
constexpr std::size_t kMostScanBytes = 1'400'000; ///< in base64 below what a message may hold
/// So long further frames may make a zone certain that can be read; then a person looks at it.
constexpr auto kPatience = 3s;
constexpr std::chrono::milliseconds kUntilStopped = 24h * 7;

mrz::GrayView luminance(const CameraFrame& frame)
{
    return {frame.pixels, frame.width, frame.height, frame.stride};
}

std::string_view eventFor(mrz::Advice advice)
{
    return advice == mrz::Advice::None ? "reading" : mrz::name(advice);
}

tl::unexpected<Error> noFrames()
{
    return fail(Errc::Disconnected, "document reader: no frames", Remedy::CallStaff);
}

/// By what check digits protect. A zone that cannot be read well in the picture says nothing.
bool sameDocument(const std::optional<mrz::ZoneCandidate>& pictured, const mrz::AgreedZone& agreed,
                  std::chrono::year_month_day today)
{
    if (!pictured || !pictured->sound || pictured->repairs > 0 || !agreed.zone.sound) {
        return true;
    }
    const auto one = mrz::parseMrz(pictured->text.reveal(), today);
    const auto other = mrz::parseMrz(agreed.zone.text.reveal(), today);
    return !one || !other ||
           (one->number.reveal() == other->number.reveal() &&
            one->birthText.reveal() == other->birthText.reveal() &&
            one->expiryText.reveal() == other->expiryText.reveal());
}

/// For each device to its own key.
Result<json> sealZone(const Secret<std::string>& zone, const json& recipients)
{
    auto zoneFor = json::object();
    for (const auto& [device, key] : recipients.items()) {
        auto sealed =
            SealingKey::fromPem(key.get_ref<const std::string&>())
                .and_then([&zone](const SealingKey& recipient) { return recipient.seal(zone); });
        if (!sealed) {
            return tl::unexpected(std::move(sealed).error());
        }
        zoneFor[device] = std::move(*sealed);
    }
    return zoneFor;
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
        return readImage(arguments, line, stop);
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

bool MrzHelper::cameraGone()
{
    return m_clock.ticks() - m_lastFrame > kFramesGone && !m_frames.cameraThere();
}

Result<json> MrzHelper::readImage(const json& arguments, HelperLine& line,
                                  const std::stop_token& stop)
{
    auto result = json::object();
    std::optional<mrz::ZoneCandidate> pictured;
    if (arguments.value("front", true)) {
        auto picture = awaitPicture(arguments, line, stop);
        if (!picture) {
            return tl::unexpected(std::move(picture).error());
        }
        result["picture"] = std::move(picture->jpeg);
        pictured = std::move(picture->zone);
    }
    const auto recipients = arguments.value("recipients", json::object());
    if (recipients.empty()) {
        return result;
    }
    const auto agreed = awaitZone(line, stop, std::nullopt);
    if (!agreed) {
        return tl::unexpected(agreed.error());
    }
    if (!sameDocument(pictured, *agreed, localDay(m_clock.now()))) {
        return fail(Errc::Conflict,
                    "document reader: the page was changed between its picture and its zone",
                    Remedy::Retry);
    }
    return sealZone(agreed->zone.text, recipients).map([&result](json zoneFor) {
        result["zoneFor"] = std::move(zoneFor);
        return std::move(result);
    });
}

Result<MrzHelper::Picture> MrzHelper::awaitPicture(const json& arguments, HelperLine& line,
                                                   const std::stop_token& stop)
{
    const auto begun = m_clock.ticks();
    m_lastFrame = begun;
    std::optional<mrz::Corners> before;
    bool seen = false, missed = false;
    const std::stop_callback ending(stop, [this] { m_frames.interrupt(); });
    while (!stop.stop_requested()) {
        const auto frame = nextFrame(line, begun);
        if (!frame) {
            if (cameraGone()) {
                return noFrames();
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
            return picture(*frame, *corners, arguments);
        }
        before = corners;
    }
    return fail(Errc::Cancelled, "document reader: stopped");
}

Result<MrzHelper::Picture> MrzHelper::picture(const CameraFrame& frame, const mrz::Corners& corners,
                                              const json& arguments) const
{
    auto document = mrz::cutDocument(frame, corners, 0);
    if (!document) {
        return tl::unexpected(std::move(document.error()));
    }
    auto zone = m_reader.read(luminance(document->frame()));
    if (zone && zone->candidate && zone->facts.turned != 0) {
        document = mrz::cutDocument(frame, corners, zone->facts.turned);
    }
    if (!arguments.value("colour", true)) {
        const auto gray = document->pixels.size() / 3 * 2; // then U and V
        std::fill(document->pixels.begin() + static_cast<std::ptrdiff_t>(gray),
                  document->pixels.end(), std::byte{128});
    }
    const auto mostBytes = std::min(kMostScanBytes, arguments.value("mostBytes", kMostScanBytes));
    return camera::toJpeg(document->frame(), mostBytes).map([&zone](const Bytes& jpeg) {
        return Picture{toBase64(jpeg), zone ? std::move(zone->candidate) : std::nullopt};
    });
}

Result<mrz::AgreedZone> MrzHelper::awaitZone(HelperLine& line, const std::stop_token& stop,
                                             std::optional<std::chrono::milliseconds> limit)
{
    const auto begun = m_clock.ticks();
    auto until = begun + limit.value_or(kUntilStopped);
    m_lastFrame = begun;
    m_agreement.startOver();
    std::string_view told = "showDocument";
    line.event(told, json::object());
    bool readable = false;
    const std::stop_callback ending(stop, [this] { m_frames.interrupt(); });
    while (!stop.stop_requested() && m_clock.ticks() < until) {
        auto reading = nextReading(line, begun);
        if (!reading) {
            if (!limit && cameraGone()) {
                return noFrames();
            }
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
    auto zoneFor = sealZone(agreed.zone.text, recipients);
    if (!zoneFor) {
        return tl::unexpected(std::move(zoneFor).error());
    }
    auto result = describeZone(*zone, today);
    result.update({{"format", mrz::name(zone->format)},
                   {"confirm", agreed.acceptance == mrz::Acceptance::Confirm},
                   {"repaired", agreed.zone.repairs > 0},
                   {"handle", randomUuid()},
                   {"zoneFor", std::move(*zoneFor)},
                   {"sealed", std::move(*sealed)}});
    return result;
}

} // namespace guichet::host
