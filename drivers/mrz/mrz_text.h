// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "peripherals/base/error.h"
#include "peripherals/base/secret.h"

/// The machine readable zone of travel documents and visas (ICAO 9303 parts 3 to 7), as text. Pure.
namespace guichet::mrz {

enum class Format {
    Td1,  ///< three lines of 30: cards
    Td2,  ///< two lines of 36: small booklets, older cards
    Td3,  ///< two lines of 44: passports
    MrvA, ///< two lines of 44: visas
    MrvB, ///< two lines of 36: small visas
};
[[nodiscard]] std::string_view name(Format format);

enum class Field { Number, Birth, Expiry, Optional, Composite };

enum class Check {
    None, ///< the format has no check digit for it, or an empty field may do without
    Right,
    Wrong, ///< what was read there is not what was printed, or the document is not as it should be
};

/// A day of which month or day may be unknown.
struct PartialDate {
    int year = 0;
    std::optional<unsigned> month, day;

    [[nodiscard]] bool operator==(const PartialDate&) const = default;
};

enum class Sex { Male, Female, Unspecified };

/// What the zone says, fillers taken away. Nothing is corrected: `check` tells what can be trusted,
/// and only numbers and dates are protected at all. Names, state and nationality never are.
struct Mrz {
    Format format = Format::Td3;
    std::string documentCode;   ///< "P", "ID", "V"
    std::string issuer;         ///< three letters, or "D"
    Secret<std::string> number; ///< of the document, the rest of a long one included
    std::string nationality;    ///< three letters, or "D"
    std::optional<PartialDate> birth;
    std::optional<PartialDate> expiry;
    Secret<std::string> birthText, expiryText; ///< YYMMDD as printed
    Sex sex = Sex::Unspecified;
    Secret<std::string> surname;   ///< the primary identifier
    Secret<std::string> givenName; ///< the secondary identifier; empty: there is only one name
    bool nameMayBeCut = false;     ///< compare only as the beginning of a name
    Secret<std::string> optional;  ///< what the state adds; of TD1 from the first line
    Secret<std::string> optional2; ///< of TD1 from the second line
    std::array<Check, 5> checks{}; ///< by Field

    [[nodiscard]] Check check(Field field) const
    {
        return checks.at(static_cast<std::size_t>(field));
    }
    /// No check digit is wrong.
    [[nodiscard]] bool sound() const;
};

/// Reads two or three lines, parted by line feeds; spaces around them and small letters are taken.
/// `today` places the century: nobody is born after it, and a document ends within fifty years.
/// Errc::Protocol, without content in the detail: no zone of these sizes, another character in it,
/// or no document code. A wrong check digit or a day that is none is no error: see `checks`.
[[nodiscard]] Result<Mrz> parseMrz(std::string_view text, std::chrono::year_month_day today);

} // namespace guichet::mrz
