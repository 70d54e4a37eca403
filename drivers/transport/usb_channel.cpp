// SPDX-License-Identifier: Apache-2.0
#include "drivers/transport/usb_channel.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "drivers/transport/split_frames.h"
#include "drivers/transport/usb_transfer.h"

namespace guichet::transport {
namespace {

using Milliseconds = std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kWriteAtOnce = 16384; // as much as the kernel takes in one request
constexpr std::size_t kReadAtOnce = 4096, kMostStale = 64;
constexpr unsigned kControlMs = 1000;
constexpr std::uint8_t kClassRequest = 0xA1, kGetDeviceId = 0, kGetPortStatus = 1;
constexpr unsigned kPaperEmpty = 0x20, kSelected = 0x10, kNoError = 0x08;

Milliseconds leftUntil(SteadyClock::time_point end)
{
    return std::max(Milliseconds(0), std::chrono::ceil<Milliseconds>(end - SteadyClock::now()));
}

class BulkChannel final : public UsbChannel {
public:
    explicit BulkChannel(UsbDevice device)
        : m_name(device.name)
        , m_device(std::move(device))
    {
    }

    Result<std::size_t> write(ByteView bytes, Milliseconds timeout) override;
    Result<Bytes> read(std::size_t most, Milliseconds timeout) override;
    [[nodiscard]] std::string_view name() const override { return m_name; }
    Result<UsbPortStatus> portStatus() override;
    Result<std::string> deviceId() override;

    void discardStale();

private:
    Result<Bytes> printerRequest(std::uint8_t request, std::size_t most);
    Result<void> clearHalt(std::uint8_t endpoint);
    [[nodiscard]] Bytes handOut(std::size_t most);
    [[nodiscard]] tl::unexpected<Error> gone(std::string_view what);
    [[nodiscard]] tl::unexpected<Error> nothing(std::string_view what, Milliseconds timeout) const;

