// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "peripherals/base/bytes.h"

namespace guichet {

/// Bytes of the operating system's cryptographic generator. Thread-safe.
[[nodiscard]] Bytes randomBytes(std::size_t count);
/// 64 random bits.
[[nodiscard]] std::uint64_t randomNumber();
/// A random UUID (RFC 9562, version 4), lower case.
[[nodiscard]] std::string randomUuid();
/// An unguessable token of 192 bits in base64url.
[[nodiscard]] std::string randomToken();

} // namespace guichet
