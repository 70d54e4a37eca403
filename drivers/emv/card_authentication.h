// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drivers/emv/apdu_link.h"
#include "drivers/emv/offline_authentication.h"
#include "drivers/emv/scheme_keys.h"
#include "drivers/emv/tlv.h"

/// Whether a card is what it says, as far as reading alone can tell (EMV Book 3, 10.3).
namespace guichet::emv {

enum class AuthenticationMethod { None, Static, Dynamic, Combined };
enum class AuthenticationVerdict { NotChecked, Genuine, Refused };

[[nodiscard]] std::string_view name(AuthenticationMethod method);
[[nodiscard]] std::string_view name(AuthenticationVerdict verdict);

/// A fact to show. `reason` says in words why a card is not genuine, or was not checked.
struct Authentication {
    AuthenticationMethod method = AuthenticationMethod::None;
    AuthenticationVerdict verdict = AuthenticationVerdict::NotChecked;
    std::string reason = "not asked for";
};

/// What was read of an application. Views: they must outlive the call.
struct ReadApplication {
    ByteView name; ///< its AID
    ByteView interchangeProfile;
    ByteView pdolValues; ///< sent with GET PROCESSING OPTIONS
    const std::vector<Tlv>& objects;
    const std::vector<SignedRecord>& records;
    CardFacts facts;
};

/// What a terminal goes by.
struct AuthenticationTerms {
    const SchemeKeys& schemes;
    /// Combined data authentication, too. It takes a GENERATE AC for no amount, and a second one
    /// that declines: the card's counters move as they do for a payment that is broken off.
    bool combined = false;
};

/// The best method that card and terminal share: combined, dynamic, static (Book 3, 10.3). A card
/// that declines, makes no cryptogram, or offers what is not in the terms, is not checked. Fails
/// only as ApduLink does: the card was torn out, or answers nonsense, before it could prove itself.
[[nodiscard]] Result<Authentication> authenticate(ApduLink& link, const AuthenticationTerms& terms,
                                                  const ReadApplication& application);

} // namespace guichet::emv
