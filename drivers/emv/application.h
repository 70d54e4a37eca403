// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/emv/emv_protocol.h"

/// What we know of card schemes, and what a terminal of ours says of itself. Pure.
namespace guichet::emv {

enum class Scheme { Other, UnionPay, Visa, Mastercard, AmericanExpress, Jcb, Discover };

/// "UnionPay", "Visa", ...; "card" for Other. Written as the scheme writes itself.
[[nodiscard]] std::string_view name(Scheme scheme);

/// By the registered provider in the first five bytes of an application's name.
[[nodiscard]] Scheme schemeOf(ByteView applicationName);

enum class CardInterface { Contact, Contactless };

/// Contactless readers make up an answer to reset of their own form (3B 8n 80 01 ...).
[[nodiscard]] CardInterface interfaceOf(ByteView atr);

/// What the directory of an interface is called.
[[nodiscard]] ByteView directoryName(CardInterface interface);

/// The answers to a card's questions: a terminal in China that only reads, no amount, today, and
/// that declines (EMV Book 4, annex A).
/// `unpredictable` is four fresh random bytes.
[[nodiscard]] std::vector<TerminalValue> terminalValues(std::chrono::year_month_day today,
                                                        ByteView unpredictable);

/// The application's name for a screen, in UTF-8: the preferred name if it is in a table that we
/// know, else the label, else `otherwise`; control characters left out, 16 characters at most.
[[nodiscard]] std::string labelOf(const std::vector<Tlv>& objects, std::string_view otherwise);

} // namespace guichet::emv
