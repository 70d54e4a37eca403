// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/evidence/case_tar.h"

#include <algorithm>
#include <cassert>
#include <fstream>
#include <utility>

#include <fmt/format.h>

namespace guichet::hub {
namespace {

constexpr std::size_t kBlock = 512, kLongestName = 100;
constexpr std::uint64_t kEnd = 2 * kBlock; ///< two blocks of zeros

std::uint64_t padded(std::uint64_t size)
{
    return (size + kBlock - 1) / kBlock * kBlock;
}

/// One header. Fields have fixed places; numbers are octal digits.
std::string header(const CaseTar::Entry& entry, Instant time)
{
    constexpr std::size_t kChecksum = 148;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
    std::string block;
    const auto field = [&block](std::string text, std::size_t width) {
        text.resize(width);
        block += text;
    };
    field(entry.name, kLongestName);
    field("0000400", 8); // mode: read by the owner
    field("0000000", 8); // user
    field("0000000", 8); // group
    field(fmt::format("{:011o}", entry.size), 12);
    field(fmt::format("{:011o}", seconds), 12);
    field("        ", 8); // the checksum, as blanks while it is computed
    field("0", 1);        // an ordinary file
    field("", 100);       // no link
    field("ustar", 6);
    field("00", 2);
    block.resize(kBlock);
    unsigned sum = 0;
    for (const char c : block) {
        sum += static_cast<unsigned char>(c);
    }
    block.replace(kChecksum, 8, fmt::format("{:06o}", sum) + std::string("\0 ", 2));
    return block;
}

Result<std::string> part(const std::filesystem::path& path, std::uint64_t from, std::size_t count)
{
    std::ifstream file(path, std::ios::binary);
    std::string bytes(count, '\0');
    if (!file.seekg(static_cast<std::streamoff>(from)) ||
        !file.read(bytes.data(), static_cast<std::streamsize>(count))) {
        return fail(Errc::Busy, path.string() + ": cannot be read, or is shorter than it was");
    }
    return bytes;
}

} // namespace

CaseTar::CaseTar(std::vector<Entry> entries, Instant time)
    : m_entries(std::move(entries))
    , m_time(time)
    , m_size(kEnd)
{
    for (const auto& entry : m_entries) {
        assert(entry.name.size() <= kLongestName);
        m_size += kBlock + padded(entry.size);
    }
}

Result<std::string> CaseTar::read(std::uint64_t from, std::size_t count) const
{
    std::string bytes;
    std::uint64_t place = 0; // where the next piece of the tar begins
    /// What of a piece [place, place + size) is asked for: its offset and length.
    const auto wanted = [&](std::uint64_t size) {
        const auto begin = std::max(from, place);
        const auto end = std::min(from + count, place + size);
        place += size;
        return begin < end ? std::pair(begin - (place - size), end - begin)
                           : std::pair(std::uint64_t{0}, std::uint64_t{0});
    };
    for (const auto& entry : m_entries) {
        if (const auto [offset, length] = wanted(kBlock); length > 0) {
            bytes += header(entry, m_time).substr(offset, length);
        }
        if (const auto [offset, length] = wanted(entry.size); length > 0) {
            const auto content = part(entry.file, offset, length);
            if (!content) {
                return content;
            }
            bytes += *content;
        }
        bytes.append(wanted(padded(entry.size) - entry.size).second, '\0');
    }
    bytes.append(wanted(kEnd).second, '\0');
    return bytes;
}

} // namespace guichet::hub
