// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "peripherals/base/bytes.h"
#include "peripherals/base/secret.h"

/// The files of a travel document (ICAO Doc 9303-10, Logical Data Structure 1.7 and 1.8). Bytes in,
/// values out: no I/O, no keys. Everything here is said by the document, not yet proved.
namespace guichet::mrtd {

using SecretBytes = Secret<Bytes>;

/// One file of the chip, by its number in Doc 9303-10.
struct FileId {
    std::uint16_t id = 0;
    std::uint8_t shortId = 0;
    std::uint32_t tag = 0; ///< of its outermost object
    std::string_view name;
};

inline constexpr FileId kCardAccess{0x011C, 0x1C, 0x31, "EF.CardAccess"};
inline constexpr FileId kCardInfo{0x2F01, 0x01, 0, "EF.ATR/INFO"};
inline constexpr FileId kCommon{0x011E, 0x1E, 0x60, "EF.COM"};
inline constexpr FileId kSecurityObject{0x011D, 0x1D, 0x77, "EF.SOD"};
inline constexpr int kDataGroups = 16;

/// 1 to 16; anything else is a broken promise of the caller.
[[nodiscard]] const FileId& dataGroup(int number);

struct CommonData {
    std::string ldsVersion;     ///< "0107"
    std::string unicodeVersion; ///< "040000"
    std::vector<int> groups;    ///< as listed; unknown tags are left out
};

/// EF.COM, which nobody signs: the list in EF.SOD is the one that counts.
[[nodiscard]] Result<CommonData> parseCommon(ByteView file);

/// The machine readable zone of DG1: 72, 88 or 90 characters of A-Z, 0-9 and `<` without line
/// breaks. Errc::Protocol: another length or another character.
[[nodiscard]] Result<Secret<std::string>> parseMrz(ByteView file);

enum class PictureFormat { Jpeg, Jpeg2000 };

struct Picture {
    PictureFormat format = PictureFormat::Jpeg;
    SecretBytes bytes; ///< as on the chip, to its end: a decoder for hostile pictures takes it
};

/// The first face of DG2, in ISO/IEC 19794-5 or 39794-5 or found by its first bytes where neither
/// fits. Errc::Unsupported: no JPEG or JPEG 2000 in it, or one of more than `mostBytes`.
[[nodiscard]] Result<Picture> parseFace(ByteView file, std::size_t mostBytes);

/// What DG11 may add, UTF-8 where the issuer keeps to the standard; empty: not said.
struct PersonalDetails {
    Secret<std::string> fullName;
    std::vector<Secret<std::string>> otherNames;
    Secret<std::string> personalNumber;
    Secret<std::string> fullBirthDate; ///< YYYYMMDD
    Secret<std::string> birthPlace;    ///< parts separated by `<`
    Secret<std::string> address;       ///< parts separated by `<`
    Secret<std::string> telephone;
    Secret<std::string> profession;
    Secret<std::string> title;
};

[[nodiscard]] Result<PersonalDetails> parseDetails(ByteView file);

/// The SubjectPublicKeyInfo (DER) for active authentication in DG15.
[[nodiscard]] Result<Bytes> parseActiveKey(ByteView file);

/// The longest response that EF.ATR/INFO allows for (7F66, ISO/IEC 7816-4); 256 if it is silent.
[[nodiscard]] std::size_t longestResponse(ByteView file);

} // namespace guichet::mrtd