    std::string m_name;
    std::optional<UsbDevice> m_device;
    SplitFrames m_sending, m_receiving;
    Bytes m_arrived; ///< more than was asked for: packets come whole
};

tl::unexpected<Error> BulkChannel::gone(std::string_view what)
{
    m_device.reset();
    return fail(Errc::Disconnected, fmt::format("{}: {}", m_name, what), Remedy::ReconnectCable);
}

tl::unexpected<Error> BulkChannel::nothing(std::string_view what, Milliseconds timeout) const
{
    return fail(Errc::Timeout, fmt::format("{}: {} in {} ms", m_name, what, timeout.count()));
}

Result<void> BulkChannel::clearHalt(std::uint8_t endpoint)
{
    if (libusb_clear_halt(m_device->handle.get(), endpoint) == LIBUSB_ERROR_NO_DEVICE) {
        return gone("no longer there");
    }
    return {};
}

Result<std::size_t> BulkChannel::write(ByteView bytes, Milliseconds timeout)
{
    if (!m_device) {
        return gone("closed");
    }
    const auto end = SteadyClock::now() + timeout;
    std::size_t accepted = 0;
    bool stalledBefore = false;
    while (accepted < bytes.size()) {
        const auto& pipes = m_device->pipes;
        const auto rest = bytes.subspan(accepted);
        const auto piece =
            rest.first(std::min(pipes.split() ? m_sending.run(rest) : rest.size(), kWriteAtOnce));
        const auto endpoint = pipes.out[pipes.split() ? m_sending.pipe() : 0].address;
        Bytes outgoing(piece.begin(), piece.end());
        const auto moved = transfer(*m_device, endpoint, outgoing, leftUntil(end));
        if (moved.end == UsbEnd::Gone) {
            // What the kernel had taken may be on paper, whatever it counted.
            accepted += moved.started ? piece.size() : 0;
            auto lost = gone("no longer there");
            return accepted > 0 ? Result<std::size_t>(accepted) : lost;
        }
        if (pipes.split()) {
            m_sending.passed(piece.first(moved.count));
        }
        accepted += moved.count;
        if (moved.end == UsbEnd::Stalled) {
            if (auto cleared = clearHalt(endpoint);
                !cleared || std::exchange(stalledBefore, true)) {
                if (accepted > 0) {
                    return accepted;
                }
                return cleared ? fail(Errc::Protocol, m_name + ": stalls what it is sent",
                                      Remedy::Retry)
                               : tl::unexpected(cleared.error());
            }
        } else if (moved.end != UsbEnd::Completed) {
            break;
        }
    }
    if (accepted == 0 && !bytes.empty()) {
        return nothing("not one byte accepted", timeout);
    }
    return accepted;
}

Bytes BulkChannel::handOut(std::size_t most)
{
    const auto count = static_cast<std::ptrdiff_t>(std::min(most, m_arrived.size()));
    Bytes bytes(m_arrived.begin(), m_arrived.begin() + count);
    std::fill_n(m_arrived.begin(), count, std::byte{}); // it may be a card's
    m_arrived.erase(m_arrived.begin(), m_arrived.begin() + count);
    return bytes;
}

Result<Bytes> BulkChannel::read(std::size_t most, Milliseconds timeout)
{
    if (!m_arrived.empty()) {
        return handOut(most);
    }
    if (!m_device) {
        return gone("closed");
    }
    const auto end = SteadyClock::now() + timeout;
    bool stalledBefore = false;
    if (m_device->pipes.in.empty()) {
        return nothing("a one-way printer says nothing", timeout);
    }
    for (;;) {
        const auto& pipes = m_device->pipes;
        const auto& endpoint = pipes.in[pipes.split() ? m_receiving.pipe() : 0];
        const std::size_t packet = endpoint.packet;
        const auto wanted = std::clamp<std::size_t>(most, 1, kReadAtOnce);
        m_arrived.assign((wanted + packet - 1) / packet * packet, std::byte{});
        const auto moved = transfer(*m_device, endpoint.address, m_arrived, leftUntil(end));
        m_arrived.resize(moved.end == UsbEnd::Overflowed ? 0 : moved.count);
        if (pipes.split()) {
            m_receiving.passed(m_arrived);
        }
        if (!m_arrived.empty()) {
            return handOut(most); // an error that came with it comes again
        }
        switch (moved.end) {
        case UsbEnd::Completed: // a packet of no length
            if (SteadyClock::now() < end) {
                continue;
            }
            [[fallthrough]];
        case UsbEnd::TimedOut:
            return nothing("no answer", timeout);
        case UsbEnd::Stalled:
            if (auto cleared = clearHalt(endpoint.address); !cleared) {
                return tl::unexpected(cleared.error());
            }
            if (!std::exchange(stalledBefore, true)) {
                continue;
            }
            return fail(Errc::Protocol, m_name + ": stalls when it is asked for data",
                        Remedy::Retry);
        case UsbEnd::Overflowed:
            return fail(Errc::Protocol, m_name + ": sends more than its packets hold",
                        Remedy::Retry);
        case UsbEnd::Gone:
            return gone("no longer there");
        }
    }
}

void BulkChannel::discardStale()
{
    for (const auto& endpoint : m_device->pipes.in) {
        Bytes stale(kReadAtOnce / endpoint.packet * endpoint.packet);
        for (std::size_t turn = 0; turn < kMostStale; ++turn) {
            const auto moved = transfer(*m_device, endpoint.address, stale, Milliseconds(1));
            std::fill(stale.begin(), stale.end(), std::byte{});
            if (moved.end != UsbEnd::Completed) {
                break;
            }
        }
    }
}

Result<Bytes> BulkChannel::printerRequest(std::uint8_t request, std::size_t most)
{
    if (!m_device) {
        return gone("closed");
    }
    const auto& pipes = m_device->pipes;
    if (!pipes.printer) {
        return fail(Errc::Unsupported, m_name + ": is not of the printer class");
    }
    // The device id is asked of an interface and its alternate setting, all else of an interface.
    const auto index = request == kGetDeviceId ? unsigned{pipes.interface} << 8U | pipes.alternate
                                               : unsigned{pipes.interface};
    Bytes answer(most);
    const int count = libusb_control_transfer(m_device->handle.get(), kClassRequest, request, 0,
                                              static_cast<std::uint16_t>(index),
                                              reinterpret_cast<unsigned char*>(answer.data()),
                                              static_cast<std::uint16_t>(most), kControlMs);
    switch (count) {
    case LIBUSB_ERROR_NO_DEVICE:
        return gone("no longer there");
    case LIBUSB_ERROR_PIPE:
        return fail(Errc::Unsupported, fmt::format("{}: refuses request {}", m_name, request));
    case LIBUSB_ERROR_TIMEOUT:
        return nothing("no answer to a request", Milliseconds(kControlMs));
    default:
        break;
    }
    if (count < 0) {
        return gone(libusb_strerror(count));
    }
    answer.resize(static_cast<std::size_t>(count));
    return answer;
}

Result<UsbPortStatus> BulkChannel::portStatus()
{
    const auto answer = printerRequest(kGetPortStatus, 1);
    if (!answer) {
        return tl::unexpected(answer.error());
    }
    if (answer->size() != 1) {
        return fail(Errc::Protocol,
                    fmt::format("{}: port status of {} bytes, want 1", m_name, answer->size()));
    }
    const auto bits = std::to_integer<unsigned>(answer->front());
    return UsbPortStatus{(bits & kPaperEmpty) != 0, (bits & kSelected) != 0,
                         (bits & kNoError) == 0};
}

Result<std::string> BulkChannel::deviceId()
{
    constexpr std::size_t kLongest = 1024;
    const auto answer = printerRequest(kGetDeviceId, kLongest);
    if (!answer) {
        return tl::unexpected(answer.error());
    }
    ByteReader reader(*answer);
    const auto length = reader.u16(); // counts itself
    if (!length || *length < 2) {
        return fail(Errc::Protocol, m_name + ": device id without its length");
    }
    return std::string(
        asText(reader.rest().first(std::min<std::size_t>(*length - 2U, reader.left()))));
}

} // namespace

Result<std::unique_ptr<UsbChannel>> openUsb(const UsbAddress& address)
{
    auto device = claimUsb(address);
    if (!device) {
        return tl::unexpected(device.error());
    }
    auto channel = std::make_unique<BulkChannel>(std::move(*device));
    channel->discardStale();
    return channel;
}

} // namespace guichet::transport
