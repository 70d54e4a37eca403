// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/hand_scanner_helper.h"

#include <condition_variable>
#include <mutex>

#include <spdlog/spdlog.h>

#include "drivers/handscanner/aim_identifier.h"
#include "peripherals/host/symbologies.h"

namespace guichet::host {

using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr auto kScanWait = 100ms;
constexpr auto kOpenAgain = 200ms;
constexpr auto kBudget = 5s; ///< opening has 2 s

/// False once it is stopped.
bool pause(const std::stop_token& stop, std::chrono::milliseconds time)
{
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any never;
    never.wait_for(lock, stop, time, [] { return false; });
    return !stop.stop_requested();
}

json outputOf(const std::string& scan, bool sendsAimIdentifier)
{
    const auto parts = sendsAimIdentifier ? handscanner::partAimIdentifier(scan)
                                          : handscanner::IdentifiedScan{{}, scan};
    const auto symbology = symbologyFromAim(parts.identifier);
    return {{"symbology", symbology ? name(*symbology) : "symbologyUnknown"},
            {"data", toBase64(asBytes(parts.content))}};
}

} // namespace

void HandScannerHelper::tell(HelperLine& line, const Error* error, bool reading)
{
    if (error != nullptr && error->detail != m_lastFault) {
        spdlog::warn("{}", error->detail);
    }
    m_lastFault = error != nullptr ? error->detail : std::string();
    // A damaged scan says nothing about the scanner.
    const bool there = error == nullptr || error->code == Errc::Protocol;
    const bool cable = !there && error->remedy == Remedy::ReconnectCable;
    line.status({{"common",
                  {{"device", there   ? "online"
                              : cable ? "offline"
                                      : "hardwareError"}}},
                 {"barcodeReader",
                  {{"scanner", !there    ? "inoperative"
                               : reading ? "on"
                                         : "off"}}}});
}

void HandScannerHelper::watch(HelperLine& line)
{
    const Step step(line, "scanner", kBudget);
    const auto cleared = m_scanner.clear();
    tell(line, cleared ? nullptr : &cleared.error(), false);
}

Result<json> HandScannerHelper::perform(const std::string& operation, const json&, HelperLine& line,
                                        std::stop_token stop)
{
    if (operation == "read") {
        return read(line, stop);
    }
    if (operation == "reset") {
        watch(line);
        return json::object();
    }
    return fail(Errc::Unsupported, "hand scanner: unknown operation");
}

Result<json> HandScannerHelper::read(HelperLine& line, const std::stop_token& stop)
{
    watch(line);
    while (!stop.stop_requested()) {
        line.step("scan", kBudget);
        const auto scan = m_scanner.next(kScanWait);
        tell(line, scan ? nullptr : &scan.error(), true);
        if (!scan && scan.error().code != Errc::Protocol) {
            pause(stop, kOpenAgain);
        } else if (scan && *scan) {
            return outputOf(**scan, m_sendsAimIdentifier);
        }
    }
    return fail(Errc::Cancelled, "hand scanner: stopped");
}

} // namespace guichet::host
