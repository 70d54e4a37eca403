// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "drivers/transport/usb_address.h"

/// Which of a device's interfaces and endpoints carry the bytes (USB 2.0, chapter 9). Pure.
namespace guichet::transport {

struct UsbEndpoint {
    std::uint8_t address = 0;    ///< bit 7: towards us
    std::uint8_t attributes = 0; ///< the lower two bits: 2 is bulk
    std::uint16_t packet = 0;    ///< bytes in a packet
    [[nodiscard]] bool operator==(const UsbEndpoint&) const = default;
};

/// One alternate setting of an interface.
struct UsbInterface {
    std::uint8_t number = 0;
    std::uint8_t alternate = 0;
    std::uint8_t deviceClass = 0;
    std::uint8_t subclass = 0;
    std::uint8_t protocol = 0;
    std::vector<UsbEndpoint> endpoints = {};
};

struct UsbPipes {
    std::uint8_t interface = 0;
    std::uint8_t alternate = 0;
    bool severalAlternates = false; ///< so that ours has to be set
    bool printer = false;           ///< of the printer class, with its requests
    std::vector<UsbEndpoint> out;   ///< two: frames are split
    std::vector<UsbEndpoint> in;    ///< as many; or none: a printer that never answers
    [[nodiscard]] bool split() const { return out.size() == 2; }
};

/// Printer class 07/01 (USB Printer Class 1.1): an alternate setting that is bidirectional, else
/// one-way; never IEEE 1284.4 or IPP over USB, which carry no plain bytes. For an address with an
/// id, a vendor-specific interface with bulk endpoints both ways will also do. Of several pairs,
/// the one with the lowest endpoint numbers comes first.
/// Errc::Unsupported with CallStaff says what the device has.
[[nodiscard]] Result<UsbPipes> choosePipes(std::span<const UsbInterface> interfaces,
                                           const UsbAddress& address);

} // namespace guichet::transport
