// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/chip.h"

#include <utility>

#include "peripherals/virtual/bank_card.h"
#include "peripherals/virtual/passport.h"

namespace guichet::virtualdevices {

std::optional<SlotCard> makeSlotCard(std::string_view name, const Bytes& atr)
{
    if (const auto* bank = findCard(name)) {
        auto profile = *bank;
        profile.atr = atr.empty() ? profile.atr : atr;
        return SlotCard{std::string(name), std::make_unique<BankCard>(profile), profile.muteAtApdu,
                        profile.delay};
    }
    if (const auto* passport = findPassport(name)) {
        auto profile = passport->profile;
        profile.atr = atr.empty() ? profile.atr : atr;
        return SlotCard{std::string(name),
                        std::make_unique<Passport>(std::move(profile), PassportIssuer::demo(),
                                                   passport->fault)};
    }
    return std::nullopt;
}

std::vector<CardTitle> slotCards()
{
    std::vector<CardTitle> titles;
    for (const auto& card : knownCards()) {
        titles.push_back({card.name, card.titleEn, card.titleZh});
    }
    for (const auto& [profile, fault] : knownPassports()) {
        titles.push_back({profile.name, profile.titleEn, profile.titleZh});
    }
    return titles;
}

} // namespace guichet::virtualdevices
