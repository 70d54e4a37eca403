// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drivers/mrtd/lds.h"
#include "drivers/mrtd/security_infos.h"

struct evp_md_st;

/// The ciphers and check sums of Doc 9303-11 on OpenSSL, which lacks single DES and the retail MAC.
/// Pure. What fails here is Errc::Internal: a key or data of a length that the caller promised.
namespace guichet::mrtd {

[[nodiscard]] std::size_t keyBytes(Cipher cipher);
[[nodiscard]] std::size_t blockBytes(Cipher cipher);

/// CBC without padding. `vector` is empty (zeros) or one block.
[[nodiscard]] Result<Bytes> encrypt(Cipher cipher, ByteView key, ByteView vector, ByteView plain);
[[nodiscard]] Result<SecretBytes> decrypt(Cipher cipher, ByteView key, ByteView vector,
                                          ByteView secret);

/// Eight bytes: ISO/IEC 9797-1 algorithm 3 over whole blocks for Triple DES, the first half of CMAC
/// (NIST SP 800-38B) over anything for AES.
[[nodiscard]] Result<Bytes> macOf(Cipher cipher, ByteView key, ByteView message);

/// ISO/IEC 9797-1 padding method 2, up to whole blocks.
[[nodiscard]] Bytes padded(ByteView data, std::size_t block);
/// Errc::Protocol: no such padding.
[[nodiscard]] Result<ByteView> withoutPadding(ByteView data);

[[nodiscard]] Result<Bytes> digestOf(const evp_md_st* algorithm, ByteView data);
[[nodiscard]] Result<Bytes> sha1(ByteView data);

/// Takes the same time wherever they differ.
[[nodiscard]] bool equalSecretly(ByteView one, ByteView other);

} // namespace guichet::mrtd
