// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cloudbranch/evidence/manifest.h"

/// Cases as folders under one root: what is there, room for more, and how one goes. Functions are
/// thread-safe as long as two do not change the same case.
namespace guichet::evidence {

/// What one case needs: refuse to begin a recorded service that the disk could not hold.
struct SpaceRule {
    std::uint64_t bytesPerSecond = 0; ///< of all tracks together
    std::chrono::minutes least{0};    ///< that must fit before the case may begin
};

/// Errc::Busy with Remedy::CallStaff: `freeBytes` hold less than the rule asks for.
[[nodiscard]] Result<void> enoughSpace(std::uint64_t freeBytes, const SpaceRule& rule);
/// What this program may still write in the file system of `folder`. Fails with Errc::NotFound.
[[nodiscard]] Result<std::uint64_t> freeBytes(const std::filesystem::path& folder);

/// A new or removed name in `folder` survives a power cut from now on. Fails with Errc::Busy.
[[nodiscard]] Result<void> syncFolder(const std::filesystem::path& folder);

/// Names of the tracks that have a file there, in the order of the alphabet.
[[nodiscard]] std::vector<std::string> tracksIn(const std::filesystem::path& folder);
[[nodiscard]] std::filesystem::path trackFile(const std::filesystem::path& folder,
                                              std::string_view track);

/// Errc::NotFound, Busy (cannot be read), or as parseManifest.
[[nodiscard]] Result<Manifest> readManifest(const std::filesystem::path& folder);
/// Replaces the retention of a case that nobody is writing; its heads and their signature stay.
[[nodiscard]] Result<void> setRetention(const std::filesystem::path& folder, Retention retention);

/// Removes a case whole: once this returns, and after a power cut in the middle, it is there as it
/// was or not at all. The caller has asked mayDelete(), or knows that another has every byte.
/// Errc::NotFound: there is none. Errc::Busy: the disk; what is left over has no visible name.
[[nodiscard]] Result<void> removeCase(const std::filesystem::path& root, std::string_view caseId);
/// removeCase() if the manifest's retention allows it at `now`. Errc::Denied: not yet, and why.
[[nodiscard]] Result<void> deleteCase(const std::filesystem::path& root, std::string_view caseId,
                                      Instant now);
/// Clears away what an interrupted removeCase() left over.
void finishRemovals(const std::filesystem::path& root);

} // namespace guichet::evidence
