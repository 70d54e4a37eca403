// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "peripherals/base/bytes.h"
#include "peripherals/base/secret.h"

/// AES-256-GCM (NIST SP 800-38D), what suite "intl" keeps and sends records in. Thread-safe.
namespace guichet::cipher {

constexpr std::size_t kKey = 32, kNonce = 12, kTag = 16; ///< bytes

using Key = Secret<Bytes>;

[[nodiscard]] Key newKey();
/// Content and tag. A nonce is used once with a key. `context` is bound to it and not in it. Fails
/// with Errc::Internal.
[[nodiscard]] Result<Bytes> encrypt(const Key& key, ByteView nonce, ByteView context,
                                    ByteView plain);
/// Fails with Errc::Denied: another key, nonce or context, or changed.
[[nodiscard]] Result<Secret<Bytes>> decrypt(const Key& key, ByteView nonce, ByteView context,
                                            ByteView sealed);

} // namespace guichet::cipher
