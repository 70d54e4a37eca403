// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "peripherals/virtual/passport_crypto.h"

namespace guichet::virtualdevices::passport {

/// The chip's side of one PACE run: generic mapping on a standardised curve (parameter ids 12 to
/// 18).
class ChipPace {
public:
    /// `password`: SHA-1 of the MRZ information, or the digits of the card access number.
    ChipPace(Bytes protocol, Suite suite, unsigned parameterId, ByteView password);
    ~ChipPace();
    ChipPace(const ChipPace&) = delete;
    ChipPace& operator=(const ChipPace&) = delete;

    [[nodiscard]] Bytes encryptedNonce();
    /// Nothing: no point of the curve, or out of turn.
    [[nodiscard]] std::optional<Bytes> map(ByteView terminalKey);
    [[nodiscard]] std::optional<Bytes> agree(ByteView terminalKey);
    /// Nothing: the terminal used another password.
    [[nodiscard]] std::optional<Bytes> confirm(ByteView terminalToken) const;
    [[nodiscard]] ChipSession session() const;

private:
    struct Numbers;

    [[nodiscard]] Bytes token(ByteView publicKey) const;

    Bytes m_protocol;
    Suite m_suite;
    Bytes m_passwordKey;
    std::unique_ptr<Numbers> m_numbers;
    Bytes m_nonce, m_ownKey, m_terminalKey, m_secret;
};

} // namespace guichet::virtualdevices::passport
