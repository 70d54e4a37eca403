// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "peripherals/base/clock.h"
#include "peripherals/base/secret.h"

/// Credentials for a relay that share one secret with it (coturn's use-auth-secret,
/// draft-uberti-behave-turn-rest): the relay needs no list of users. Pure. Thread-safe.
namespace guichet::hub {

struct TurnCredentials {
    std::string username; ///< "EXPIRY:NAME", in seconds since 1970
    std::string password; ///< base64 of HMAC-SHA-1 over the user name
};

/// Good until `expires` at whichever relay has the secret. `name` tells the relay's log who it is.
[[nodiscard]] TurnCredentials turnCredentials(const Secret<std::string>& secret,
                                              std::string_view name, Instant expires);

/// A relay's address as RFC 7065 writes it: turn: or turns:, host, and if need be a port and
/// ?transport=udp or tcp.
[[nodiscard]] bool isTurnUrl(std::string_view text);

/// What may be a secret in coturn's file too: 16 to 128 printable characters without spaces.
[[nodiscard]] bool isTurnSecret(std::string_view text);

} // namespace guichet::hub
