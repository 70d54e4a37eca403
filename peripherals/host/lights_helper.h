// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "drivers/modbus/io_board.h"
#include "peripherals/base/clock.h"
#include "peripherals/host/helper_device.h"
#include "peripherals/host/io_map.h"

namespace guichet::host {

/// Guide lights behind an I/O unit, inside their helper, which makes them flash: slow every 2 s,
/// medium every second, quick every quarter. Operation: setLights {"rates": {"cardReader":
/// "medium"}}, for names of the map; the others stay as they are. What is lit is lit again after
/// the unit was away.
class LightsHelper final : public HelperDevice {
public:
    /// How often watch() has to come for the quickest light.
    static constexpr std::chrono::milliseconds kTick{125};

    /// The clock must outlive it.
    LightsHelper(std::unique_ptr<modbus::IoBoard> board, IoMap lights, const Clock& clock);

    [[nodiscard]] Result<nlohmann::json> perform(const std::string& operation,
                                                 const nlohmann::json& arguments, HelperLine& line,
                                                 std::stop_token stop) override;
    void watch(HelperLine& line) override;

private:
    [[nodiscard]] std::vector<bool> coilsNow() const;
    [[nodiscard]] Result<void> write(HelperLine& line);

    std::unique_ptr<modbus::IoBoard> m_board;
    IoMap m_lights;
    const Clock& m_clock;
    std::map<std::string, std::string> m_rates;
    std::optional<std::vector<bool>> m_written; ///< nothing: the unit may show anything
    Ticks m_writtenAt{};
};

} // namespace guichet::host
