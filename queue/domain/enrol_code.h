// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "peripherals/base/bytes.h"
#include "peripherals/base/error.h"

namespace guichet::queue {

/// What one types at a new terminal: "7K3F-9QWD-0A1B-2C3D-4E5F-6G7H". Eight characters that only
/// the hub knows, then sixteen that are the beginning of the SHA-256 of its authority's
/// certificate, by which the terminal knows the hub before it says anything.
struct EnrolCode {
    static constexpr std::size_t kSecretBytes = 5;
    static constexpr std::size_t kAuthorityBytes = 10;

    Bytes secret;    ///< 40 bits
    Bytes authority; ///< 80 bits: nobody finds another certificate that begins so
};

/// Groups of four in Crockford's base32, without I, L, O and U.
[[nodiscard]] std::string enrolCodeText(const EnrolCode& code);
/// Takes either case, I and L for 1, O for 0, and any blanks and dashes. Fails with Errc::Invalid.
[[nodiscard]] Result<EnrolCode> parseEnrolCode(std::string_view text);

/// 1 to 48 letters, digits, dots, dashes and underscores; the first is a letter or digit.
[[nodiscard]] bool isTerminalName(std::string_view text);
/// The name in a terminal's certificate: "urn:guichet:terminal:NAME".
[[nodiscard]] std::string terminalUri(std::string_view name);

} // namespace guichet::queue
