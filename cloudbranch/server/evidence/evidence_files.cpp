// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/evidence/evidence_files.h"

#include <cerrno>
#include <fstream>

#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include "cloudbranch/evidence/case_folder.h"
#include "peripherals/base/private_file.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::hub {

namespace fs = std::filesystem;

namespace {

Result<void> makeFolder(const fs::path& folder)
{
    if (::mkdir(folder.c_str(), 0700) == 0) {
        return evidence::syncFolder(folder.parent_path());
    }
    return errno == EEXIST ? Result<void>()
                           : fail(Errc::Busy, folder.string() + ": " + systemMessage(errno));
}

tl::unexpected<Error> refused(const fs::path& file, int error)
{
    const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
    return fail(Errc::Busy, file.string() + ": " + systemMessage(error),
                full ? Remedy::CallStaff : Remedy::None);
}

/// 0, or the system's error number.
int writeAll(int fd, ByteView bytes, std::uint64_t at)
{
    while (!bytes.empty()) {
        const auto count = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return count < 0 ? errno : EIO;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(count));
        at += static_cast<std::uint64_t>(count);
    }
    return ::fdatasync(fd) == 0 ? 0 : errno;
}

Result<void> append(const fs::path& file, std::uint64_t at, ByteView bytes)
{
    const UniqueFd opened(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    struct stat status = {};
    if (!opened || ::fstat(opened.get(), &status) != 0) {
        return refused(file, errno);
    }
    if (static_cast<std::uint64_t>(status.st_size) < at) {
        return fail(Errc::Busy, file.string() + ": has " + std::to_string(status.st_size) +
                                    " bytes, but " + std::to_string(at) + " were acknowledged");
    }
    const auto cut = [&] { return ::ftruncate(opened.get(), static_cast<off_t>(at)); };
    if (cut() != 0) {
        return refused(file, errno);
    }
    if (const int error = writeAll(opened.get(), bytes, at); error != 0) {
        static_cast<void>(cut()); // else the next write does
        return refused(file, error);
    }
    return at == 0 ? evidence::syncFolder(file.parent_path()) : Result<void>();
}

} // namespace

Result<EvidenceFiles> EvidenceFiles::open(fs::path root)
{
    EvidenceFiles files(std::move(root));
    for (const auto& folder : {files.m_root, files.m_root / "cases", files.m_root / "heads"}) {
        if (auto made = makeFolder(folder); !made) {
            return tl::unexpected(made.error());
        }
    }
    evidence::finishRemovals(files.m_root / "cases");
    return files;
}

fs::path EvidenceFiles::folder(const std::string& caseId) const
{
    return m_root / "cases" / caseId;
}

fs::path EvidenceFiles::headsFile(const std::string& caseId) const
{
    return m_root / "heads" / (caseId + ".ndjson");
}

Result<void> EvidenceFiles::putHeads(const std::string& caseId, std::uint64_t size,
                                     std::string_view line) const
{
    return append(headsFile(caseId), size, asBytes(line));
}

Result<void> EvidenceFiles::putTrack(const std::string& caseId, const std::string& track,
                                     std::uint64_t from, ByteView bytes) const
{
    return makeFolder(folder(caseId)).and_then([&] {
        return append(evidence::trackFile(folder(caseId), track), from, bytes);
    });
}

Result<void> EvidenceFiles::trim(const std::string& caseId, const StoredTrack& track) const
{
    return putTrack(caseId, track.track, track.bytes, {});
}

Result<void> EvidenceFiles::putManifest(const CaseRecord& record) const
{
    return makeFolder(folder(record.id)).and_then([&] {
        return writePrivateFile(folder(record.id) / evidence::kManifestFile,
                                evidence::manifestText(record.manifest));
    });
}

Result<std::vector<evidence::Manifest>> EvidenceFiles::heads(const CaseRecord& record) const
{
    std::ifstream file(headsFile(record.id));
    std::vector<evidence::Manifest> all;
    std::string line;
    while (all.size() < record.headsCount && std::getline(file, line)) {
        auto manifest = evidence::parseManifest(line);
        if (!manifest) {
            return fail(std::move(manifest).error(), headsFile(record.id).string());
        }
        all.push_back(std::move(*manifest));
    }
    if (all.size() < record.headsCount) {
        return fail(Errc::Busy, headsFile(record.id).string() + ": " + std::to_string(all.size()) +
                                    " heads, want " + std::to_string(record.headsCount));
    }
    return all;
}

Result<void> EvidenceFiles::remove(const std::string& caseId) const
{
    auto removed = evidence::removeCase(m_root / "cases", caseId);
    return removed || removed.error().code == Errc::NotFound ? Result<void>() : removed;
}

Result<std::uint64_t> EvidenceFiles::room() const
{
    return evidence::freeBytes(m_root);
}

} // namespace guichet::hub
