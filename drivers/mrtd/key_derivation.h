// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "drivers/mrtd/ciphers.h"

/// Keys from what is printed on a document (Doc 9303-11, 9.7). Pure.
namespace guichet::mrtd {

/// The three fields of the machine readable zone that open a chip, without their check digits.
struct MrzKey {
    Secret<std::string> documentNumber; ///< whole, also one of more than nine characters; no filler
    Secret<std::string> birthDate;      ///< YYMMDD, `<` where unknown
    Secret<std::string> expiryDate;     ///< YYMMDD
};

/// "L898902C<3" "690806" "1" "940623" "6": the number padded to nine characters, and the dates,
/// each with its check digit. Errc::Invalid: a field of another build.
[[nodiscard]] Result<Secret<std::string>> mrzInformation(const MrzKey& key);

/// SHA-1 of the MRZ information, 20 bytes: PACE takes all of it, BAC the first 16.
[[nodiscard]] Result<SecretBytes> passwordOf(const MrzKey& key);

enum class KeyUse : unsigned char { Encryption = 1, Mac = 2, Password = 3 };

/// SHA-1 or, from AES-192 on, SHA-256 of the secret and the counter, cut to the key's length.
[[nodiscard]] Result<SecretBytes> deriveKey(ByteView secret, KeyUse use, Cipher cipher);

} // namespace guichet::mrtd
