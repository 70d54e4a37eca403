// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include "drivers/mrtd/check.h"
#include "drivers/mrtd/country_signers.h"
#include "drivers/mrtd/mrtd_reader.h"

/// Whether what was read is what a state signed (Doc 9303-11, 5.1). Pure.
namespace guichet::mrtd {

/// Views: what they show must outlive the call.
struct SignedFiles {
    ByteView securityObject;        ///< EF.SOD; empty: the chip has none
    std::map<int, ByteView> groups; ///< as read
    std::string_view issuingState;  ///< of the machine readable zone: "UTO", "D<<"
};
[[nodiscard]] SignedFiles filesOf(const Document& document);

/// Statements, not one verdict: who decides weighs them. A missing certificate of a country is "not
/// checked", never "forged"; whether the chip itself is a copy is said by other checks.
struct PassiveAuthentication {
    Check signature;             ///< EF.SOD was signed by the document signer
    Check chain;                 ///< the document signer was certified by a trusted country
    Check country;               ///< that country, the signer's and the zone's are the same
    std::map<int, Check> hashes; ///< each data group that was read or is listed
};

[[nodiscard]] PassiveAuthentication authenticate(const SignedFiles& files,
                                                 const CountrySigners& signers);

} // namespace guichet::mrtd
