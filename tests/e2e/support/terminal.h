// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "kiosk/app/device_port.h"
#include "kiosk/app/own_service.h"
#include "tests/e2e/support/world.h"

namespace guichet::test {

/// The devices of a demo terminal as its kiosk talks to them, a step at a time.
class Terminal {
public:
    /// Starts a world and waits until reader and printer are ready.
    Terminal();

    World& world() { return m_world; }
    [[nodiscard]] const kiosk::DevicePort& port() const { return m_port; }
    void waitUntilReady();
    /// How often reader or printer were ready and are no longer.
    [[nodiscard]] int losses() const { return m_losses; }
    /// Waits until there were more than that, and both are ready again.
    void waitUntilBack(int lossesBefore);

    /// Reads the card that is in, or waits for one.
    [[nodiscard]] Result<kiosk::CardMask> readCard();
    [[nodiscard]] kiosk::PrintResult print(const std::string& ticketId, std::int64_t printIndex);
    /// Asks for a print and does not wait for it.
    void beginPrint(const std::string& ticketId, std::int64_t printIndex);
    /// Whether the print that was begun has ended.
    [[nodiscard]] bool printEnded() const { return m_printed.has_value(); }
    /// The end of the print that was begun.
    [[nodiscard]] kiosk::PrintResult endOfPrint();
    /// What the journal of the devices program says of one attempt: "sending", "unknown" ...
    [[nodiscard]] std::string attempt(const std::string& ticketId, std::int64_t printIndex);

private:
    World m_world;
    kiosk::DevicePort m_port;
    kiosk::OwnService m_printing;
    int m_losses = 0;
    std::optional<kiosk::PrintResult> m_printed;
};

} // namespace guichet::test
