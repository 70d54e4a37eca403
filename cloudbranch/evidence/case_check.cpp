// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/evidence/case_check.h"

#include <algorithm>
#include <cerrno>
#include <map>
#include <memory>
#include <set>

#include <fcntl.h>
#include <unistd.h>

#include "cloudbranch/evidence/case_folder.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::evidence {
namespace {

namespace fs = std::filesystem;

bool isLog(std::string_view track)
{
    return track == "log" || track.starts_with("log-");
}

/// Puts the log's content together to lines, keeps the manifests among them and what is attached.
class LogLines {
public:
    void take(ByteView content)
    {
        m_rest += asText(content);
        for (auto end = m_rest.find('\n'); end != std::string::npos; end = m_rest.find('\n')) {
            const auto line = std::string_view(m_rest).substr(0, end);
            if (auto manifest = parseManifest(line)) {
                m_manifests.push_back(std::move(*manifest));
            } else if (auto attached = mentionIn(line)) {
                m_attached.push_back(std::move(*attached));
            }
            m_rest.erase(0, end + 1);
        }
        if (m_rest.size() > kLargestContent) {
            m_rest.clear(); // no line of ours
        }
    }
    [[nodiscard]] const std::vector<Manifest>& manifests() const { return m_manifests; }
    [[nodiscard]] const std::vector<AttachmentMention>& attached() const { return m_attached; }

private:
    std::string m_rest;
    std::vector<Manifest> m_manifests;
    std::vector<AttachmentMention> m_attached;
};

class Check {
public:
    Check(const fs::path& folder, const CaseQuestion& question)
        : m_folder(folder)
        , m_question(question)
    {
        m_report.folder = folder;
    }

    Result<CaseReport> run()
    {
        std::error_code unreadable;
        if (!fs::is_directory(m_folder, unreadable)) {
            return fail(Errc::NotFound, m_folder.string() +
                                            ": no such folder; want the folder of a case, with "
                                            "manifest.json and its tracks");
        }
        const auto there = tracksIn(m_folder);
        m_names.insert(there.begin(), there.end());
        if (auto ready = takeManifest().and_then([this] { return takeKept(); }).and_then([this] {
                return takeLogs();
            });
            !ready) {
            return tl::unexpected(ready.error());
        }
        for (const auto& name : m_names) {
            if (!m_question.only.empty() && name != m_question.only) {
                continue;
            }
            auto track = checkOne(name);
            if (!track) {
                return tl::unexpected(track.error());
            }
            m_report.tracks.push_back(std::move(*track));
        }
        if (auto fits = judgeKey(); !fits) {
            return tl::unexpected(fits.error());
        }
        if (m_question.only.empty()) {
            judgeAttachments();
        }
        return std::move(m_report);
    }

private:
    Result<void> takeManifest()
    {
        auto manifest = readManifest(m_folder);
        if (manifest) {
            takeHeads(manifest->heads, "the manifest");
            checkSignature(*manifest, "the manifest");
            m_report.manifest = std::move(*manifest);
            return {};
        }
        const auto& error = manifest.error();
        if (error.code == Errc::Busy) {
            return tl::unexpected(error);
        }
        m_report.faults.push_back(
            {.kind = error.code == Errc::NotFound ? FaultKind::Absent : FaultKind::Malformed,
             .detail = std::string(kManifestFile) + ": " + error.detail});
        return {};
    }

    Result<void> takeKept()
    {
        for (const auto& kept : m_question.kept) {
            if (!isOfThisCase(kept.heads)) {
                return fail(Errc::Invalid, "the kept heads are of case " + kept.heads.caseId +
                                               ", the folder of case " +
                                               m_report.manifest->heads.caseId);
            }
            takeHeads(kept.heads, "the server's heads");
            checkSignature(kept, "the server's heads");
        }
        return {};
    }

    Result<void> takeLogs()
    {
        if (m_question.key == nullptr) {
            return {};
        }
        for (const auto& name : tracksIn(m_folder)) {
            if (!isLog(name)) {
                continue;
            }
            LogLines lines;
            const auto read =
                openSource(trackFile(m_folder, name)).and_then([&](const Source& source) {
                    return checkTrack(source,
                                      {.key = m_question.key,
                                       .onContent = [&lines](const ChunkHead&, ByteView content) {
                                           lines.take(content);
                                           return Result<void>();
                                       }});
                });
            if (!read) {
                return tl::unexpected(read.error());
            }
            for (const auto& manifest : lines.manifests()) {
                if (isOfThisCase(manifest.heads)) { // else the log itself is foreign
                    takeHeads(manifest.heads, "the log");
                }
            }
            m_mentioned.insert(m_mentioned.end(), lines.attached().begin(), lines.attached().end());
        }
        return {};
    }

    [[nodiscard]] bool isOfThisCase(const Heads& heads) const
    {
        return !m_report.manifest || heads.caseId == m_report.manifest->heads.caseId;
    }

    void takeHeads(const Heads& heads, const std::string& source)
    {
        for (const auto& track : heads.tracks) {
            m_names.insert(track.track);
            m_anchors[track.track].push_back(
                {.chunks = track.chunks, .link = track.link, .at = heads.at, .source = source});
        }
    }

