// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/printer_status.h"

namespace guichet::virtualdevices {

std::byte realTimeStatus(const PrinterSensors& sensors, std::uint8_t page)
{
    unsigned bits = 0x12;
    switch (page) {
    case 1:
        bits |= sensors.ready() ? 0U : 0x08U;
        break;
    case 2:
        bits |= sensors.coverOpen ? 0x04U : 0U;
        bits |= sensors.paperOut ? 0x20U : 0U;
        bits |= sensors.jam ? 0x40U : 0U;
        break;
    case 3:
        bits |= sensors.jam ? 0x08U : 0U;
        break;
    case 4:
        bits |= sensors.paperLow || sensors.paperOut ? 0x0CU : 0U;
        bits |= sensors.paperOut ? 0x60U : 0U;
        break;
    default:
        break;
    }
    return static_cast<std::byte>(bits);
}

std::array<std::byte, 4> automaticStatus(const PrinterSensors& sensors)
{
    unsigned first = 0x10, second = 0, third = 0;
    first |= sensors.ready() ? 0U : 0x08U;
    first |= sensors.coverOpen ? 0x20U : 0U;
    second |= sensors.jam ? 0x08U : 0U;
    third |= sensors.paperLow || sensors.paperOut ? 0x03U : 0U;
    third |= sensors.paperOut ? 0x0CU : 0U;
    return {static_cast<std::byte>(first), static_cast<std::byte>(second),
            static_cast<std::byte>(third), std::byte{0}};
}

std::byte paperStatus(const PrinterSensors& sensors)
{
    unsigned bits = sensors.paperLow || sensors.paperOut ? 0x03U : 0U;
    bits |= sensors.paperOut ? 0x0CU : 0U;
    return static_cast<std::byte>(bits);
}

} // namespace guichet::virtualdevices
