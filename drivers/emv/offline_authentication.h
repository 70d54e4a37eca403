// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string_view>
#include <vector>

#include "peripherals/base/bytes.h"

/// Whether a card's data was signed by its issuer, and the card is no copy of it: static and
/// dynamic data authentication of EMV Book 2, chapters 5 and 6. Pure. A fact to show, never a
/// permission: what the customer may do does not hang on it.
namespace guichet::emv {

/// Big-endian, as in certificates and key files.
struct RsaKey {
    Bytes modulus;
    Bytes exponent;
};

/// What of a card is compared with what was signed.
struct CardFacts {
    std::string_view number; ///< digits
    std::chrono::year_month_day today{};
};

/// A public key that another key vouches for. Views: they must outlive the call.
struct KeyCertificate {
    ByteView certificate; ///< tag 90 of the issuer's, 9F46 of the card's key
    ByteView remainder;   ///< tag 92 or 9F48: what found no room in it; may be empty
    ByteView exponent;    ///< tag 9F32 or 9F47
};

// All of these: Errc::Denied, with the reason and no card data in the detail: the signature, its
// hash, number or expiry does not fit. Errc::Unsupported: made by other means than RSA and SHA-1.

/// The issuer's key, by the scheme's key that tag 8F names (Book 2, 5.3).
[[nodiscard]] Result<RsaKey> recoverIssuerKey(const RsaKey& scheme, const KeyCertificate& issuer,
                                              const CardFacts& card);

/// The card's own key, whose certificate covers the static data too (Book 2, 6.4).
[[nodiscard]] Result<RsaKey> recoverCardKey(const RsaKey& issuer, const KeyCertificate& card,
                                            ByteView staticData, const CardFacts& facts);

/// Static data authentication by tag 93 (Book 2, 5.4).
[[nodiscard]] Result<void> verifyStaticData(const RsaKey& issuer, ByteView signature,
                                            ByteView staticData);

/// Dynamic data authentication by tag 9F4B (Book 2, 6.5.2). `terminalData`: what was sent with
/// INTERNAL AUTHENTICATE, our random number in it.
[[nodiscard]] Result<void> verifyDynamicData(const RsaKey& card, ByteView signature,
                                             ByteView terminalData);

/// The card's dynamic data out of tag 9F4B, verified as verifyDynamicData does; for combined data
/// authentication `terminalData` is our random number alone (Book 2, 6.6.2, steps 1 to 8).
[[nodiscard]] Result<Bytes> recoverDynamicData(const RsaKey& card, ByteView signature,
                                               ByteView terminalData);

/// One record that the file locator marks as signed.
struct SignedRecord {
    unsigned shortFileId = 0;
    ByteView record; ///< with its tag 70
};

/// What the static signature covers: the records, and the application interchange profile if the
/// card's tag list (9F4A) asks for it (Book 3, 10.3). Errc::Denied: a record without tag 70, or a
/// list that asks for anything else.
[[nodiscard]] Result<Bytes> staticDataOf(const std::vector<SignedRecord>& records, ByteView tagList,
                                         ByteView interchangeProfile);

} // namespace guichet::emv
