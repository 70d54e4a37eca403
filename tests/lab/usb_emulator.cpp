// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/usb_emulator.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <sys/socket.h>

namespace guichet::lab {
namespace {

constexpr std::string_view kController = "/sys/devices/platform/vhci_hcd.0/";
constexpr std::size_t kPacketHeader = 48;
constexpr std::uint32_t kSubmit = 1, kUnlink = 2, kReturned = 3, kUnlinked = 4;
constexpr std::int32_t kConnectionReset = -104, kStalled = -32, kOverflow = -75;
constexpr int kHighSpeed = 3;

std::uint32_t field(const std::array<std::uint8_t, kPacketHeader>& header, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t index = 0; index < 4; ++index) {
        value = value << 8U | header[at + index];
    }
    return value;
}

void put(std::array<std::uint8_t, kPacketHeader>& header, std::size_t at, std::uint32_t value)
{
    for (std::size_t index = 0; index < 4; ++index) {
        header[at + index] = static_cast<std::uint8_t>(value >> (24U - 8U * index));
    }
}

std::string freePort()
{
    std::ifstream status(std::string(kController) + "status");
    for (std::string line; std::getline(status, line);) {
        std::istringstream words(line);
        std::string hub, port, state;
        if (words >> hub >> port >> state && hub == "hs" && state == "004") {
            return std::to_string(std::stoi(port));
        }
    }
    throw std::runtime_error("no free port of vhci_hcd: is the module loaded?");
}

} // namespace

PluggedUsb::PluggedUsb(UsbModel model)
    : m_model(std::move(model))
{
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        throw std::runtime_error("socketpair");
    }
    m_socket.reset(ends[0]);
    const UniqueFd kernels(ends[1]);
    m_thread = std::thread([this] { serve(); });
    std::ofstream attach(std::string(kController) + "attach");
    attach << freePort() << ' ' << kernels.get() << " 65538 " << kHighSpeed << std::flush;
    if (!attach) {
        ::shutdown(m_socket.get(), SHUT_RDWR);
        m_thread.join();
        throw std::runtime_error("vhci_hcd refuses the device");
    }
}

PluggedUsb::~PluggedUsb()
{
    ::shutdown(m_socket.get(), SHUT_RDWR);
    m_thread.join();
}

void PluggedUsb::say(unsigned endpoint, ByteView bytes)
{
    const std::lock_guard guard(m_lock);
    queue(endpoint, bytes);
    if (!deliver()) {
        ::shutdown(m_socket.get(), SHUT_RDWR);
    }
}

void PluggedUsb::queue(unsigned endpoint, ByteView message)
{
    if (!message.empty()) {
        m_coming[endpoint].emplace_back(message.begin(), message.end());
    }
}

bool PluggedUsb::receive(void* to, std::size_t size)
{
    return ::recv(m_socket.get(), to, size, MSG_WAITALL) == static_cast<ssize_t>(size);
}

