// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/evidence/attachment.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>
#include <openssl/sha.h>

namespace guichet::evidence {
namespace {

using nlohmann::json;

constexpr std::string_view kMagic = "GUICHETA";
constexpr std::size_t kStart = kMagic.size() + 4; ///< and the length of the head
constexpr std::size_t kLargestHead = 1024;
constexpr std::size_t kHexHash = std::size_t{SHA256_DIGEST_LENGTH} * 2;

json documentOf(const AttachmentHead& head)
{
    return {{"number", head.number},
            {"mediaType", head.mediaType},
            {"bytes", head.bytes},
            {"sha256", head.sha256}};
}

std::optional<std::uint32_t> countIn(const json& object, const char* member, std::uint32_t most)
{
    const auto found = object.find(member);
    const bool sound = found != object.end() && found->is_number_unsigned() &&
                       found->get<std::uint64_t>() >= 1 && found->get<std::uint64_t>() <= most;
    return sound ? std::optional(found->get<std::uint32_t>()) : std::nullopt;
}

std::string textIn(const json& object, const char* member)
{
    const auto found = object.find(member);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<AttachmentHead> headFrom(const json& object)
{
    if (!object.is_object()) {
        return std::nullopt;
    }
    const auto number = countIn(object, "number", UINT32_MAX);
    const auto bytes = countIn(object, "bytes", kLargestAttachment);
    AttachmentHead head{number.value_or(0), textIn(object, "mediaType"), bytes.value_or(0),
                        textIn(object, "sha256")};
    const bool sound =
        number && bytes && isMediaType(head.mediaType) && head.sha256.size() == kHexHash;
    return sound ? std::optional(std::move(head)) : std::nullopt;
}

bool beginsOne(ByteView bytes)
{
    return bytes.size() >= kMagic.size() && asText(bytes.first(kMagic.size())) == kMagic;
}

void append(Bytes& bytes, ByteView more)
{
    bytes.insert(bytes.end(), more.begin(), more.end());
}

} // namespace

bool isAttachmentTrack(std::string_view track)
{
    const std::string_view own = kAttachmentTrack;
    return track == own || (track.starts_with(own) && track.substr(own.size()).starts_with('-'));
}

std::string sha256Of(ByteView content)
{
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(content.data()), content.size(), digest.data());
    return toHex(std::as_bytes(std::span(digest)));
}

Result<Bytes> encodeAttachment(std::uint32_t number, const std::string& mediaType, ByteView content)
{
    if (!isMediaType(mediaType) || content.empty() || content.size() > kLargestAttachment) {
        return fail(Errc::Invalid, "attachment: " + std::to_string(content.size()) +
                                       " bytes, want a media type and 1 to " +
                                       std::to_string(kLargestAttachment));
    }
    const auto head = documentOf({number, mediaType, static_cast<std::uint32_t>(content.size()),
                                  sha256Of(content)})
                          .dump();
    Bytes bytes;
    bytes.reserve(kStart + head.size() + content.size());
    append(bytes, asBytes(kMagic));
    for (const unsigned shift : {24U, 16U, 8U, 0U}) {
        bytes.push_back(static_cast<std::byte>(head.size() >> shift));
    }
    append(bytes, asBytes(head));
    append(bytes, content);
    return bytes;
}

std::string mention(std::string_view entry, const AttachmentMention& which)
{
    auto document = documentOf(which.head);
    document["track"] = which.track;
    auto line = json::parse(entry, nullptr, false);
    line["attachment"] = std::move(document);
    return line.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<AttachmentMention> mentionIn(std::string_view line)
{
    const auto entry = json::parse(line, nullptr, false);
    const auto found = entry.is_object() ? entry.find("attachment") : entry.end();
    if (found == entry.end()) {
        return std::nullopt;
    }
    auto head = headFrom(*found);
    auto track = head ? textIn(*found, "track") : std::string();
    if (!isTrackName(track) || !isAttachmentTrack(track)) {
        return std::nullopt;
    }
    return AttachmentMention{std::move(track), std::move(*head)};
}

Result<void> AttachmentReader::take(std::uint32_t number, ByteView content)
{
    if (number != m_chunk + 1) {
        m_pending.clear();
    }
    m_chunk = number;
    if (m_pending.empty() && !beginsOne(content)) {
        return {};
    }
    append(m_pending, content);
    return takeWhole();
}

Result<void> AttachmentReader::takeWhole()
{
    while (m_pending.size() >= kStart) {
        const ByteView pending(m_pending);
        ByteReader in(pending.subspan(kMagic.size()));
        const auto length = in.u32().value_or(0);
        if (!beginsOne(pending) || length > kLargestHead) {
            m_pending.clear(); // the next one begins with a chunk
            return {};
        }
        if (in.left() < length) {
            return {};
        }
        const auto head = headFrom(json::parse(asText(in.rest().first(length)), nullptr, false));
        if (!head) {
            m_pending.clear();
            return {};
        }
        const auto whole = kStart + length + head->bytes;
        if (pending.size() < whole) {
            return {};
        }
        const auto content = pending.subspan(kStart + length, head->bytes);
        auto taken =
            sha256Of(content) == head->sha256 ? m_onAttachment(*head, content) : Result<void>();
        m_pending.erase(m_pending.begin(), m_pending.begin() + static_cast<std::ptrdiff_t>(whole));
        if (!taken) {
            return taken;
        }
    }
    return {};
}

} // namespace guichet::evidence
