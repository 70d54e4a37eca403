// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "peripherals/base/bytes.h"

/// What is on the chip of a resident card, a residence permit or a foreign permanent resident's
/// card, laid out as GA/T 490 has it. Texts are UTF-8; all people and numbers are made up.
namespace guichet::virtualdevices {

struct ResidentCardProfile {
    std::string name = {}; ///< how the control API calls it: "resident"
    std::string titleEn = {};
    std::string titleZh = {};
    char type = ' '; ///< ' ' resident, 'J' permit, 'I' and 'Y' foreigner's card of 2017 and 2023
    std::string holder = {};
    std::string englishHolder = {}; ///< of foreigners
    char sex = '1';                 ///< GB/T 2261.1
    std::string ethnicGroup = "01"; ///< of residents
    std::string birth = "19491231"; ///< YYYYMMDD
    std::string address = {};       ///< not on foreigners' cards
    std::string number = {};        ///< with its check digit
    std::string issuedBy = {};      ///< the 2017 card: a code
    std::string validFrom = "20180630";
    std::string validTo = "20380630"; ///< or 长期
    std::string passNumber = {};      ///< of permits
    std::string nationality = {};     ///< of foreigners
    std::string newAddress = {};      ///< written later; empty: none
};

/// The 256 bytes of text. Texts that are too long are cut at the field's end, as on real chips.
[[nodiscard]] Bytes textOf(const ResidentCardProfile& card);
/// What follows a move to another address: 70 bytes, or nothing.
[[nodiscard]] Bytes newAddressOf(const ResidentCardProfile& card);

/// The cards of the demo, in the order in which the window shows them.
[[nodiscard]] const std::vector<ResidentCardProfile>& knownResidentCards();
/// Null if there is no card of that name.
[[nodiscard]] const ResidentCardProfile* findResidentCard(std::string_view name);

} // namespace guichet::virtualdevices
