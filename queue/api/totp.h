// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "peripherals/base/bytes.h"
#include "peripherals/base/clock.h"

/// Time-based one-time passwords (RFC 6238): SHA-1, 30 s, six digits. Pure but for totpSecret().
namespace guichet::queue::api {

/// A new secret of 160 bits, in base32 (RFC 4648) without padding.
[[nodiscard]] std::string totpSecret();
/// The code of a time step (RFC 4226 section 5.3). Empty if the secret is no base32.
[[nodiscard]] std::string totpCode(std::string_view secret, std::int64_t step);
[[nodiscard]] std::int64_t totpStep(Instant now);
/// The step of `code` if it is that of now, the one before or the one after, and above `used`: each
/// code counts once.
[[nodiscard]] std::optional<std::int64_t>
acceptedStep(std::string_view secret, std::string_view code, Instant now, std::int64_t used);
/// What an authenticator app reads from a QR code.
[[nodiscard]] std::string totpUri(const std::string& outlet, const std::string& user,
                                  const std::string& secret);

} // namespace guichet::queue::api
