// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "drivers/emv/tlv.h"

/// Commands and structures of EMV Book 1 and 3 that reading needs. Pure; safe to fuzz. Nothing here
/// can build a command that approves a payment, verifies a cardholder or writes.
namespace guichet::emv {

/// Bytes of an application's name (ISO/IEC 7816-4).
inline constexpr std::size_t kShortestName = 5, kLongestName = 16;
/// Up to this file the records are of EMV's own build, each in a template.
inline constexpr unsigned kLastPlainFile = 10;

[[nodiscard]] Bytes selectByName(ByteView name);
[[nodiscard]] Bytes readRecord(unsigned record, unsigned shortFileId);
/// `data` as the card's dynamic data object list wants it, our random number in it.
[[nodiscard]] Bytes internalAuthenticate(ByteView data);
/// GENERATE AC for an ARQC, the question to an issuer, that the card signs (combined data
/// authentication; Book 3, 6.5.5). `values`: of CDOL1, our random number among them.
[[nodiscard]] Bytes requestSignedCryptogram(ByteView values);
/// GENERATE AC for an AAC, which ends what such a question began. `values`: of CDOL2.
[[nodiscard]] Bytes declineTransaction(ByteView values);
/// `values` as built by buildDolData; it is wrapped in tag 83.
[[nodiscard]] Bytes getProcessingOptions(ByteView values);

/// One entry of a data object list: the card wants `length` bytes of `tag`.
struct DolEntry {
    std::uint32_t tag = 0;
    std::size_t length = 0;
    [[nodiscard]] bool operator==(const DolEntry&) const = default;
};

/// Fails with Errc::Protocol: a cut entry, or more bytes wanted than one command holds.
[[nodiscard]] Result<std::vector<DolEntry>> parseDol(ByteView bytes);

enum class Format {
    Numeric,           ///< fitted on the right, filled with 00 on the left
    CompressedNumeric, ///< fitted on the left, filled with FF
    Binary,            ///< fitted on the left, filled with 00
};

/// What the terminal says for one tag when a card asks.
struct TerminalValue {
    std::uint32_t tag = 0;
    Format format = Format::Binary;
    Bytes value;
};

/// The values asked for, fitted to their lengths and concatenated; unknown tags are zeros.
[[nodiscard]] Bytes buildDolData(const std::vector<DolEntry>& entries,
                                 const std::vector<TerminalValue>& values);

/// Records of one file that the application consists of.
struct FileRecords {
    unsigned shortFileId = 0;
    unsigned first = 0;
    unsigned last = 0;
    unsigned authenticated = 0; ///< how many of them, from the first, are signed offline
    [[nodiscard]] bool operator==(const FileRecords&) const = default;
};

inline constexpr unsigned kMaxRecords = 64;

/// The application file locator. Fails with Errc::Protocol: not whole groups of four, numbers
/// outside their range, more than 64 records in all.
[[nodiscard]] Result<std::vector<FileRecords>> parseAfl(ByteView bytes);

/// Finds the file locator in an answer to GET PROCESSING OPTIONS, in either format; empty if the
/// card sent none. Fails with Errc::Protocol for an answer of neither format.
[[nodiscard]] Result<ByteView> fileLocator(const std::vector<Tlv>& answer);

/// The application interchange profile in such an answer; empty if the card sent none.
[[nodiscard]] ByteView interchangeProfile(const std::vector<Tlv>& answer);

/// An application that a card offers.
struct Candidate {
    Bytes name;            ///< the full AID
    unsigned priority = 0; ///< 1 comes first, 0 has none
};

/// The applications in directory records or in the answer of the contactless directory, best
/// first; entries without a proper name are left out.
[[nodiscard]] std::vector<Candidate> candidates(const std::vector<Tlv>& directory);

} // namespace guichet::emv
