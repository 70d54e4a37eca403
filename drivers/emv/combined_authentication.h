// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drivers/emv/offline_authentication.h"

/// Combined data authentication: a card signs the cryptogram that it makes (EMV Book 2, 6.6). Pure;
/// safe to fuzz.
namespace guichet::emv {

/// What kind of cryptogram a card made: it declined, approved, or wants its issuer to decide.
enum class CryptogramType { Aac, Tc, Arqc, Reserved };

/// The answer to GENERATE AC (Book 3, 6.5.5.4). Views into what was parsed.
struct CryptogramAnswer {
    unsigned informationData = 0; ///< tag 9F27
    ByteView signature;           ///< tag 9F4B; empty: the card signed nothing
    Bytes covered;                ///< the objects as they came, without the signature

    [[nodiscard]] CryptogramType type() const;
};

/// Format 2 (tag 77), or format 1 (tag 80), which has no place for a signature. Errc::Protocol:
/// neither of them, cut short, without type (9F27) or counter (9F36), or with one of them twice.
[[nodiscard]] Result<CryptogramAnswer> parseCryptogramAnswer(ByteView answer);

/// What was sent to the card; it signs that, too.
struct TransactionData {
    ByteView pdolValues;    ///< with GET PROCESSING OPTIONS
    ByteView cdolValues;    ///< of CDOL1, with GENERATE AC
    ByteView unpredictable; ///< our random number among the latter
};

/// Book 2, 6.6.2: the signature is of this card and over our random number, names the same kind of
/// cryptogram as the answer does, and covers what was sent and what else was answered. Errc::Denied
/// and Errc::Unsupported as for all of offline_authentication.
[[nodiscard]] Result<void> verifyCombinedData(const RsaKey& card, const CryptogramAnswer& answer,
                                              const TransactionData& sent);

} // namespace guichet::emv
