// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/barcode_helper.h"

#include <utility>

#include "peripherals/host/symbologies.h"

namespace guichet::host {

using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr auto kFramesGone = 2500ms; ///< a little more than the camera's helper takes to notice
constexpr auto kFrameWait = 250ms;
constexpr auto kFrameBudget = 5s;
/// Our own tokens: the hub verifies their signature, so a misread one passes nowhere.
constexpr std::string_view kOwnToken = "GT1:";

bool isOwnToken(ByteView bytes)
{
    return asText(bytes).substr(0, kOwnToken.size()) == kOwnToken;
}

std::vector<barcode::Symbology> wanted(const json& arguments)
{
    std::vector<barcode::Symbology> list;
    for (const auto& each : arguments.value("symbologies", json::array())) {
        if (const auto known = symbologyFromName(each.is_string() ? each.get<std::string>() : "")) {
            list.push_back(*known);
        }
    }
    return list;
}

Ticks captureTime(const frames::FrameInfo& info)
{
    return Ticks(std::chrono::nanoseconds(info.captureNs));
}

} // namespace

BarcodeHelper::BarcodeHelper(std::filesystem::path camera, const Clock& clock)
    : m_clock(clock)
    , m_reader(std::move(camera))
    , m_policy(isOwnToken)
    , m_lastFrame(clock.ticks() - kFramesGone)
{
}

void BarcodeHelper::watch(HelperLine& line)
{
    static_cast<void>(nextFrame(line, false, 0ms));
}

std::optional<frames::FrameInfo> BarcodeHelper::nextFrame(HelperLine& line, bool reading,
                                                          std::chrono::milliseconds timeout)
{
    line.step("frame", kFrameBudget);
    const auto info = m_reader.next(m_pixels, timeout);
    if (info) {
        m_lastFrame = m_clock.ticks();
    }
    const bool frames = m_clock.ticks() - m_lastFrame < kFramesGone;
    const char* scanner = !frames ? "inoperative" : reading ? "on" : "off";
    line.status({{"common", {{"device", frames ? "online" : "offline"}}},
                 {"barcodeReader", {{"scanner", scanner}}}});
    return info;
}

Result<json> BarcodeHelper::perform(const std::string& operation, const json& arguments,
                                    HelperLine& line, std::stop_token stop)
{
    if (operation == "read") {
        return read(arguments, line, stop);
    }
    if (operation == "reset") {
        m_policy = barcode::FramePolicy(isOwnToken);
        return json::object();
    }
    return fail(Errc::Unsupported, "barcode reader: unknown operation");
}

Result<json> BarcodeHelper::read(const json& arguments, HelperLine& line,
                                 const std::stop_token& stop)
{
    const auto kinds = wanted(arguments);
    const auto begun = m_clock.ticks();
    m_policy.startOver();
    const std::stop_callback ending(stop, [this] { m_reader.interrupt(); });
    while (!stop.stop_requested()) {
        const auto info = nextFrame(line, true, kFrameWait);
        // An older frame may show what the customer before held up.
        if (!info || captureTime(*info) < begun) {
            continue;
        }
        const barcode::LuminanceView view{m_pixels, static_cast<int>(info->width),
                                          static_cast<int>(info->height),
                                          static_cast<int>(info->stride)};
        const auto code = m_policy.see(barcode::readCode(view, kinds), m_clock.ticks());
        if (code) {
            return json{{"symbology", name(code->symbology)}, {"data", toBase64(code->bytes)}};
        }
    }
    return fail(Errc::Cancelled, "barcode reader: stopped");
}

} // namespace guichet::host
