// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

/// Universal tags of ASN.1 (X.690) that a passport's files are built of.
namespace guichet::mrtd::asn1 {

inline constexpr std::uint32_t kInteger = 0x02, kOctets = 0x04, kObjectId = 0x06, kSequence = 0x30,
                               kSet = 0x31;

} // namespace guichet::mrtd::asn1
