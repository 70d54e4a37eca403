// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "peripherals/base/bytes.h"

/// SecurityInfos (Doc 9303-11, 9.2): which protocols a chip speaks, in EF.CardAccess and DG14.
/// Pure.
namespace guichet::mrtd {

enum class Cipher { TripleDes, Aes128, Aes192, Aes256 };

/// What a PACE protocol identifier says (Doc 9303-11, 9.2.3).
struct PaceInfo {
    enum class Agreement { Dh, Ecdh };
    enum class Mapping { Generic, Integrated, ChipAuthentication };

    Bytes protocol; ///< the identifier's value, as sent in 80 of MSE:Set AT
    Agreement agreement = Agreement::Ecdh;
    Mapping mapping = Mapping::Generic;
    Cipher cipher = Cipher::Aes128;
    std::optional<unsigned> parameterId; ///< of the standardised domain parameters
};

struct ChipAuthenticationInfo {
    Bytes protocol;
    Cipher cipher = Cipher::TripleDes;
    std::optional<unsigned> keyId;
};

struct ChipPublicKey {
    Bytes key; ///< SubjectPublicKeyInfo (DER)
    bool ecdh = true;
    std::optional<unsigned> keyId;
};

/// The hash that active authentication with ECDSA uses, as its plain signature names it.
enum class PlainHash { Sha1, Sha224, Sha256, Sha384, Sha512 };

/// In the order of the file. Unknown protocols are left out, as the standard demands.
struct SecurityInfos {
    std::vector<PaceInfo> pace;
    std::vector<ChipAuthenticationInfo> chipAuthentication;
    std::vector<ChipPublicKey> chipKeys;
    std::optional<PlainHash> activeHash;
};

/// A DER SET of SecurityInfo: all of EF.CardAccess, or the value of DG14. Bytes behind the SET are
/// filler of the file. Errc::Protocol: no SET, or an entry of wrong build.
[[nodiscard]] Result<SecurityInfos> parseSecurityInfos(ByteView bytes);

/// DG14 with its tag.
[[nodiscard]] Result<SecurityInfos> parseSecurityOptions(ByteView file);

} // namespace guichet::mrtd