    void checkSignature(const Manifest& manifest, const std::string& source)
    {
        if (m_question.signer == nullptr) {
            return;
        }
        m_report.signatureChecked = true;
        if (!m_question.signer->verifies(headsText(manifest.heads), manifest.signature)) {
            m_report.faults.push_back({.kind = FaultKind::Unsigned,
                                       .at = manifest.heads.at,
                                       .detail = source + " of " + toRfc3339(manifest.heads.at) +
                                                 " does not have this terminal's signature"});
        }
    }

    Result<TrackReport> checkOne(const std::string& name)
    {
        const auto source = openSource(trackFile(m_folder, name));
        if (!source && source.error().code == Errc::NotFound) {
            TrackReport absent{.track = name};
            addFault(absent, {.kind = FaultKind::Absent,
                              .detail = "the file is not there, but " +
                                        m_anchors[name].front().source + " has it"});
            return absent;
        }
        TrackQuestion question{.key = m_question.key, .anchors = m_anchors[name]};
        AttachmentReader attachments([&](const AttachmentHead& head, ByteView content) {
            m_attached.push_back({name, head});
            return m_question.onAttachment ? m_question.onAttachment(name, head, content)
                                           : Result<void>();
        });
        question.onContent = [&](const ChunkHead& head, ByteView content) {
            auto taken =
                isAttachmentTrack(name) ? attachments.take(head.number, content) : Result<void>();
            return taken && m_question.onContent ? m_question.onContent(name, content) : taken;
        };
        return source.and_then([&](const Source& bytes) { return checkTrack(bytes, question); })
            .map([&](TrackReport report) {
                compareWithCase(name, report);
                report.track = name;
                return report;
            });
    }

    void compareWithCase(const std::string& name, TrackReport& report)
    {
        const auto& manifest = m_report.manifest;
        if (!report.track.empty() &&
            (report.track != name || (manifest && report.caseId != manifest->heads.caseId))) {
            addFault(report, {.kind = FaultKind::Foreign,
                              .detail = "its header is that of track " + report.track +
                                        " of case " + report.caseId});
        }
        if (!manifest) {
            return;
        }
        const auto& listed = manifest->heads.tracks;
        if (std::none_of(listed.begin(), listed.end(),
                         [&](const TrackHead& head) { return head.track == name; })) {
            if (manifest->heads.closed) {
                addFault(report, {.kind = FaultKind::Unlisted,
                                  .detail = "the case was closed without this track"});
            } else {
                m_report.notes.push_back("track " + name +
                                         " was begun after the manifest was written");
            }
        }
    }

    /// A key that opens nothing is another key; one that opens some tracks ought to open all.
    Result<void> judgeKey()
    {
        auto& tracks = m_report.tracks;
        const bool some = std::any_of(tracks.begin(), tracks.end(),
                                      [](const TrackReport& track) { return track.opened; });
        for (auto& track : tracks) {
            if (track.refused && !some) {
                return fail(Errc::Denied,
                            "the key opens no track: want the private key of the bank that this "
                            "case was recorded for");
            }
            if (track.refused) {
                addFault(track, {.kind = FaultKind::Changed,
                                 .detail = "the key opens other tracks, but not this one"});
            }
        }
        return {};
    }

    /// An attachment is on the disk before the log mentions it.
    void judgeAttachments()
    {
        for (const auto& mentioned : m_mentioned) {
            if (std::find(m_attached.begin(), m_attached.end(), mentioned) != m_attached.end()) {
                ++m_report.attachments;
                continue;
            }
            m_report.faults.push_back(
                {.kind = FaultKind::Absent,
                 .detail = "the log mentions attachment " + std::to_string(mentioned.head.number) +
                           " of track " + mentioned.track + ", which is not there as it was"});
        }
        if (m_attached.size() > m_report.attachments) {
            m_report.notes.push_back(std::to_string(m_attached.size() - m_report.attachments) +
                                     " attachments are there that no entry of the log mentions");
        }
    }

    const fs::path& m_folder;
    const CaseQuestion& m_question;
    std::vector<AttachmentMention> m_mentioned;
    std::vector<AttachmentMention> m_attached;
    std::set<std::string> m_names;
    std::map<std::string, std::vector<Anchor>> m_anchors;
    CaseReport m_report;
};

} // namespace

Verdict CaseReport::verdict() const
{
    auto worst = manifest && manifest->heads.closed ? Verdict::Whole : Verdict::NotClosed;
    for (const auto& track : tracks) {
        worst = std::max(worst, track.verdict);
    }
    return faults.empty() ? worst : Verdict::Changed;
}

Result<Source> openSource(const fs::path& file)
{
    // Shared because a function must be copyable.
    const auto opened =
        std::make_shared<UniqueFd>(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!*opened) {
        return fail(errno == ENOENT ? Errc::NotFound : Errc::Busy,
                    file.string() + ": " + systemMessage(errno));
    }
    return [opened, name = file.string()](std::span<std::byte> buffer) -> Result<std::size_t> {
        std::size_t count = 0;
        while (count < buffer.size()) {
            const auto part = ::read(opened->get(), buffer.data() + count, buffer.size() - count);
            if (part < 0 && errno == EINTR) {
                continue;
            }
            if (part < 0) {
                return fail(Errc::Busy, name + ": " + systemMessage(errno));
            }
            if (part == 0) {
                break;
            }
            count += static_cast<std::size_t>(part);
        }
        return count;
    };
}

Result<CaseReport> checkCase(const fs::path& folder, const CaseQuestion& question)
{
    return Check(folder, question).run();
}

} // namespace guichet::evidence
