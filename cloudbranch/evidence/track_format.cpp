// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/evidence/track_format.h"

#include <algorithm>

#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include "peripherals/base/unique_handle.h"

namespace guichet::evidence {
namespace {

using nlohmann::json;
using DigestHandle = UniqueHandle<EVP_MD_CTX*, EVP_MD_CTX_free>;

constexpr std::string_view kMagic = "GUICHET";
constexpr std::byte kVersion{1};
constexpr std::uint32_t kLastFlag = 0x8000'0000U;
constexpr std::int64_t kEndOfTime = 253'402'300'799'999; ///< the year 9999, in ms

bool consistsOf(std::string_view text, std::size_t most, bool (*legal)(char))
{
    return !text.empty() && text.size() <= most && std::all_of(text.begin(), text.end(), legal);
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
bool isLower(char c)
{
    return c >= 'a' && c <= 'z';
}

void append(Bytes& bytes, ByteView more)
{
    bytes.insert(bytes.end(), more.begin(), more.end());
}

void append(Bytes& bytes, std::uint32_t value)
{
    for (const auto shift : {24U, 16U, 8U, 0U}) {
        bytes.push_back(static_cast<std::byte>(value >> shift));
    }
}

void append(Bytes& bytes, std::uint64_t value)
{
    append(bytes, static_cast<std::uint32_t>(value >> 32U));
    append(bytes, static_cast<std::uint32_t>(value));
}

Link sha256(ByteView first, ByteView second)
{
    Link link{};
    const DigestHandle digest(EVP_MD_CTX_new());
    if (!digest || EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) != 1 ||
        EVP_DigestUpdate(digest.get(), first.data(), first.size()) != 1 ||
        EVP_DigestUpdate(digest.get(), second.data(), second.size()) != 1 ||
        EVP_DigestFinal_ex(digest.get(), reinterpret_cast<unsigned char*>(link.data()), nullptr) !=
            1) {
        std::abort(); // without its chain no evidence may be written or believed
    }
    return link;
}

Bytes nonceOf(std::uint32_t number)
{
    Bytes nonce(cipher::kNonce - sizeof number);
    append(nonce, number);
    return nonce;
}

Bytes contextOf(const Link& previous, ByteView headBytes)
{
    Bytes context(previous.begin(), previous.end());
    append(context, headBytes);
    return context;
}

Bytes encodeHead(const ChunkHead& head)
{
    Bytes bytes;
    append(bytes, head.length | (head.last ? kLastFlag : 0U));
    append(bytes, head.number);
    append(bytes, static_cast<std::uint64_t>(head.at.time_since_epoch().count()));
    return bytes;
}

tl::unexpected<Error> badHeader(const std::string& seen)
{
    return fail(Errc::Protocol, "header: " + seen);
}

std::string textIn(const json& object, const char* member)
{
    const auto found = object.find(member);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

} // namespace

bool isCaseId(std::string_view text)
{
    return consistsOf(text, 64, [](char c) {
        return isDigit(c) || isLower(c) || (c >= 'A' && c <= 'Z') || c == '-';
    });
}

bool isTrackName(std::string_view text)
{
    return consistsOf(text, 32, [](char c) { return isDigit(c) || isLower(c) || c == '-'; });
}

bool isMediaType(std::string_view text)
{
    return consistsOf(text, 100,
                      [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

Result<Bytes> encodeHeader(const TrackHeader& header)
{
    if (!isCaseId(header.caseId)) {
        return fail(Errc::Invalid, "case id: want 1 to 64 letters, digits and hyphens");
    }
    if (!isTrackName(header.track)) {
        return fail(Errc::Invalid,
                    "track name: want 1 to 32 lower-case letters, digits and hyphens");
    }
    if (!isMediaType(header.mediaType)) {
        return fail(Errc::Invalid, "media type: want 1 to 100 printable ASCII characters");
    }
    const auto rest = json{{"suite", kSuite},
                           {"case", header.caseId},
                           {"track", header.track},
                           {"mediaType", header.mediaType},
                           {"opened", toRfc3339(header.opened)},
                           {"key", header.wrappedKey}}
                          .dump();
    if (rest.size() > kLargestHeader) {
        return fail(Errc::Invalid, "wrapped key: " + std::to_string(header.wrappedKey.size()) +
                                       " characters are too many for a header");
    }
    Bytes bytes;
    append(bytes, asBytes(kMagic));
    bytes.push_back(kVersion);
    append(bytes, static_cast<std::uint32_t>(rest.size()));
    append(bytes, asBytes(rest));
    return bytes;
}

Result<std::size_t> headerSize(ByteView start)
{
    ByteReader in(start);
    const auto magic = in.take(kMagic.size());
    const auto version = in.u8();
    const auto length = in.u32();
    if (!magic || asText(*magic) != kMagic) {
        return badHeader("not a track's file: it does not begin with GUICHET");
    }
    if (!version || !length) {
        return badHeader("cut short: " + std::to_string(start.size()) + " bytes, want " +
                         std::to_string(kHeaderStart));
    }
    if (std::byte{*version} != kVersion) {
        return fail(Errc::Unsupported, "header: format version " + std::to_string(*version) +
                                           ", this program reads version 1");
    }
    if (*length > kLargestHeader) {
        return badHeader(std::to_string(*length) + " bytes, want at most " +
                         std::to_string(kLargestHeader));
    }
    return kHeaderStart + *length;
}

Result<TrackHeader> parseHeader(ByteView file)
{
    const auto size = headerSize(file);
    if (!size) {
        return tl::unexpected(size.error());
    }
    if (file.size() < *size) {
        return badHeader("cut short: " + std::to_string(file.size()) + " bytes, want " +
                         std::to_string(*size));
    }
    const auto rest =
        json::parse(asText(file.subspan(kHeaderStart, *size - kHeaderStart)), nullptr, false);
    if (!rest.is_object()) {
        return badHeader("no JSON object");
    }
    if (const auto suite = textIn(rest, "suite"); suite != kSuite) {
        return fail(Errc::Unsupported, "header: another suite than " + std::string(kSuite));
    }
    const auto opened = fromRfc3339(textIn(rest, "opened"));
    TrackHeader header{.caseId = textIn(rest, "case"),
                       .track = textIn(rest, "track"),
                       .mediaType = textIn(rest, "mediaType"),
                       .opened = opened.value_or(Instant()),
                       .wrappedKey = textIn(rest, "key")};
    if (!isCaseId(header.caseId) || !isTrackName(header.track) || !isMediaType(header.mediaType) ||
        !opened || header.wrappedKey.empty()) {
        return badHeader("case, track, mediaType, opened or key is missing or not legal");
    }
    return header;
}

Result<ChunkHead> parseChunkHead(ByteView bytes)
{
    ByteReader in(bytes);
    const auto lengthAndFlag = in.u32();
    const auto number = in.u32();
    const auto high = in.u32();
    const auto low = in.u32();
    if (!lengthAndFlag || !number || !high || !low) {
        return fail(Errc::Protocol, "chunk: cut short: " + std::to_string(bytes.size()) +
                                        " bytes, want " + std::to_string(kChunkHead));
    }
    const auto at = static_cast<std::int64_t>(std::uint64_t{*high} << 32U | *low);
    const ChunkHead head{.length = *lengthAndFlag & ~kLastFlag,
                         .last = (*lengthAndFlag & kLastFlag) != 0,
                         .number = *number,
                         .at = Instant(std::chrono::milliseconds(at))};
    if (head.length > kLargestContent || (head.length == 0 && !head.last) || head.number == 0 ||
        at < 0 || at > kEndOfTime) {
        return fail(Errc::Protocol, "chunk: no head of a chunk");
    }
    return head;
}

Result<Chunk> parseChunk(ByteView bytes)
{
    const auto head = parseChunkHead(bytes);
    if (!head) {
        return tl::unexpected(head.error());
    }
    if (bytes.size() < head->size()) {
        return fail(Errc::Protocol, "chunk: cut short: " + std::to_string(bytes.size()) +
                                        " bytes, want " + std::to_string(head->size()));
    }
    const auto covered = bytes.first(head->size() - kLink);
    Chunk chunk{.head = *head,
                .headAndSealed = covered,
                .headBytes = covered.first(kChunkHead),
                .sealed = covered.subspan(kChunkHead)};
    const auto link = bytes.subspan(covered.size(), kLink);
    std::copy(link.begin(), link.end(), chunk.link.begin());
    return chunk;
}

Link firstLink(ByteView header)
{
    return sha256({}, header);
}

Link nextLink(const Link& previous, ByteView headAndSealed)
{
    return sha256(previous, headAndSealed);
}

Result<Bytes> sealChunk(const cipher::Key& key, const Link& previous, const ChunkHead& head,
                        ByteView content)
{
    auto chunk = encodeHead(head);
    const auto sealed =
        cipher::encrypt(key, nonceOf(head.number), contextOf(previous, chunk), content);
    if (!sealed) {
        return tl::unexpected(sealed.error());
    }
    chunk.reserve(head.size());
    append(chunk, *sealed);
    append(chunk, nextLink(previous, chunk));
    return chunk;
}

Result<Secret<Bytes>> openChunk(const cipher::Key& key, const Link& previous, const Chunk& chunk)
{
    return cipher::decrypt(key, nonceOf(chunk.head.number), contextOf(previous, chunk.headBytes),
                           chunk.sealed);
}

} // namespace guichet::evidence
