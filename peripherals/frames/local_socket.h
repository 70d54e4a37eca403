// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "peripherals/base/error.h"
#include "peripherals/base/unique_handle.h"

/// The Unix socket by which readers find the writer. All sockets are non-blocking.
namespace guichet::frames {

/// Listens at `path` with mode 0600, in place of whatever was there. Fails with Errc::Invalid (path
/// too long) or Errc::Denied.
[[nodiscard]] Result<UniqueFd> listenAt(const std::filesystem::path& path);
/// Fails with Errc::Invalid, or Errc::Disconnected if nobody listens.
[[nodiscard]] Result<UniqueFd> connectTo(const std::filesystem::path& path);

/// What a reader tells its writer.
inline constexpr char kWantFrames = 1, kWantNothing = 0;

/// Passes a file on, with one byte. False if the peer is gone or does not take it now.
[[nodiscard]] bool sendFile(int socket, int file);
enum class Received { Nothing, File, Wake, Closed };
/// What came from the writer: the ring's file, once, or bytes that announce frames.
[[nodiscard]] Received receive(int socket, UniqueFd& file);

} // namespace guichet::frames
