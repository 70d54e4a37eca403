// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sockaddr;

/// Whose process is at the other end of a loopback connection, by the kernel's socket table.
namespace guichet::net {

/// An address as /proc/net/tcp and tcp6 write it: "0100007F:1F90".
[[nodiscard]] std::string kernelAddress(const sockaddr& address);

/// The user of the connected socket `local` to `remote` in the text of a socket table.
[[nodiscard]] std::optional<std::uint32_t>
ownerInTable(std::string_view table, std::string_view local, std::string_view remote);

/// The user at the far end of an accepted socket on this machine: one question to the kernel, or,
/// where it does not answer, a search through /proc/net/tcp.
[[nodiscard]] std::optional<std::uint32_t> peerUser(int acceptedSocket);

} // namespace guichet::net
