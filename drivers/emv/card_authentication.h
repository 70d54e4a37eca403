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
    const std::vector<Tlv>& objects;
    const std::vector<SignedRecord>& records;
    CardFacts facts;
};

/// The best method that card and terminal share. Combined data authentication needs GENERATE AC,
/// which a terminal that only reads never sends: it is not checked. Fails only as ApduLink does:
/// the card was torn out, or answers nonsense, before it could prove itself.
[[nodiscard]] Result<Authentication> authenticate(ApduLink& link, const SchemeKeys& keys,
                                                  const ReadApplication& application);

} // namespace guichet::emv
