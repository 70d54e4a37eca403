// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "peripherals/base/bytes.h"
#include "peripherals/base/cipher.h"
#include "peripherals/base/clock.h"

/// The bytes of a track's file, and nothing else: no I/O, no clock, no state. The README has the
/// layout. Thread-safe; safe to fuzz.
namespace guichet::evidence {

constexpr std::string_view kSuite = "intl";
constexpr std::size_t kLargestContent = 64 * 1024; ///< of one chunk
constexpr std::size_t kHeaderStart = 12;           ///< magic, version, length of the rest
constexpr std::size_t kLargestHeader = 4096;       ///< of the rest
constexpr std::size_t kChunkHead = 16;
constexpr std::size_t kLink = 32;
constexpr std::size_t kLargestChunk = kChunkHead + kLargestContent + cipher::kTag + kLink;

/// A value of the hash chain: it stands for the header and every chunk so far.
using Link = std::array<std::byte, kLink>;

struct TrackHeader {
    std::string caseId;
    std::string track;
    std::string mediaType;
    Instant opened;
    std::string wrappedKey; ///< JWE compact serialisation, see keys.h

    [[nodiscard]] bool operator==(const TrackHeader&) const = default;
};

/// 1 to 64 letters, digits and hyphens: what may name a case, and a folder.
[[nodiscard]] bool isCaseId(std::string_view text);
/// 1 to 32 lower-case letters, digits and hyphens: what may name a track, and a file.
[[nodiscard]] bool isTrackName(std::string_view text);
/// 1 to 100 printable ASCII characters without quotes and backslashes.
[[nodiscard]] bool isMediaType(std::string_view text);

/// Fails with Errc::Invalid and the member that is out of bounds.
[[nodiscard]] Result<Bytes> encodeHeader(const TrackHeader& header);
/// Size of the whole header from its first kHeaderStart bytes. Errc::Protocol: no track's file, cut
/// short, or longer than a header may be. Errc::Unsupported: of another version.
[[nodiscard]] Result<std::size_t> headerSize(ByteView start);
/// Reads the header at the start of `file`. Errc as headerSize; Errc::Unsupported also for a suite
/// other than kSuite.
[[nodiscard]] Result<TrackHeader> parseHeader(ByteView file);

struct ChunkHead {
    std::uint32_t length = 0; ///< of the content
    bool last = false;        ///< nothing follows: the track was closed
    std::uint32_t number = 0; ///< from 1
    Instant at{};             ///< when its first byte was recorded

    [[nodiscard]] bool operator==(const ChunkHead&) const = default;
    /// Of the whole chunk: head, content, tag, link.
    [[nodiscard]] std::size_t size() const { return kChunkHead + length + cipher::kTag + kLink; }
};

/// Fails with Errc::Protocol: fewer bytes than a head, or no head of a chunk (too long, empty and
/// not the last, number 0, beyond the year 9999).
[[nodiscard]] Result<ChunkHead> parseChunkHead(ByteView bytes);

/// One whole chunk. Borrows the bytes.
struct Chunk {
    ChunkHead head;
    ByteView headAndSealed; ///< what its link covers
    ByteView headBytes;
    ByteView sealed; ///< content and tag
    Link link{};     ///< as it is written, true or not
};

/// Reads the chunk at the start of `bytes`. Fails as parseChunkHead, or if the chunk is cut short.
[[nodiscard]] Result<Chunk> parseChunk(ByteView bytes);

/// The chain's value before the first chunk.
[[nodiscard]] Link firstLink(ByteView header);
/// SHA-256(previous || head || content || tag).
[[nodiscard]] Link nextLink(const Link& previous, ByteView headAndSealed);

/// A whole chunk around `content`. A number is used once with a key. Fails with Errc::Internal.
[[nodiscard]] Result<Bytes> sealChunk(const cipher::Key& key, const Link& previous,
                                      const ChunkHead& head, ByteView content);
/// Fails with Errc::Denied: another key, another place in the chain, or changed.
[[nodiscard]] Result<Secret<Bytes>> openChunk(const cipher::Key& key, const Link& previous,
                                              const Chunk& chunk);

} // namespace guichet::evidence
