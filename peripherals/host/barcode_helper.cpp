// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/barcode_helper.h"

#include <utility>

#include "peripherals/host/frame_pace.h"
#include "peripherals/host/symbologies.h"

namespace guichet::host {

using nlohmann::json;
using namespace std::chrono_literals;

namespace {

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
    , m_frames(std::move(camera))
    , m_policy(isOwnToken)
{
}

void BarcodeHelper::watch(HelperLine& line)
{
    m_frames.rest();
    tell(line, false);
}

void BarcodeHelper::tell(HelperLine& line, bool reading)
{
    const bool there = m_frames.cameraThere();
    const char* scanner = !there ? "inoperative" : reading ? "on" : "off";
    line.status({{"common", {{"device", there ? "online" : "offline"}}},
                 {"barcodeReader", {{"scanner", scanner}}}});
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
    const std::stop_callback ending(stop, [this] { m_frames.interrupt(); });
    while (!stop.stop_requested()) {
        line.step("frame", kFrameBudget);
        const auto info = m_frames.next(m_pixels, kFrameWait);
        tell(line, true);
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
