// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/file_reading.h"

#include <algorithm>

#include <fmt/format.h>

#include "drivers/mrtd/tlv.h"

namespace guichet::mrtd {
namespace {

constexpr std::uint8_t kSelect = 0xA4, kReadBinary = 0xB0, kReadBinaryOdd = 0xB1;
constexpr std::uint16_t kEndOfFile = 0x6282, kFileNotFound = 0x6A82, kNotAllowed = 0x6982,
                        kConditions = 0x6985;
constexpr std::size_t kHeader = 6;          ///< tag and length of any file
constexpr std::size_t kLastOffset = 0x7FFF; ///< that P1 and P2 can say
constexpr std::size_t kOddHeader = 4;       ///< 53 82 and two bytes of length
constexpr std::size_t kLeastMean = 16, kSpareReads = 16;

Bytes bigEndian(std::size_t value, std::size_t size)
{
    Bytes bytes(size);
    for (auto place = bytes.rbegin(); place != bytes.rend(); ++place, value >>= 8) {
        *place = static_cast<std::byte>(value & 0xFF);
    }
    return bytes;
}

tl::unexpected<Error> refused(std::uint16_t status)
{
    const auto detail = "the chip says " + statusText(status);
    switch (status) {
    case kFileNotFound:
        return fail(Errc::NotFound, detail);
    case kNotAllowed:
    case kConditions:
        return fail(Errc::Denied, detail);
    default:
        return fail(Errc::Protocol, detail, Remedy::ReinsertCard);
    }
}

/// The file that is read: selected, or named by its short identifier in the first command.
class FileTransfer {
public:
    FileTransfer(CardLink& link, const FileId& file, const ReadLimits& limits)
        : m_link(link)
        , m_file(file)
        , m_limits(limits)
    {
    }

    Result<void> select()
    {
        const auto answer = m_link.exchange({0x00, kSelect, 0x02, 0x0C, bigEndian(m_file.id, 2)});
        if (!answer) {
            return tl::unexpected(answer.error());
        }
        if (answer->status == kFileNotFound || answer->status == kNotAllowed) {
            return refused(answer->status);
        }
        m_selected = answer->ok();
        return {};
    }

    Result<SecretBytes> piece(std::size_t offset, std::size_t count)
    {
        return offset > kLastOffset ? oddPiece(offset, count) : evenPiece(offset, count);
    }

    /// All of it, behind what is there already.
    Result<void> rest(Bytes& content, std::size_t total, const Progress& progress)
    {
        const auto mostReads = total / kLeastMean + kSpareReads;
        for (std::size_t reads = 0; content.size() < total; ++reads) {
            if (reads == mostReads) {
                return fail(
                    Errc::Protocol,
                    fmt::format("only {} of {} bytes after {} reads", content.size(), total, reads),
                    Remedy::ReinsertCard);
            }
            const auto more =
                piece(content.size(), std::min(m_limits.piece, total - content.size()));
            if (!more) {
                return fail(more.error(), fmt::format("at {} of {}", content.size(), total));
            }
            content.insert(content.end(), more->reveal().begin(), more->reveal().end());
            if (progress) {
                progress(m_file.name, content.size(), total);
            }
        }
        return {};
    }

private:
    Result<SecretBytes> judged(Result<CardAnswer> answer, std::size_t most)
    {
        if (!answer) {
            return tl::unexpected(answer.error());
        }
        if (!answer->ok() && answer->status != kEndOfFile) {
            return refused(answer->status);
        }
        if (answer->data.empty() || answer->data.reveal().size() > most) {
            return fail(
                Errc::Protocol,
                fmt::format("{} bytes for up to {} asked for", answer->data.reveal().size(), most),
                Remedy::ReinsertCard);
        }
        m_selected = true;
        return std::move(answer->data);
    }

