// SPDX-License-Identifier: Apache-2.0
#include "drivers/emv/emv_protocol.h"

#include <algorithm>

#include <fmt/format.h>

#include "peripherals/base/ber.h"

namespace guichet::emv {
namespace {

constexpr std::uint32_t kApplicationTemplate = 0x61, kApplicationName = 0x4f, kPriority = 0x87;
constexpr std::uint32_t kFormat1 = 0x80, kFormat2 = 0x77, kFileLocator = 0x94, kProfile = 0x82;
constexpr std::size_t kTagBytes = 4;
constexpr std::size_t kProfileBytes = 2;  ///< of the interchange profile in front of the locator
constexpr std::size_t kMaxDolBytes = 252; ///< Lc 255 less tag and length of the wrapper
constexpr unsigned kLastShortFileId = 30;
constexpr unsigned kRequestOnline = 0x80, kDecline = 0x00, kSigned = 0x10; ///< of GENERATE AC

Bytes command(std::uint8_t cla, std::uint8_t ins, unsigned p1, unsigned p2)
{
    return {std::byte{cla}, std::byte{ins}, static_cast<std::byte>(p1), static_cast<std::byte>(p2)};
}

void append(Bytes& to, ByteView bytes)
{
    to.insert(to.end(), bytes.begin(), bytes.end());
}

/// Case 4: data to the card, and an answer of any length.
Bytes withData(Bytes apdu, ByteView data)
{
    apdu.push_back(static_cast<std::byte>(data.size()));
    append(apdu, data);
    apdu.push_back(std::byte{0x00});
    return apdu;
}

void appendFitted(Bytes& to, const TerminalValue& value, std::size_t length)
{
    const ByteView bytes(value.value);
    const auto kept = std::min(bytes.size(), length);
    const auto missing = length - kept;
    if (value.format == Format::Numeric) {
        to.insert(to.end(), missing, std::byte{0x00});
        append(to, bytes.last(kept));
        return;
    }
    append(to, bytes.first(kept));
    to.insert(to.end(), missing,
              value.format == Format::CompressedNumeric ? std::byte{0xff} : std::byte{0x00});
}

} // namespace

Bytes selectByName(ByteView name)
{
    return withData(command(0x00, 0xa4, 0x04, 0x00), name);
}

Bytes readRecord(unsigned record, unsigned shortFileId)
{
    auto apdu = command(0x00, 0xb2, record, shortFileId << 3 | 0x04);
    apdu.push_back(std::byte{0x00});
    return apdu;
}

Bytes internalAuthenticate(ByteView data)
{
    return withData(command(0x00, 0x88, 0x00, 0x00), data);
}

Bytes requestSignedCryptogram(ByteView values)
{
    return withData(command(0x80, 0xae, kRequestOnline | kSigned, 0x00), values);
}

Bytes declineTransaction(ByteView values)
{
    return withData(command(0x80, 0xae, kDecline, 0x00), values);
}

Bytes getProcessingOptions(ByteView values)
{
    auto apdu = command(0x80, 0xa8, 0x00, 0x00);
    const std::size_t header = values.size() > 0x7f ? 3 : 2;
    apdu.push_back(static_cast<std::byte>(values.size() + header));
    apdu.push_back(std::byte{0x83});
    if (header == 3) {
        apdu.push_back(std::byte{0x81});
    }
    apdu.push_back(static_cast<std::byte>(values.size()));
    append(apdu, values);
    apdu.push_back(std::byte{0x00});
    return apdu;
}

Result<std::vector<DolEntry>> parseDol(ByteView bytes)
{
    std::vector<DolEntry> entries;
    std::size_t total = 0;
    ByteReader reader(bytes);
    while (reader.left() > 0) {
        const auto tag = readBerTag(reader, kTagBytes);
        if (!tag) {
            return fail(tag.error(), "data object list");
        }
        const auto length = reader.u8();
        if (!length) {
            return fail(Errc::Protocol,
                        fmt::format("data object list: tag {:X} without a length", *tag));
        }
        total += *length;
        if (total > kMaxDolBytes) {
            return fail(Errc::Protocol, fmt::format("data object list wants {} bytes", total));
        }
        entries.push_back({*tag, *length});
    }
    return entries;
}

Bytes buildDolData(const std::vector<DolEntry>& entries, const std::vector<TerminalValue>& values)
{
    Bytes data;
    for (const auto& entry : entries) {
        const auto known = std::find_if(values.begin(), values.end(), [&entry](const auto& value) {
            return value.tag == entry.tag;
        });
        appendFitted(data, known == values.end() ? TerminalValue{} : *known, entry.length);
    }
    return data;
}

Result<std::vector<FileRecords>> parseAfl(ByteView bytes)
{
    if (bytes.size() % 4 != 0) {
        return fail(Errc::Protocol, fmt::format("file locator of {} bytes", bytes.size()));
    }
    std::vector<FileRecords> files;
    unsigned total = 0;
    for (; !bytes.empty(); bytes = bytes.subspan(4)) {
        const auto at = [&bytes](std::size_t i) { return std::to_integer<unsigned>(bytes[i]); };
        const FileRecords file{at(0) >> 3, at(1), at(2), at(3)};
        if ((at(0) & 0x07) != 0 || file.shortFileId < 1 || file.shortFileId > kLastShortFileId ||
            file.first < 1 || file.last < file.first ||
            file.authenticated > file.last - file.first + 1) {
            return fail(Errc::Protocol, fmt::format("file locator: {:02X} {:02X} {:02X} {:02X}",
                                                    at(0), at(1), at(2), at(3)));
        }
        total += file.last - file.first + 1;
        if (total > kMaxRecords) {
            return fail(Errc::Protocol, fmt::format("file locator of {} records", total));
        }
        files.push_back(file);
    }
    return files;
}

Result<ByteView> fileLocator(const std::vector<Tlv>& answer)
{
    if (answer.empty()) {
        return fail(Errc::Protocol, "empty processing options");
    }
    const auto& options = answer.front();
    if (options.tag == kFormat1) {
        if (options.value.size() < kProfileBytes) {
            return fail(Errc::Protocol, "processing options without a profile");
        }
        return options.value.subspan(kProfileBytes);
    }
    if (options.tag != kFormat2) {
        return fail(Errc::Protocol, fmt::format("processing options in tag {:X}", options.tag));
    }
    const auto* locator = findTag(options.children, kFileLocator);
    return locator == nullptr ? ByteView{} : locator->value;
}

ByteView interchangeProfile(const std::vector<Tlv>& answer)
{
    if (!answer.empty() && answer.front().tag == kFormat1) {
        const auto& value = answer.front().value;
        return value.first(std::min(value.size(), kProfileBytes));
    }
    const auto* profile = findTag(answer, kProfile);
    return profile == nullptr ? ByteView{} : profile->value;
}

std::vector<Candidate> candidates(const std::vector<Tlv>& directory)
{
    std::vector<Candidate> found;
    for (const auto* entry : findAll(directory, kApplicationTemplate)) {
        const auto* name = findTag(entry->children, kApplicationName);
        if (name == nullptr || name->value.size() < kShortestName ||
            name->value.size() > kLongestName) {
            continue;
        }
        const auto* priority = findTag(entry->children, kPriority);
        found.push_back({Bytes(name->value.begin(), name->value.end()),
                         priority == nullptr || priority->value.empty()
                             ? 0
                             : std::to_integer<unsigned>(priority->value[0]) & 0x0f});
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& one, const auto& other) {
        const auto rank = [](unsigned priority) { return priority == 0 ? 16U : priority; };
        return rank(one.priority) < rank(other.priority);
    });
    return found;
}

} // namespace guichet::emv
