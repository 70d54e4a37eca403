// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "peripherals/base/error.h"

namespace guichet::camera {

struct HostAndPort {
    std::string host; ///< a name or an address, without brackets
    std::string port;
    [[nodiscard]] bool operator==(const HostAndPort&) const = default;
};

/// Of http://USER:PASSWORD@HOST:PORT/... and rtsp://...; their usual port if it names none. Pure.
/// Fails with Errc::Invalid.
[[nodiscard]] Result<HostAndPort> hostOf(std::string_view uri);

/// Whether the camera at this address is there, without making it film: a device node that opens, a
/// host that takes a connection within 1 s, a path. Whether frames come shows in openCamera().
/// Fails with Errc::Invalid, Errc::Disconnected or Errc::Denied (a node that we may not open); no
/// detail repeats the address.
[[nodiscard]] Result<void> lookForCamera(const std::string& uri);

} // namespace guichet::camera
