// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "peripherals/base/bytes.h"

namespace guichet::queue::api {

/// Base45 (RFC 9285): bytes in the alphanumeric mode of a QR code.
[[nodiscard]] std::string toBase45(ByteView bytes);
/// Fails with Errc::Invalid for a character, length or group that the encoding does not have.
[[nodiscard]] Result<Bytes> fromBase45(std::string_view text);

} // namespace guichet::queue::api