    Result<SecretBytes> evenPiece(std::size_t offset, std::size_t count)
    {
        const auto p1 = m_selected ? static_cast<std::uint8_t>(offset >> 8)
                                   : static_cast<std::uint8_t>(0x80 | m_file.shortId);
        return judged(
            m_link.exchange(
                {0x00, kReadBinary, p1, static_cast<std::uint8_t>(offset & 0xFF), {}, count}),
            count);
    }

    Result<SecretBytes> oddPiece(std::size_t offset, std::size_t count)
    {
        count = std::min(count, m_limits.piece - kOddHeader);
        const auto where = makeObject(0x54, bigEndian(offset, offset > 0xFFFF ? 3 : 2));
        const auto answer =
            judged(m_link.exchange({0x00, kReadBinaryOdd, 0x00, 0x00, where, count + kOddHeader}),
                   count + kOddHeader);
        if (!answer) {
            return tl::unexpected(answer.error());
        }
        const auto data = valueAt(answer->reveal(), {0x53});
        if (!data || data->empty() || data->size() > count) {
            return fail(Errc::Protocol, "want up to " + std::to_string(count) + " bytes in 53",
                        Remedy::ReinsertCard);
        }
        return SecretBytes(Bytes(data->begin(), data->end()));
    }

    CardLink& m_link;
    const FileId& m_file;
    const ReadLimits& m_limits;
    bool m_selected = false;
};

Result<void> readInto(Bytes& content, FileTransfer& reading, const FileId& file,
                      const ReadLimits& limits, const Progress& progress)
{
    if (auto selected = reading.select(); !selected) {
        return selected;
    }
    const auto start = reading.piece(0, kHeader);
    if (!start) {
        return tl::unexpected(start.error());
    }
    const auto header = parseHeader(start->reveal());
    if (!header) {
        return tl::unexpected(header.error());
    }
    if (header->tag != file.tag) {
        return fail(Errc::Protocol, fmt::format("tag {:X}, want {:X}", header->tag, file.tag));
    }
    const auto total = header->total();
    if (total > limits.mostBytes) {
        return fail(Errc::Unsupported,
                    fmt::format("claims {} bytes, {} allowed", total, limits.mostBytes),
                    Remedy::RemoveCard);
    }
    content.reserve(total); // no copy is left behind by growing
    const auto& first = start->reveal();
    content.assign(first.begin(),
                   first.begin() + static_cast<std::ptrdiff_t>(std::min(first.size(), total)));
    return reading.rest(content, total, progress);
}

} // namespace

Result<void> selectDocument(CardLink& link)
{
    constexpr std::string_view kName = "\xA0\x00\x00\x02\x47\x10\x01";
    const auto name = asBytes({kName.data(), 7});
    const auto answer = link.exchange({0x00, kSelect, 0x04, 0x0C, Bytes(name.begin(), name.end())});
    if (!answer) {
        return fail(answer.error(), "select travel document");
    }
    if (!answer->ok()) {
        return fail(Errc::Unsupported,
                    "no travel document: the chip says " + statusText(answer->status),
                    Remedy::RemoveCard);
    }
    return {};
}

Result<SecretBytes> readFile(CardLink& link, const FileId& file, const ReadLimits& limits,
                             const Progress& progress)
{
    FileTransfer reading(link, file, limits);
    Bytes content;
    const auto read = readInto(content, reading, file, limits, progress);
    SecretBytes kept(std::move(content)); // wiped on failure too
    if (!read) {
        return fail(read.error(), file.name);
    }
    return kept;
}

Result<SecretBytes> readStart(CardLink& link, const FileId& file)
{
    const ReadLimits limits;
    FileTransfer reading(link, file, limits);
    if (auto selected = reading.select(); !selected) {
        return selected.error().code == Errc::NotFound || selected.error().code == Errc::Denied
                   ? Result<SecretBytes>(SecretBytes())
                   : fail(selected.error(), file.name);
    }
    auto start = reading.piece(0, limits.piece);
    if (!start && start.error().code != Errc::Disconnected &&
        start.error().code != Errc::Cancelled) {
        return SecretBytes();
    }
    return start;
}

} // namespace guichet::mrtd
