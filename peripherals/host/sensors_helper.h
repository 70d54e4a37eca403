// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "drivers/modbus/io_board.h"
#include "peripherals/host/helper_device.h"
#include "peripherals/host/io_map.h"

namespace guichet::host {

/// Doors and sensors behind an I/O unit, inside their helper: tells what changed. Operation: reset
/// (looks at once).
class SensorsHelper final : public HelperDevice {
public:
    SensorsHelper(std::unique_ptr<modbus::IoBoard> board, IoMap sensors,
                  std::vector<std::string> inverted);

    [[nodiscard]] Result<nlohmann::json> perform(const std::string& operation,
                                                 const nlohmann::json& arguments, HelperLine& line,
                                                 std::stop_token stop) override;
    void watch(HelperLine& line) override;

private:
    std::unique_ptr<modbus::IoBoard> m_board;
    IoMap m_sensors;
    std::vector<std::string> m_inverted;
};

} // namespace guichet::host
