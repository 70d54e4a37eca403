// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "peripherals/base/clock.h"
#include "peripherals/base/error.h"

namespace guichet::queue {

/// What a terminal is to its hub: a key that never leaves this machine, the certificate that the
/// hub gave it, the hub's authority, and where the hub is. All in one file `terminal.pem` that only
/// its owner can read and that is replaced whole, so that there is the old identity or the new.
struct TerminalIdentity {
    std::filesystem::path file; ///< key, certificate and authority: each TLS file setting's value
    std::string name;
    std::string hub; ///< "https://hub.example:8443"
    std::string branch;
    Instant renewAfter{};
    Instant expires{};
};

/// Of the file in `folder`. Fails with Errc::NotFound (never enrolled), Busy or Invalid (damaged).
[[nodiscard]] Result<TerminalIdentity> loadIdentity(const std::filesystem::path& folder);

/// Makes a key, checks by the code's fingerprint that `hub` is the hub that gave the code, and gets
/// a certificate; replaces an earlier identity only then. After a power cut or a lost answer the
/// same code is good once more, from the same folder. Blocks. Fails with Errc::Invalid (code,
/// address), Denied (another hub; wrong, old or used code), Busy (locked: Remedy::Wait; disk),
/// Disconnected, Timeout or Protocol.
[[nodiscard]] Result<TerminalIdentity>
enrolTerminal(const std::filesystem::path& folder, const std::string& hub, const std::string& code);

/// A new key and the next certificate for it, by the present one. Blocks. Fails as enrolTerminal();
/// Denied also when this terminal was revoked.
[[nodiscard]] Result<TerminalIdentity> renewIdentity(const std::filesystem::path& folder);

/// What a `terminal.pem` says. Pure. Fails with Errc::Invalid.
[[nodiscard]] Result<TerminalIdentity> parseIdentity(std::string_view text);

} // namespace guichet::queue
