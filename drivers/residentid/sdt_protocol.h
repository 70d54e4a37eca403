// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "peripherals/base/bytes.h"
#include "peripherals/base/secret.h"

/// What is spoken to a resident card reader with its security module (SAM_V), after GA/T 467 as
/// public clients use it: AA AA AA 96 69, length, body, XOR of length and body. Pure.
namespace guichet::residentid {

enum class SdtCommand : std::uint16_t {
    Reset = 0x10FF,
    Status = 0x11FF,
    SamNumber = 0x12FF,
    Find = 0x2001,
    Select = 0x2002,
    ReadCard = 0x3001,    ///< text and photo; fingerprints stay on the card
    ReadAddress = 0x3003, ///< a new address, if one was written later
};

[[nodiscard]] Bytes encodeCommand(SdtCommand command);

/// The reader's own verdict, the third byte of an answer. Any other value may come.
enum class SdtStatus : std::uint8_t {
    CheckSum = 0x10,
    Length = 0x11,
    Command = 0x21,
    CardRefused = 0x31,
    SamRefused = 0x32,
    NotVerified = 0x33,
    WrongCard = 0x40,
    ReadFailed = 0x41,
    SamBroken = 0x60,
    SamExpired = 0x66,
    NoCard = 0x80,
    SelectFailed = 0x81,
    Ok = 0x90,
    NoContent = 0x91, ///< the card has none of this, as most have no new address
    Found = 0x9F,
};

struct SdtAnswer {
    SdtStatus status{};
    Secret<Bytes> data; ///< card data
};

/// What a person can do about a verdict that is not Ok or Found, with `step` in the detail.
[[nodiscard]] Error errorOf(SdtStatus status, std::string_view step);

/// Takes answers out of what a reader sends, whatever stands between them. Holds at most one
/// answer's bytes and wipes them.
class SdtDecoder {
public:
    void feed(ByteView bytes);
    /// The next whole answer. Errc::Protocol for one whose check byte or length is wrong; the
    /// decoder goes on behind it. Nothing: more bytes are wanted.
    [[nodiscard]] std::optional<Result<SdtAnswer>> next();
    /// Forgets what has come.
    void clear();

private:
    Secret<Bytes> m_pending;
};

/// What ReadCard brings, each as long as the answer says. Errc::Protocol if the lengths do not fit.
struct CardContent {
    Secret<Bytes> text;
    Secret<Bytes> photo; ///< in WLT compression
};
[[nodiscard]] Result<CardContent> parseCardContent(ByteView data);

/// The security module's number as printed on the reader: "05.03-20230412-0000123456-0987654321".
/// Errc::Protocol unless it is 16 bytes.
[[nodiscard]] Result<std::string> parseSamNumber(ByteView data);

} // namespace guichet::residentid
