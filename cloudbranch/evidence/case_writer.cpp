// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/evidence/case_writer.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

#include <sys/file.h>

#include <fcntl.h>
#include <nlohmann/json.hpp>

#include "cloudbranch/evidence/case_check.h"
#include "peripherals/base/private_file.h"

namespace guichet::evidence {
namespace {

using namespace std::chrono_literals;

constexpr auto kAnchorTime = 10s;
constexpr auto kOtherWriter = 3s;
constexpr std::size_t kLongestEntry = 32 * 1024;
constexpr const char* kLogTrack = "log";
constexpr const char* kLogType = "application/x-ndjson";

/// The first failure of several steps that are all done.
class FirstFailure {
public:
    void take(Result<void> step)
    {
        if (m_first && !step) {
            m_first = std::move(step);
        }
    }
    [[nodiscard]] Result<void> result() && { return std::move(m_first); }

private:
    Result<void> m_first;
};

Result<void> checkEntry(std::string_view entry)
{
    if (entry.size() > kLongestEntry) {
        return fail(Errc::Invalid, "log entry: " + std::to_string(entry.size()) +
                                       " bytes, want at most " + std::to_string(kLongestEntry));
    }
    if (std::any_of(entry.begin(), entry.end(),
                    [](char c) { return static_cast<unsigned char>(c) < ' '; })) {
        return fail(Errc::Invalid, "log entry: a control character, want one line of JSON");
    }
    const auto object = nlohmann::json::parse(entry, nullptr, false);
    if (!object.is_object() || object.contains("heads") || object.contains("attachment")) {
        return fail(Errc::Invalid,
                    "log entry: want a JSON object without the members heads and attachment");
    }
    return {};
}

} // namespace

CaseWriter::CaseWriter(std::filesystem::path folder, CaseSettings settings, const Clock& clock)
    : m_folder(std::move(folder))
    , m_settings(std::move(settings))
    , m_clock(clock)
    , m_opened(clock.now())
    , m_retention(m_settings.retention)
{
}

Result<std::unique_ptr<CaseWriter>> CaseWriter::open(const std::filesystem::path& root,
                                                     CaseSettings settings, const Clock& clock)
{
    if (!isCaseId(settings.caseId)) {
        return fail(Errc::Invalid, "case id: want 1 to 64 letters, digits and hyphens");
    }
    const auto folder = root / settings.caseId;
    std::unique_ptr<CaseWriter> writer(new CaseWriter(folder, std::move(settings), clock));
    if (const auto legal = parseManifest(manifestText(writer->manifestNow(false))); !legal) {
        return fail(Errc::Invalid, "case settings: " + legal.error().detail);
    }
    if (auto ready = writer->prepareFolder(root); !ready) {
        return tl::unexpected(ready.error());
    }
    const std::lock_guard lock(writer->m_mutex);
    auto log = writer->addTrack(kLogTrack, kLogType);
    if (!log) {
        return tl::unexpected(log.error());
    }
    writer->m_log = *log;
    if (auto written = writer->writeManifest(false); !written) {
        return tl::unexpected(written.error());
    }
    writer->m_anchored = clock.ticks();
    return writer;
}

/// The call process of a kiosk that died writes its last second out while the next one begins.
Result<void> CaseWriter::lockFolder()
{
    m_lock = UniqueFd(::open(m_folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const auto end = std::chrono::steady_clock::now() + kOtherWriter;
    while (::flock(m_lock.get(), LOCK_EX | LOCK_NB) != 0) {
        if (const int why = errno; why != EWOULDBLOCK) {
            return fail(Errc::Busy, m_folder.string() + ": " + std::strerror(why));
        }
        if (std::chrono::steady_clock::now() > end) {
            return fail(Errc::Busy, m_folder.string() + ": another program writes this case");
        }
        std::this_thread::sleep_for(20ms);
    }
    return {};
}

Result<void> CaseWriter::prepareFolder(const std::filesystem::path& root)
{
    std::error_code error;
    std::filesystem::create_directories(m_folder, error);
    if (!error) {
        std::filesystem::permissions(m_folder, std::filesystem::perms::owner_all, error);
    }
    if (error) {
        return fail(Errc::Busy, m_folder.string() + ": " + error.message(), Remedy::CallStaff);
    }
    if (auto locked = lockFolder(); !locked) {
        return locked;
    }
    auto room =
        freeBytes(root).and_then([&](auto free) { return enoughSpace(free, m_settings.space); });
    if (!room) {
        std::filesystem::remove(m_folder, error); // only if it is empty
        return room;
    }
    const auto before = readManifest(m_folder);
    if (!before && before.error().code != Errc::NotFound) {
        return fail(before.error(), m_folder.string());
    }
    if (!before) {
        return syncFolder(root).and_then([this] { return takeUpPast({}); });
    }
    if (before->heads.closed || before->heads.caseId != m_settings.caseId) {
        return fail(Errc::Conflict, "case " + m_settings.caseId + ": it is closed");
    }
    m_opened = before->heads.opened;
    m_retention = before->retention ? before->retention : m_retention;
    return takeUpPast(before->heads);
}

/// What was written after the last manifest is promised from now on, as far as it is whole. A file
/// that has less than the manifest says keeps what the manifest says.
Result<void> CaseWriter::takeUpPast(const Heads& listed)
{
    m_past = listed.tracks;
    for (const auto& name : tracksIn(m_folder)) {
        std::optional<TrackHead> reached;
        const auto read = openSource(trackFile(m_folder, name)).and_then([&](const Source& source) {
            return checkTrack(source, {.onPosition = [&reached](const TrackHead& position) {
                                  reached = position;
                              }});
        });
        if (!read) {
            return tl::unexpected(read.error());
        }
        if (!reached || reached->track != name || read->caseId != m_settings.caseId) {
            continue;
        }
        const auto known = std::find_if(m_past.begin(), m_past.end(),
                                        [&](const TrackHead& head) { return head.track == name; });
        if (known == m_past.end()) {
            m_past.push_back(*reached);
        } else if (reached->chunks > known->chunks && read->faultCount == 0) {
            *known = *reached;
        }
    }
    return {};
}

Result<TrackWriter*> CaseWriter::openTrack(const std::string& name, const std::string& mediaType)
{
    const std::lock_guard lock(m_mutex);
    auto track = addTrack(name, mediaType);
    if (track) {
        if (auto written = writeManifest(false); !written) {
            return tl::unexpected(written.error());
        }
    }
    return track;
}

Result<TrackWriter*> CaseWriter::addTrack(const std::string& name, const std::string& mediaType)
{
    if (m_closed) {
        return fail(Errc::Conflict, "case " + m_settings.caseId + ": it is closed");
    }
    if (m_past.size() + m_tracks.size() >= kMostTracks) {
        return fail(Errc::Invalid, "case " + m_settings.caseId + ": " +
                                       std::to_string(kMostTracks) + " tracks are the most");
    }
    for (std::size_t part = 1;; ++part) {
        const auto free = part == 1 ? name : name + "-" + std::to_string(part);
        const auto listed = [&free](const TrackHead& head) { return head.track == free; };
        if (std::any_of(m_past.begin(), m_past.end(), listed)) {
            continue; // even if its file is gone: a name stands for one track
        }
        auto track = TrackWriter::create(m_folder,
                                         {.caseId = m_settings.caseId,
                                          .track = free,
                                          .mediaType = mediaType,
                                          .opened = m_clock.now(),
                                          .wrappedKey = {}},
                                         m_settings.recipient, m_clock);
        if (track) {
            return m_tracks.emplace_back(std::move(*track)).get();
        }
        if (track.error().code != Errc::Conflict || part == kMostTracks) {
            return tl::unexpected(track.error());
        }
    }
}

Result<void> CaseWriter::log(std::string_view entry)
{
    return checkEntry(entry)
        .and_then([&] { return m_log->write(asBytes(std::string(entry) + "\n")); })
        .and_then([this] { return m_log->flush(); });
}

Result<void> CaseWriter::attach(std::string_view entry, const std::string& mediaType,
                                ByteView content)
{
    if (auto legal = checkEntry(entry); !legal) {
        return legal;
    }
    const std::lock_guard lock(m_mutex);
    auto bytes = encodeAttachment(m_attached + 1, mediaType, content);
    if (!bytes) {
        return tl::unexpected(bytes.error());
    }
    if (m_attachments == nullptr) {
        auto track = addTrack(kAttachmentTrack, kAttachmentType);
        if (!track) {
            return tl::unexpected(track.error());
        }
        m_attachments = *track;
        if (auto written = writeManifest(false); !written) {
            return written;
        }
    }
    const AttachmentMention which{m_attachments->name(),
                                  {.number = ++m_attached,
                                   .mediaType = mediaType,
                                   .bytes = static_cast<std::uint32_t>(content.size()),
                                   .sha256 = sha256Of(content)}};
    // A chunk begins with each, so that damage to one costs no other.
    return m_attachments->write(*bytes)
        .and_then([this] { return m_attachments->flush(); })
        .and_then([&] { return m_log->write(asBytes(mention(entry, which) + "\n")); })
        .and_then([this] { return m_log->flush(); });
}

Result<void> CaseWriter::retain(const Retention& retention)
{
    const std::lock_guard lock(m_mutex);
    if (m_closed) {
        return fail(Errc::Conflict, "case " + m_settings.caseId + ": it is closed");
    }
    const auto before = std::exchange(m_retention, longer(m_retention, retention));
    if (const auto legal = parseManifest(manifestText(manifestNow(false))); !legal) {
        m_retention = before;
        return fail(Errc::Invalid, "retention: " + legal.error().detail);
    }
    return m_retention == before ? Result<void>() : writeManifest(false);
}

Result<void> CaseWriter::tick()
{
    const std::lock_guard lock(m_mutex);
    if (m_closed) {
        return {};
    }
    FirstFailure failure;
    for (const auto& track : m_tracks) {
        failure.take(track->tick());
    }
    if (m_clock.ticks() - m_anchored >= kAnchorTime) {
        m_anchored = m_clock.ticks();
        failure.take(anchor());
    }
    return std::move(failure).result();
}

Result<void> CaseWriter::close()
{
    const std::lock_guard lock(m_mutex);
    if (m_closed) {
        return {};
    }
    FirstFailure failure;
    for (const auto& track : m_tracks) {
        if (track.get() != m_log) {
            failure.take(track->close());
        }
    }
    failure.take(anchor());
    failure.take(m_log->close());
    m_closed = true;
    failure.take(writeManifest(true));
    m_lock.reset();
    return std::move(failure).result();
}

Result<void> CaseWriter::anchor()
{
    FirstFailure failure;
    failure.take(writeManifest(false));
    failure.take(m_log->write(asBytes(manifestText(manifestNow(false)))));
    failure.take(m_log->flush());
    return std::move(failure).result();
}

Manifest CaseWriter::manifestNow(bool closed) const
{
    Manifest manifest{.heads = {.caseId = m_settings.caseId,
                                .terminal = m_settings.terminal,
                                .opened = m_opened,
                                .at = m_clock.now(),
                                .closed = closed,
                                .tracks = m_past},
                      .signature = {},
                      .retention = m_retention};
    for (const auto& track : m_tracks) {
        manifest.heads.tracks.push_back(track->head());
    }
    return manifest;
}

Result<void> CaseWriter::writeManifest(bool closed)
{
    auto manifest = manifestNow(closed);
    if (m_settings.signer) {
        auto signature = m_settings.signer->sign(headsText(manifest.heads));
        if (!signature) {
            return tl::unexpected(signature.error());
        }
        manifest.signature = std::move(*signature);
    }
    const auto text = manifestText(manifest);
    auto written = writePrivateFile(m_folder / kManifestFile, text);
    if (m_settings.onHeads) { // above all if this disk is full
        m_settings.onHeads(text);
    }
    return written;
}

} // namespace guichet::evidence
