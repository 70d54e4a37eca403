// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/evp.h>

#include "peripherals/base/unique_handle.h"
#include "peripherals/virtual/passport.h"

namespace guichet::virtualdevices {

/// A new key on P-256, whose curve is named or, as some countries have it, written out.
[[nodiscard]] UniqueHandle<EVP_PKEY*, EVP_PKEY_free> curveKey(bool explicitCurve);

/// The private keys of one chip, whose public halves are in DG14 and DG15 (unless it is a clone).
struct Passport::ChipKeys {
    using Key = UniqueHandle<EVP_PKEY*, EVP_PKEY_free>;

    explicit ChipKeys(const PassportProfile& profile);

    [[nodiscard]] static Bytes publicKey(const Key& key);
    /// What both sides agree on; empty if that is no point.
    [[nodiscard]] Bytes agree(ByteView terminalKey) const;
    /// ISO/IEC 9796-2 with SHA-1 by RSA, a plain signature with SHA-256 by ECDSA.
    [[nodiscard]] Bytes sign(ByteView challenge) const;

    Key chip;
    Key active;
};

} // namespace guichet::virtualdevices
