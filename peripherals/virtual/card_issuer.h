// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "peripherals/base/bytes.h"

/// The bank that personalises virtual cards: certificates and signatures of EMV Book 2, chapters 5
/// and 6. Written apart from the driver that checks them.
namespace guichet::virtualdevices {

/// Big-endian. The public exponent of all of them is 010001.
struct RsaPair {
    Bytes modulus;
    Bytes privateExponent;
};
[[nodiscard]] const RsaPair& demoSchemeKey();
[[nodiscard]] const RsaPair& demoIssuerKey();
[[nodiscard]] const RsaPair& demoChipKey();

inline constexpr unsigned kDemoSchemeKeyIndex = 0xD1;

/// What a card carries so that a terminal can check it; named by tag.
struct CardCredentials {
    Bytes tag90, tag92, tag9F32;     ///< the issuer's key
    Bytes tag93;                     ///< static signature
    Bytes tag9F46, tag9F47, tag9F48; ///< the chip's key
};

/// `staticData`: what the signed records and the interchange profile add up to.
[[nodiscard]] CardCredentials issueCredentials(const std::string& pan, ByteView staticData);

/// Tag 9F4B for what came with INTERNAL AUTHENTICATE. `chip` is demoChipKey() of a card that is
/// genuine.
[[nodiscard]] Bytes signChallenge(const RsaPair& chip, ByteView terminalData);

/// Eight bytes that an issuer would know by its own key; nobody here does.
[[nodiscard]] Bytes applicationCryptogram(ByteView terminalData, unsigned counter);

/// What a chip signs of a cryptogram. Views.
struct CryptogramToSign {
    ByteView kind;        ///< value of tag 9F27
    ByteView cryptogram;  ///< value of tag 9F26
    ByteView transaction; ///< all that was sent and is answered
};
/// Tag 9F4B of an answer to GENERATE AC (EMV Book 2, 6.6.1).
[[nodiscard]] Bytes signCryptogram(const RsaPair& chip, const CryptogramToSign& what,
                                   ByteView unpredictable);

} // namespace guichet::virtualdevices
