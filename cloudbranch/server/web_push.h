// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "cloudbranch/server/certificate_request.h"
#include "peripherals/base/bytes.h"
#include "peripherals/base/clock.h"

/// Messages to a browser that is closed: RFC 8030, encrypted as RFC 8291, signed as RFC 8292.
namespace guichet::hub {

/// Where a browser hears of us, and what messages to it are encrypted for.
struct PushSubscription {
    std::string endpoint; ///< at the push service of the browser's maker
    Bytes key;            ///< P-256 point, 65 bytes, uncompressed
    Bytes secret;         ///< 16 bytes
};

/// What a browser's PushSubscription says of itself as JSON (W3C Push API). Pure. Fails with
/// Errc::Invalid, naming what is missing or wrong.
[[nodiscard]] Result<PushSubscription> parseSubscription(std::string_view json);

/// "https://host:port" of a URL; empty if it is none.
[[nodiscard]] std::string originOf(std::string_view url);

/// The body of one message, for "Content-Encoding: aes128gcm" (RFC 8291 section 4, one record of
/// RFC 8188). `sender`: a P-256 key made for this message. Fails with Errc::Invalid for a key that
/// is no point of the curve, or for a text beyond 3,993 bytes.
[[nodiscard]] Result<std::string> encryptPush(const PushSubscription& receiver,
                                              std::string_view text, const KeyHandle& sender,
                                              ByteView salt);
/// The same with a fresh key and salt.
[[nodiscard]] Result<std::string> encryptPush(const PushSubscription& receiver,
                                              std::string_view text);

/// By which push services know the hub (VAPID, RFC 8292).
class PushKey {
public:
    /// Reads the key from `file`, or makes it. Fails with Errc::Busy or Invalid.
    [[nodiscard]] static Result<PushKey> open(const std::filesystem::path& file);

    /// What a page subscribes with: the point in base64url.
    [[nodiscard]] const std::string& publicKey() const { return m_public; }
    /// The header "Authorization" of a message to `origin`; good for twelve hours. `contact`:
    /// "mailto:..." or "https://...", whom the push service may write to.
    [[nodiscard]] std::string authorization(const std::string& origin, const std::string& contact,
                                            Instant now) const;

private:
    PushKey(KeyHandle key, std::string publicKey);

    KeyHandle m_key;
    std::string m_public;
};

} // namespace guichet::hub
