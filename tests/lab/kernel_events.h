// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <stdexcept>

#include <linux/netlink.h>
#include <sys/socket.h>

#include <poll.h>

#include "peripherals/base/unique_handle.h"

namespace guichet::lab {

/// What the kernel tells udev: devices that come and go, drivers that are bound to them
/// (kobject_uevent, netlink(7)); and what udev tells others once it has given them their names.
class KernelEvents {
public:
    KernelEvents()
        : m_socket(::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT))
    {
        sockaddr_nl address{};
        address.nl_family = AF_NETLINK;
        address.nl_groups = kKernel | kUdev;
        if (::bind(m_socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
            0) {
            throw std::runtime_error("the kernel's events are not to be had");
        }
    }

    /// Asks now and after each event until it is so; false after 20 s.
    template <typename Ask> [[nodiscard]] bool await(Ask ask)
    {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!ask()) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(
                end - std::chrono::steady_clock::now());
            pollfd event{m_socket.get(), POLLIN, 0};
            if (left.count() <= 0 || ::poll(&event, 1, static_cast<int>(left.count())) <= 0) {
                return false;
            }
            std::array<char, 8192> message{};
            static_cast<void>(::recv(m_socket.get(), message.data(), message.size(), MSG_DONTWAIT));
        }
        return true;
    }

private:
    static constexpr unsigned kKernel = 1, kUdev = 2;
    UniqueFd m_socket;
};

} // namespace guichet::lab
