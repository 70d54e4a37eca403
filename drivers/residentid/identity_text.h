// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "drivers/residentid/resident_number.h"
#include "peripherals/base/bytes.h"

/// The 256 bytes of text on a resident card, a residence permit of Hong Kong, Macao and Taiwan, and
/// a foreign permanent resident's card of 2017 or 2023 (GA/T 490): UTF-16, low byte first, filled
/// up with spaces. Pure.
namespace guichet::residentid {

enum class CardKind { Resident, Permit, Foreigner2017, Foreigner2023 };
[[nodiscard]] std::string_view name(CardKind kind);
[[nodiscard]] std::string_view name(Sex sex);

/// Texts are UTF-8 as on the card, without the spaces behind them; empty: the card has none.
struct ResidentIdentity {
    CardKind kind = CardKind::Resident;
    Secret<std::string> name;        ///< in Chinese
    Secret<std::string> englishName; ///< of foreigners
    Sex sex = Sex::Unknown;
    std::string ethnicGroup; ///< two digits; of residents
    std::optional<std::chrono::year_month_day> birth;
    Secret<std::string> address;
    Secret<std::string> number;
    bool numberOk = false; ///< its check digit fits; the 2017 card's number has none
    std::string issuedBy;
    std::optional<std::chrono::year_month_day> validFrom;
    std::optional<std::chrono::year_month_day> validTo; ///< through the end of that day
    bool longTerm = false;                              ///< 长期: valid without an end
    Secret<std::string> passNumber;                     ///< of permits
    int issueCount = 0;                                 ///< of permits
    std::string nationality;                            ///< of foreigners, three letters
    bool nameMayBeCut = false; ///< the name fills its field: the card may know only its beginning
    bool unreadable = false;   ///< a code unit is no character: U+FFFD stands for it
};

/// Errc::Protocol, without content in the detail, unless it is 256 bytes with a name and a number.
[[nodiscard]] Result<ResidentIdentity> parseIdentityText(ByteView text);

/// New addresses, each 70 bytes, joined in the order of the card. Errc::Protocol for other sizes.
[[nodiscard]] Result<Secret<std::string>> parseNewAddress(ByteView data);

/// "汉" for "01"; the code itself if it is not of GB/T 3304.
[[nodiscard]] std::string_view ethnicGroupName(std::string_view code);

} // namespace guichet::residentid
