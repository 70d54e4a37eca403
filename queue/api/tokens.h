// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "peripherals/base/bytes.h"
#include "peripherals/base/error.h"
#include "peripherals/base/secret.h"

namespace guichet::queue::api {

/// SHA-256 in hexadecimal; what is kept of a token.
[[nodiscard]] std::string tokenHash(std::string_view token);

/// Makes the customers' tokens from the visits' ids and a key that only the hub has, so that a
/// repeated create can give the same token although none is stored. Thread-safe.
class VisitTokens {
public:
    explicit VisitTokens(Secret<Bytes> key)
        : m_key(std::move(key))
    {
    }
    /// Reads the key from a file that only its owner can read, or makes it. Fails with Errc::Busy
    /// (cannot write) or Invalid (not a key).
    [[nodiscard]] static Result<VisitTokens> open(const std::filesystem::path& file);

    /// 192 bits in base64url.
    [[nodiscard]] std::string make(std::string_view visit) const;
    [[nodiscard]] bool matches(std::string_view visit, std::string_view token) const;

private:
    Secret<Bytes> m_key;
};

} // namespace guichet::queue::api
