// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "peripherals/base/bytes.h"

namespace guichet::emv {

inline constexpr std::size_t kSha1Bytes = 20;

/// The hash of EMV's certificates and signatures (Book 2, annex B3.1). Errc::Internal: this
/// machine's OpenSSL has none.
[[nodiscard]] Result<Bytes> sha1(ByteView data);

} // namespace guichet::emv
