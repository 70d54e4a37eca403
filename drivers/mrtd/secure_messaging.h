// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drivers/mrtd/apdu.h"
#include "drivers/mrtd/ciphers.h"

namespace guichet::mrtd {

/// One secured session with a chip (Doc 9303-11, 9.8): what goes out is encrypted and sealed, what
/// comes in is believed only with its seal. Pure but for its counter. After any failure the session
/// is over: its keys are of no use. Wipes its keys when it goes.
class SecureMessaging {
public:
    /// The counter starts where BAC put it; PACE and chip authentication start at zeros (empty).
    SecureMessaging(Cipher cipher, SecretBytes encryption, SecretBytes mac, ByteView counter = {});

    [[nodiscard]] Cipher cipher() const { return m_cipher; }
    [[nodiscard]] ByteView counter() const { return m_counter; }

    /// The command to send for `command`, extended where the seal makes it too long.
    [[nodiscard]] Result<Bytes> wrap(const Command& command);

    /// The chip's answer to the last wrapped command. Errc::Denied: the seal is wrong or missing,
    /// or the status inside is not the one outside. Errc::Protocol: not TLV, or wrong padding.
    [[nodiscard]] Result<CardAnswer> unwrap(ByteView answer);

private:
    void count();
    [[nodiscard]] Result<Bytes> vector() const;

    Cipher m_cipher;
    SecretBytes m_encryption;
    SecretBytes m_mac;
    Bytes m_counter;
};

} // namespace guichet::mrtd
