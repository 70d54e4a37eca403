// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "peripherals/base/bytes.h"
#include "peripherals/base/unique_handle.h"

/// USB devices behind the kernel's own virtual host controller (vhci_hcd): the test program plays
/// the device, the kernel and all above it are real. Needs root in a throw-away machine.
namespace guichet::lab {

using Setup = std::array<std::uint8_t, 8>;

/// What a device is. The functions run on the emulator's thread.
struct UsbModel {
    Bytes device;        ///< descriptor
    Bytes configuration; ///< with interfaces and endpoints
    std::string serial;
    /// Takes bytes of an OUT endpoint; returns what it answers, by IN endpoint number: one message
    /// each.
    std::function<std::map<unsigned, Bytes>(unsigned endpoint, ByteView bytes)> out;
    /// Answers a class request; nothing: stalled.
    std::function<std::optional<Bytes>(const Setup& setup)> request;
    Bytes report = {}; ///< descriptor of a HID's
};

/// Bytes that went through the data pipes since plugging.
struct UsbTraffic {
    std::size_t out = 0, in = 0;
};

/// A device from plugging to unplugging; destroying it pulls the cable.
class PluggedUsb {
public:
    explicit PluggedUsb(UsbModel model);
    ~PluggedUsb();
    PluggedUsb(const PluggedUsb&) = delete;
    PluggedUsb& operator=(const PluggedUsb&) = delete;

    /// The cable is pulled when so many more bytes have come, or gone; those still reach the other
    /// side.
    void pullAfterOut(std::size_t bytes) { m_outLeft = bytes; }
    void pullAfterIn(std::size_t bytes) { m_inLeft = bytes; }
    [[nodiscard]] UsbTraffic traffic() const { return {m_outTaken, m_inGiven}; }
    /// From now on the device takes nothing, as a printer without paper.
    void hold(bool on) { m_held = on; }
    /// The next request for data, or data, is refused.
    void stallNext() { m_stallNext = true; }
    /// The next request for data is answered with more than it asked for.
    void babbleNext() { m_babbleNext = true; }
    /// The device says something by itself: one message, which ends the host's request for data.
    void say(unsigned endpoint, ByteView bytes);

private:
    struct Request {
        std::uint32_t number = 0, endpoint = 0, length = 0;
        bool in = false;
        Setup setup{};
    };
    void serve();
    bool submitted(const Request& request);
    bool control(const Request& request, ByteView sent);
    bool deliver();
    void queue(unsigned endpoint, ByteView message);
    bool reply(std::uint32_t number, std::int32_t status, std::size_t actual, ByteView data = {});
    [[nodiscard]] Bytes descriptor(unsigned type, unsigned index) const;
    bool receive(void* to, std::size_t size);

    UsbModel m_model;
    UniqueFd m_socket;
    std::mutex m_lock; ///< of what waits, and of one answer after the other
    std::map<std::uint32_t, Request> m_waiting;
    std::map<unsigned, std::deque<Bytes>> m_coming; ///< messages for the host, by endpoint
    std::atomic<std::size_t> m_outLeft = std::numeric_limits<std::size_t>::max();
    std::atomic<std::size_t> m_inLeft = std::numeric_limits<std::size_t>::max();
    std::atomic<std::size_t> m_outTaken = 0, m_inGiven = 0;
    std::atomic<bool> m_held = false, m_stallNext = false, m_babbleNext = false;
    std::thread m_thread;
};

} // namespace guichet::lab
