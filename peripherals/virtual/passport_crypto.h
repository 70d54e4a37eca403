// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "peripherals/base/bytes.h"

/// What the chip of a passport computes, written from Doc 9303-11 apart from the driver. What
/// OpenSSL refuses comes back empty, and the conversation fails there.
namespace guichet::virtualdevices::passport {

enum class Suite { TripleDes, Aes128, Aes192, Aes256 };

[[nodiscard]] std::size_t blockOf(Suite suite);
[[nodiscard]] Bytes sha1(ByteView data);
[[nodiscard]] Bytes sha256(ByteView data);
/// Counter 1: encryption, 2: sealing, 3: from a password.
[[nodiscard]] Bytes derive(Suite suite, ByteView secret, unsigned counter);
/// CBC without padding; an empty `start` is zeros.
[[nodiscard]] Bytes encrypt(Suite suite, ByteView key, ByteView start, ByteView data);
[[nodiscard]] Bytes decrypt(Suite suite, ByteView key, ByteView start, ByteView data);
/// The eight bytes of a seal over data that is padded already.
[[nodiscard]] Bytes seal(Suite suite, ByteView key, ByteView data);
/// Padding method 2 to whole blocks.
[[nodiscard]] Bytes pad(Suite suite, ByteView data);

struct PlainCommand {
    Bytes header; ///< four bytes, CLA without its secured bits
    Bytes data;
    std::size_t expected = 0; ///< 0: no Le
};

/// The chip's side of secure messaging.
class ChipSession {
public:
    ChipSession(Suite suite, ByteView secret, ByteView counter = {});

    /// False: wrong seal or build; the session is over.
    [[nodiscard]] bool open(const PlainCommand& sealedCommand, PlainCommand& plain);
    [[nodiscard]] Bytes close(ByteView data, std::uint16_t status, bool oddInstruction);

private:
    void count();
    [[nodiscard]] Bytes start() const;

    Suite m_suite;
    Bytes m_encryption;
    Bytes m_mac;
    Bytes m_counter;
};

} // namespace guichet::virtualdevices::passport
