// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/evidence/case_folder.h"

#include <algorithm>
#include <cerrno>

#include <sys/statvfs.h>

#include <fcntl.h>
#include <unistd.h>

#include "peripherals/base/private_file.h"
#include "peripherals/base/random.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::evidence {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRemoved = ".removed-";

Error systemError(const fs::path& path, const std::string& message)
{
    return {Errc::Busy, Remedy::CallStaff, path.string() + ": " + message};
}

} // namespace

Result<void> enoughSpace(std::uint64_t freeBytes, const SpaceRule& rule)
{
    const auto seconds =
        static_cast<std::uint64_t>(std::chrono::seconds(std::max(rule.least, {})).count());
    // Divided, not multiplied: no rate is too large to be compared.
    if (rule.bytesPerSecond == 0 || freeBytes / rule.bytesPerSecond >= seconds) {
        return {};
    }
    return fail(Errc::Busy,
                "disk: room for " + std::to_string(freeBytes / rule.bytesPerSecond / 60) +
                    " minutes of recording, want " + std::to_string(rule.least.count()) +
                    ": make room, or let cases be uploaded",
                Remedy::CallStaff);
}

Result<std::uint64_t> freeBytes(const fs::path& folder)
{
    struct statvfs status = {};
    if (::statvfs(folder.c_str(), &status) != 0) {
        return fail(Errc::NotFound, folder.string() + ": " + systemMessage(errno));
    }
    return std::uint64_t{status.f_bavail} * status.f_frsize;
}

Result<void> syncFolder(const fs::path& folder)
{
    const UniqueFd opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened || ::fsync(opened.get()) != 0) {
        return tl::unexpected(systemError(folder, systemMessage(errno)));
    }
    return {};
}

std::vector<std::string> tracksIn(const fs::path& folder)
{
    std::vector<std::string> names;
    std::error_code unreadable;
    for (auto entry = fs::directory_iterator(folder, unreadable);
         !unreadable && entry != fs::directory_iterator(); entry.increment(unreadable)) {
        const auto& path = entry->path();
        if (path.extension() == kTrackSuffix && isTrackName(path.stem().string())) {
            names.push_back(path.stem().string());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

fs::path trackFile(const fs::path& folder, std::string_view track)
{
    return folder / (std::string(track) + std::string(kTrackSuffix));
}

Result<Manifest> readManifest(const fs::path& folder)
{
    return readPrivateFile(folder / kManifestFile).and_then(parseManifest);
}

Result<void> setRetention(const fs::path& folder, Retention retention)
{
    auto manifest = readManifest(folder);
    if (!manifest) {
        return tl::unexpected(manifest.error());
    }
    manifest->retention = std::move(retention);
    const auto text = manifestText(*manifest);
    if (const auto legal = parseManifest(text); !legal) {
        return fail(Errc::Invalid, legal.error().detail);
    }
    return writePrivateFile(folder / kManifestFile, text);
}

Result<void> removeCase(const fs::path& root, std::string_view caseId)
{
    std::error_code error;
    if (!isCaseId(caseId) || !fs::is_directory(root / caseId, error)) {
        return fail(Errc::NotFound, "case " + std::string(caseId) + ": there is none");
    }
    const auto hidden = root / (std::string(kRemoved) + randomUuid());
    fs::rename(root / caseId, hidden, error);
    if (error) {
        return tl::unexpected(systemError(root / caseId, error.message()));
    }
    if (auto synced = syncFolder(root); !synced) {
        return synced;
    }
    fs::remove_all(hidden, error);
    if (error) {
        return tl::unexpected(systemError(hidden, error.message()));
    }
    return {};
}

Result<void> deleteCase(const fs::path& root, std::string_view caseId, Instant now)
{
    if (!isCaseId(caseId)) {
        return fail(Errc::NotFound, "case: " + std::string(caseId) + " names none");
    }
    const auto manifest = readManifest(root / caseId);
    if (!manifest) {
        return fail(manifest.error(), "case " + std::string(caseId));
    }
    if (const auto ruling = mayDelete(manifest->retention, now); !ruling.allowed) {
        return fail(Errc::Denied,
                    "case " + std::string(caseId) + " may not be deleted: " + ruling.why);
    }
    return removeCase(root, caseId);
}

void finishRemovals(const fs::path& root)
{
    std::vector<fs::path> hidden;
    std::error_code ignored;
    for (auto entry = fs::directory_iterator(root, ignored);
         !ignored && entry != fs::directory_iterator(); entry.increment(ignored)) {
        if (entry->path().filename().string().starts_with(kRemoved)) {
            hidden.push_back(entry->path());
        }
    }
    for (const auto& folder : hidden) {
        fs::remove_all(folder, ignored);
    }
}

} // namespace guichet::evidence
