// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "peripherals/base/error.h"

namespace guichet::call {

struct IceUri {
    bool turn = false;
    std::string uri; ///< "stun://host:3478", "turn://user:password@host:3478?transport=udp"
};

/// A URL of RFC 7064 or 7065 ("turn:host:3478?transport=udp", "turns:...", "stun:...") as GStreamer
/// wants it: user and password inside, percent-encoded, for a user's name has a colon. Fails with
/// Errc::Invalid; the detail holds no password. Pure.
[[nodiscard]] Result<IceUri> iceUri(std::string_view url, std::string_view username,
                                    std::string_view credential);

} // namespace guichet::call
