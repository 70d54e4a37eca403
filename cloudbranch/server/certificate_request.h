// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <openssl/evp.h>

#include "peripherals/base/error.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::hub {

using KeyHandle = UniqueHandle<EVP_PKEY*, EVP_PKEY_free>;

/// The public key of a PKCS#10 request (RFC 2986) in one PEM block (RFC 7468) of at most 4 KiB: on
/// P-256, named, and proven by the request's own signature. What else the request says is not
/// looked at. Pure. Fails with Errc::Invalid.
[[nodiscard]] Result<KeyHandle> requestedKey(std::string_view pem);

} // namespace guichet::hub
