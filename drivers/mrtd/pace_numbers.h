// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <openssl/bn.h>

#include "drivers/mrtd/pace_group.h"
#include "peripherals/base/unique_handle.h"

/// What both kinds of groups are made of. For this folder's own files only.
namespace guichet::mrtd {

using Number = UniqueHandle<BIGNUM*, BN_clear_free>;
using NumberContext = UniqueHandle<BN_CTX*, BN_CTX_free>;

/// Null if there is no memory.
[[nodiscard]] Number numberOf(ByteView bytes);
/// Big-endian, as long as the field.
[[nodiscard]] Result<Bytes> bytesOf(const BIGNUM* number, std::size_t size);
/// Evenly drawn from 1 to `order` - 1.
[[nodiscard]] Result<SecretBytes> drawBelow(const BIGNUM* order, const RandomSource& random);

[[nodiscard]] tl::unexpected<Error> refusedByLibrary(std::string_view what);
[[nodiscard]] tl::unexpected<Error> notInGroup();

/// By the parameter ids of Doc 9303-11, 9.5.1. Errc::Unsupported: unknown ones.
[[nodiscard]] Result<std::unique_ptr<PaceGroup>> curveGroup(unsigned parameterId);
[[nodiscard]] Result<std::unique_ptr<PaceGroup>> primeGroup(unsigned parameterId);

} // namespace guichet::mrtd
