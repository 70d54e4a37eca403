// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/evidence/track_writer.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <limits>

#include <fcntl.h>
#include <unistd.h>

#include "cloudbranch/evidence/case_folder.h"

namespace guichet::evidence {
namespace {

using namespace std::chrono_literals;

constexpr auto kChunkTime = 1s;
constexpr auto kSyncTime = 2s;
constexpr std::uint32_t kSyncChunks = 8;

Error diskError(const std::string& track, const char* step)
{
    return {Errc::Busy, Remedy::CallStaff,
            "track " + track + ": " + step + ": " + systemMessage(errno)};
}

bool writeAll(int file, ByteView bytes)
{
    while (!bytes.empty()) {
        const auto written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return true;
}

} // namespace

TrackWriter::TrackWriter(UniqueFd file, TrackHeader header, cipher::Key key, const Clock& clock)
    : m_file(std::move(file))
    , m_header(std::move(header))
    , m_key(std::move(key))
    , m_clock(clock)
{
    m_pending.reserve(kLargestContent);
}

TrackWriter::~TrackWriter()
{
    wipePending();
}

Result<std::unique_ptr<TrackWriter>> TrackWriter::create(const std::filesystem::path& folder,
                                                         TrackHeader header,
                                                         const SealingKey& recipient,
                                                         const Clock& clock)
{
    auto key = cipher::newKey();
    auto wrapped = recipient.seal(key.reveal());
    if (!wrapped) {
        return tl::unexpected(wrapped.error());
    }
    header.wrappedKey = std::move(*wrapped);
    const auto start = encodeHeader(header);
    if (!start) {
        return tl::unexpected(start.error());
    }
    // A track's file has its name once its header is on the disk: a crash leaves none without.
    const auto path = folder / (header.track + std::string(kTrackSuffix));
    const auto fresh = folder / ("." + header.track + ".new");
    UniqueFd file(
        ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file || !writeAll(file.get(), *start) || ::fsync(file.get()) != 0 ||
        ::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) != 0) {
        const bool there = errno == EEXIST;
        auto error = diskError(header.track, "create");
        ::unlink(fresh.c_str());
        return there ? fail(Errc::Conflict, "track " + header.track + ": there is such a file")
                     : tl::unexpected(std::move(error));
    }
    if (auto synced = syncFolder(folder); !synced) {
        return tl::unexpected(synced.error());
    }
    std::unique_ptr<TrackWriter> writer(
        new TrackWriter(std::move(file), std::move(header), std::move(key), clock));
    writer->m_written = {.track = writer->m_header.track,
                         .mediaType = writer->m_header.mediaType,
                         .bytes = start->size(),
                         .link = firstLink(*start)};
    writer->m_synced = writer->m_written;
    return writer;
}

Result<void> TrackWriter::writable() const
{
    if (m_failed) {
        return tl::unexpected(*m_failed);
    }
    if (m_written.closed) {
        return fail(Errc::Conflict, "track " + m_header.track + ": it is closed");
    }
    return {};
}

Result<void> TrackWriter::write(ByteView bytes)
{
    const std::lock_guard lock(m_mutex);
    if (auto ready = writable().and_then([this] { return endOldChunk(); }); !ready) {
        return ready;
    }
    while (!bytes.empty()) {
        if (m_pending.empty()) {
            m_pendingAt = m_clock.now();
            m_pendingSince = m_clock.ticks();
        }
        const auto part = bytes.first(std::min(bytes.size(), kLargestContent - m_pending.size()));
        m_pending.insert(m_pending.end(), part.begin(), part.end());
        bytes = bytes.subspan(part.size());
        if (m_pending.size() == kLargestContent) {
            if (auto ended = endChunk(false); !ended) {
                return ended;
            }
        }
    }
    return syncOld();
}

Result<void> TrackWriter::tick()
{
    const std::lock_guard lock(m_mutex);
    if (m_written.closed) {
        return {};
    }
    return writable().and_then([this] { return endOldChunk(); }).and_then([this] {
        return syncOld();
    });
}

Result<void> TrackWriter::flush()
{
    const std::lock_guard lock(m_mutex);
    return writable()
        .and_then([this] { return m_pending.empty() ? Result<void>() : endChunk(false); })
        .and_then([this] { return sync(); });
}

Result<void> TrackWriter::close()
{
    const std::lock_guard lock(m_mutex);
    if (m_written.closed && !m_failed) {
        return {};
    }
    return writable().and_then([this] { return endChunk(true); }).and_then([this] {
        return sync();
    });
}

TrackHead TrackWriter::head() const
{
    const std::lock_guard lock(m_mutex);
    return m_synced;
}

Result<void> TrackWriter::endOldChunk()
{
    if (m_pending.empty() || m_clock.ticks() - m_pendingSince < kChunkTime) {
        return {};
    }
    return endChunk(false);
}

Result<void> TrackWriter::endChunk(bool last)
{
    if (m_written.chunks == std::numeric_limits<std::uint32_t>::max()) {
        m_failed = Error{Errc::Unsupported, Remedy::None,
                         "track " + m_header.track + ": no number is left for another chunk"};
        return tl::unexpected(*m_failed);
    }
    const ChunkHead head{.length = static_cast<std::uint32_t>(m_pending.size()),
                         .last = last,
                         .number = m_written.chunks + 1,
                         .at = m_pending.empty() ? m_clock.now() : m_pendingAt};
    const auto chunk = sealChunk(m_key, m_written.link, head, m_pending);
    if (!chunk) {
        m_failed = chunk.error();
        return tl::unexpected(*m_failed);
    }
    if (auto written = append(*chunk); !written) {
        return written;
    }
    if (m_written == m_synced) {
        m_unsyncedSince = m_clock.ticks();
    }
    m_written.chunks = head.number;
    m_written.bytes += chunk->size();
    std::copy_n(chunk->end() - kLink, kLink, m_written.link.begin());
    m_written.closed = last;
    wipePending();
    return {};
}

void TrackWriter::wipePending()
{
    ::explicit_bzero(m_pending.data(), m_pending.size());
    m_pending.clear();
}

Result<void> TrackWriter::append(ByteView bytes)
{
    if (writeAll(m_file.get(), bytes)) {
        return {};
    }
    // The chunk is not tried again: other content must never go out under its number.
    m_failed = diskError(m_header.track, "write");
    if (::ftruncate(m_file.get(), static_cast<off_t>(m_written.bytes)) != 0) {
        m_failed->detail += "; its last chunk stays cut short";
    }
    return tl::unexpected(*m_failed);
}

Result<void> TrackWriter::syncOld()
{
    if (m_written == m_synced || (m_written.chunks - m_synced.chunks < kSyncChunks &&
                                  m_clock.ticks() - m_unsyncedSince < kSyncTime)) {
        return {};
    }
    return sync();
}

Result<void> TrackWriter::sync()
{
    if (m_written == m_synced) {
        return {};
    }
    if (::fdatasync(m_file.get()) != 0) {
        m_failed = diskError(m_header.track, "put on the disk");
        return tl::unexpected(*m_failed);
    }
    m_synced = m_written;
    return {};
}

} // namespace guichet::evidence
