// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <catch2/catch.hpp>
#include <openssl/evp.h>

#include "peripherals/virtual/card_issuer.h"

namespace guichet::test {

inline std::string sha1Hex(const std::string& hexBytes)
{
    const auto data = *fromHex(hexBytes);
    Bytes hash(20);
    REQUIRE(EVP_Digest(data.data(), data.size(), reinterpret_cast<unsigned char*>(hash.data()),
                       nullptr, EVP_sha1(), nullptr) == 1);
    return toHex(hash);
}

/// The virtual cards' scheme as a table of a key file.
inline std::string demoSchemeTable(const std::string& provider,
                                   const std::string& validTo = "2049-12-31")
{
    const auto modulus = toHex(virtualdevices::demoSchemeKey().modulus);
    return "[" + provider + "-D1]\nmodulus = \"" + modulus +
           "\"\nexponent = \"010001\"\nchecksum = \"" +
           sha1Hex(provider + "D1" + modulus + "010001") + "\"\nvalid_to = \"" + validTo + "\"\n";
}

} // namespace guichet::test
