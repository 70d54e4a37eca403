// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "peripherals/base/bytes.h"

namespace guichet::virtualdevices {

/// A state that issues passports, made up at run time but for the demo: its country signing
/// certificate (valid 2020 to 2035, or only 2005 to 2015) and a document signer that signs on 1
/// June 2024.
class PassportIssuer {
public:
    struct Options {
        std::string country = "UT";    ///< C of both certificates
        bool expired = false;          ///< the country certificate ended before it signed
        bool explicitCurve = false;    ///< the signer's certificate spells out its curve
        bool rsa = false;              ///< signs with RSA-PSS instead of ECDSA
        Bytes countryKey = {};         ///< PKCS #8; empty: made anew
        Bytes countryCertificate = {}; ///< for that key, DER
    };

    explicit PassportIssuer(const Options& options);
    PassportIssuer();
    /// Whose certificate the terminal of the demo trusts.
    [[nodiscard]] static const PassportIssuer& demo();
    ~PassportIssuer();
    PassportIssuer(const PassportIssuer&) = delete;
    PassportIssuer& operator=(const PassportIssuer&) = delete;

    /// DER, as an operator would get it.
    [[nodiscard]] Bytes countryCertificate() const;
    /// DER: withdraws its document signer, or nobody. Of 2025, without an end.
    [[nodiscard]] Bytes revocationList(bool withdrawSigner) const;
    /// A CMS list of these certificates (2.23.136.1.1.2), signed by a signer of this state.
    [[nodiscard]] Bytes masterList(const std::vector<Bytes>& certificates) const;
    /// EF.SOD over the files of these data groups.
    [[nodiscard]] Bytes sign(const std::map<int, Bytes>& groups) const;

private:
    struct Keys;
    [[nodiscard]] Bytes signedMessage(const char* contentType, ByteView content) const;

    std::unique_ptr<Keys> m_keys;
};

} // namespace guichet::virtualdevices
