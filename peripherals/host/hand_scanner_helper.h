// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drivers/handscanner/hand_scanner.h"
#include "peripherals/host/helper_device.h"

namespace guichet::host {

/// A hand scanner inside its helper process. Operations: read -> {"symbology","data": base64},
/// which waits for what is scanned after its start until it is stopped, also while the scanner is
/// away; reset. The kind of code is "symbologyUnknown" unless the scanner sends AIM identifiers.
class HandScannerHelper final : public HelperDevice {
public:
    HandScannerHelper(handscanner::HandScanner scanner, bool sendsAimIdentifier)
        : m_scanner(std::move(scanner))
        , m_sendsAimIdentifier(sendsAimIdentifier)
    {
    }

    [[nodiscard]] Result<nlohmann::json> perform(const std::string& operation,
                                                 const nlohmann::json& arguments, HelperLine& line,
                                                 std::stop_token stop) override;
    /// Forgets what was scanned while nobody asked.
    void watch(HelperLine& line) override;

private:
    [[nodiscard]] Result<nlohmann::json> read(HelperLine& line, const std::stop_token& stop);
    /// Tells the state that `error` means; none: the scanner is there.
    void tell(HelperLine& line, const Error* error, bool reading);

    handscanner::HandScanner m_scanner;
    bool m_sendsAimIdentifier;
    std::string m_lastFault; ///< so that the log has it once
};

} // namespace guichet::host
