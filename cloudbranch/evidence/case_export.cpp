// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/evidence/case_export.h"

#include <array>
#include <cerrno>

#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include "peripherals/base/private_file.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::evidence {
namespace {

namespace fs = std::filesystem;

std::string suffixOf(std::string_view mediaType)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kSuffixes{{
        {"video/x-matroska", ".mkv"},
        {"audio/x-matroska", ".mka"},
        {"application/x-ndjson", ".jsonl"},
        {"image/jpeg", ".jpg"},
        {"image/png", ".png"},
        {"application/pdf", ".pdf"},
        {"application/json", ".json"},
    }};
    for (const auto& [type, suffix] : kSuffixes) {
        if (mediaType == type) {
            return std::string(suffix);
        }
    }
    return ".bin";
}

tl::unexpected<Error> diskError(const fs::path& path)
{
    return fail(Errc::Busy, path.string() + ": cannot be written: " + systemMessage(errno));
}

/// The track that is being written, under a name that tells that it is not finished.
class Output {
public:
    explicit Output(fs::path folder)
        : m_folder(std::move(folder))
    {
    }

    [[nodiscard]] fs::path unfinished(const std::string& track) const
    {
        return m_folder / (track + ".part");
    }

    Result<void> write(const std::string& track, ByteView content)
    {
        if (track != m_track) {
            m_track = track;
            m_file.reset(::open(unfinished(track).c_str(),
                                O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
        }
        while (m_file && !content.empty()) {
            const auto written = ::write(m_file.get(), content.data(), content.size());
            if (written < 0 && errno == EINTR) {
                continue;
            }
            if (written <= 0) {
                return diskError(unfinished(track));
            }
            content = content.subspan(static_cast<std::size_t>(written));
        }
        return m_file ? Result<void>() : diskError(unfinished(track));
    }

    Result<void> finish(const TrackReport& track)
    {
        m_file.reset();
        const auto from = unfinished(track.track);
        if (!fs::exists(from)) {
            return {}; // nothing of it opened
        }
        const auto to = m_folder / (track.track + suffixOf(track.mediaType));
        return ::rename(from.c_str(), to.c_str()) == 0 ? Result<void>() : diskError(to);
    }

private:
    const fs::path m_folder;
    std::string m_track;
    UniqueFd m_file;
};

/// `folder`/7.png, for the seventh.
Result<void> writeAttachment(const fs::path& folder, const AttachmentHead& head, ByteView content)
{
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
        return diskError(folder);
    }
    return writePrivateFile(folder / (std::to_string(head.number) + suffixOf(head.mediaType)),
                            asText(content));
}

} // namespace

Result<CaseReport> exportCase(const fs::path& folder, CaseQuestion question, const fs::path& out)
{
    if (::mkdir(out.c_str(), 0700) != 0) {
        return errno == EEXIST
                   ? fail(Errc::Conflict, out.string() + ": there is something; name a folder "
                                                         "that does not exist yet")
                   : diskError(out);
    }
    Output output(out);
    question.onContent = [&output](const std::string& track, ByteView content) {
        return isAttachmentTrack(track) ? Result<void>() : output.write(track, content);
    };
    question.onAttachment = [&out](const std::string& track, const AttachmentHead& head,
                                   ByteView content) {
        return writeAttachment(out / track, head, content);
    };
    auto report = checkCase(folder, question);
    if (!report) {
        ::rmdir(out.c_str()); // if nothing was written
        return report;
    }
    for (const auto& track : report->tracks) {
        if (auto finished = output.finish(track); !finished) {
            return tl::unexpected(finished.error());
        }
    }
    const Checked checked{
        .key = true, .signature = report->signatureChecked, .serverHeads = question.kept.size()};
    return writePrivateFile(out / "report.txt", reportText(*report, checked))
        .and_then(
            [&] { return writePrivateFile(out / "report.json", reportJson(*report, checked)); })
        .map([&] { return std::move(*report); });
}

} // namespace guichet::evidence
