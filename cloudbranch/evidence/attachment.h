// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "cloudbranch/evidence/track_format.h"

/// Pictures and documents that belong to entries of a case's log, one behind the other in tracks of
/// their own. Bytes and nothing else: no I/O, no clock. Safe to fuzz.
namespace guichet::evidence {

constexpr std::size_t kLargestAttachment = 512 * 1024;
constexpr const char* kAttachmentTrack = "attachments";
constexpr const char* kAttachmentType = "application/vnd.guichet.attachments";

/// What an entry of the log says of its attachment, and the attachment of itself.
struct AttachmentHead {
    std::uint32_t number = 0; ///< within its track, from 1
    std::string mediaType;
    std::uint32_t bytes = 0;
    std::string sha256; ///< of the content, in hexadecimal

    [[nodiscard]] bool operator==(const AttachmentHead&) const = default;
};

/// "attachments", or a later part of it.
[[nodiscard]] bool isAttachmentTrack(std::string_view track);
/// In hexadecimal.
[[nodiscard]] std::string sha256Of(ByteView content);

/// Head and content. Errc::Invalid: no media type, nothing, or more than kLargestAttachment.
[[nodiscard]] Result<Bytes> encodeAttachment(std::uint32_t number, const std::string& mediaType,
                                             ByteView content);

/// Member "attachment" of an entry of the log: which one belongs to it.
struct AttachmentMention {
    std::string track;
    AttachmentHead head;

    [[nodiscard]] bool operator==(const AttachmentMention&) const = default;
};
/// The entry, an object on one line, with the mention as a member.
[[nodiscard]] std::string mention(std::string_view entry, const AttachmentMention& which);
/// Nothing: the line mentions none, or not as mention() writes it.
[[nodiscard]] std::optional<AttachmentMention> mentionIn(std::string_view line);

/// Takes a track's content, chunk by chunk, and gives back whole attachments. After a chunk that is
/// not there it goes on with the next attachment that begins behind it.
class AttachmentReader {
public:
    /// Gets each attachment that is whole and has the hash that its head says.
    using OnAttachment = std::function<Result<void>(const AttachmentHead&, ByteView content)>;

    explicit AttachmentReader(OnAttachment onAttachment)
        : m_onAttachment(std::move(onAttachment))
    {
    }
    /// The content of chunk `number`. Fails as `onAttachment` does; what is no attachment is
    /// skipped.
    [[nodiscard]] Result<void> take(std::uint32_t number, ByteView content);

private:
    [[nodiscard]] Result<void> takeWhole();

    OnAttachment m_onAttachment;
    Bytes m_pending; ///< begins with an attachment
    std::uint32_t m_chunk = 0;
};

} // namespace guichet::evidence