bool PluggedUsb::reply(std::uint32_t number, std::int32_t status, std::size_t actual, ByteView data)
{
    std::array<std::uint8_t, kPacketHeader> header{};
    put(header, 0, kReturned);
    put(header, 4, number);
    put(header, 20, static_cast<std::uint32_t>(status));
    put(header, 24, static_cast<std::uint32_t>(actual));
    Bytes message(kPacketHeader + data.size());
    std::transform(header.begin(), header.end(), message.begin(),
                   [](std::uint8_t byte) { return static_cast<std::byte>(byte); });
    std::copy(data.begin(), data.end(), message.begin() + kPacketHeader);
    return ::send(m_socket.get(), message.data(), message.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(message.size());
}

void PluggedUsb::serve()
{
    std::array<std::uint8_t, kPacketHeader> header{};
    bool plugged = true;
    while (plugged && receive(header.data(), header.size())) {
        const std::lock_guard guard(m_lock);
        Request request{
            field(header, 4), field(header, 16), field(header, 24), field(header, 12) == 1, {}};
        std::copy_n(header.begin() + 40, 8, request.setup.begin());
        if (field(header, 0) == kUnlink) {
            const bool waited = m_waiting.erase(field(header, 20)) > 0;
            std::array<std::uint8_t, kPacketHeader> answer{};
            put(answer, 0, kUnlinked);
            put(answer, 4, request.number);
            put(answer, 20, static_cast<std::uint32_t>(waited ? kConnectionReset : 0));
            plugged = ::send(m_socket.get(), answer.data(), answer.size(), MSG_NOSIGNAL) ==
                      static_cast<ssize_t>(answer.size());
        } else {
            plugged = field(header, 0) == kSubmit && submitted(request);
        }
    }
    ::shutdown(m_socket.get(), SHUT_RDWR);
}

bool PluggedUsb::submitted(const Request& request)
{
    Bytes sent(request.in ? 0 : request.length);
    if (request.endpoint != 0 && sent.size() >= m_outLeft) {
        const std::size_t count = m_outLeft;
        if (receive(sent.data(), count)) {
            m_model.out(request.endpoint, ByteView(sent).first(count));
        }
        return false;
    }
    if (!sent.empty() && !receive(sent.data(), sent.size())) {
        return false;
    }
    if (request.endpoint == 0) {
        return control(request, sent);
    }
    if (m_stallNext.exchange(false)) {
        return reply(request.number, kStalled, 0);
    }
    if (request.in && m_babbleNext.exchange(false)) {
        return reply(request.number, kOverflow, 0);
    }
    if (request.in || m_held) {
        m_waiting[request.number] = request;
        return deliver();
    }
    if (m_outLeft != std::numeric_limits<std::size_t>::max()) {
        m_outLeft -= sent.size();
    }
    m_outTaken += sent.size();
    for (auto& [endpoint, bytes] : m_model.out(request.endpoint, sent)) {
        queue(endpoint, bytes);
    }
    return reply(request.number, 0, sent.size()) && deliver();
}

bool PluggedUsb::deliver()
{
    for (auto at = m_waiting.begin(); at != m_waiting.end();) {
        auto& coming = m_coming[at->second.endpoint];
        if (!at->second.in || coming.empty()) {
            ++at;
            continue;
        }
        auto& message = coming.front();
        auto count = std::min<std::size_t>(at->second.length, message.size());
        const bool pulled = count >= m_inLeft;
        if (pulled) {
            count = m_inLeft;
        } else if (m_inLeft != std::numeric_limits<std::size_t>::max()) {
            m_inLeft -= count;
        }
        m_inGiven += count; // before the host knows
        if ((count > 0 && !reply(at->first, 0, count, ByteView(message).first(count))) || pulled) {
            return false;
        }
        message.erase(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(count));
        if (message.empty()) {
            coming.pop_front();
        }
        at = m_waiting.erase(at);
    }
    return true;
}

Bytes PluggedUsb::descriptor(unsigned type, unsigned index) const
{
    switch (type) {
    case 1:
        return m_model.device;
    case 2:
        return m_model.configuration;
    case 3: {
        if (index == 0) {
            return *fromHex("04030904");
        }
        Bytes text{static_cast<std::byte>(2 + 2 * m_model.serial.size()), std::byte{3}};
        for (const char letter : m_model.serial) {
            text.push_back(static_cast<std::byte>(letter));
            text.push_back(std::byte{});
        }
        return text;
    }
    case 0x22:
        return m_model.report;
    default:
        return {};
    }
}

bool PluggedUsb::control(const Request& request, ByteView sent)
{
    constexpr unsigned kTypeMask = 0x60, kClass = 0x20, kGetDescriptor = 6, kGetStatus = 0;
    const auto& setup = request.setup;
    std::optional<Bytes> answer = Bytes();
    if ((setup[0] & kTypeMask) == kClass) {
        answer = m_model.request ? m_model.request(setup) : std::nullopt;
    } else if (setup[1] == kGetDescriptor) {
        answer = descriptor(setup[3], setup[2]);
        if (answer->empty()) {
            answer.reset();
        }
    } else if (setup[1] == kGetStatus) {
        answer = Bytes(2);
    }
    if (!answer) {
        return reply(request.number, kStalled, 0);
    }
    if (!request.in) {
        return reply(request.number, 0, sent.size());
    }
    answer->resize(std::min<std::size_t>(answer->size(), request.length));
    return reply(request.number, 0, answer->size(), *answer);
}

} // namespace guichet::lab
