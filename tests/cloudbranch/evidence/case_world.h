// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "cloudbranch/evidence/case_check.h"
#include "cloudbranch/evidence/case_folder.h"
#include "cloudbranch/evidence/case_writer.h"

namespace guichet::test {

/// A key pair on P-256, as PEM.
struct KeyPair {
    KeyPair();
    std::string privatePem;
    std::string publicPem;
};

/// A folder for cases, a clock that stands still, the bank's and the terminal's keys.
class CaseWorld {
public:
    static constexpr const char* kCase = "5f0c7a52-7d43-4a39-8f0e-6a2a3f1d9b10";

    CaseWorld();
    ~CaseWorld();
    CaseWorld(const CaseWorld&) = delete;
    CaseWorld& operator=(const CaseWorld&) = delete;

    [[nodiscard]] evidence::CaseSettings settings() const;
    [[nodiscard]] std::unique_ptr<evidence::CaseWriter> open();
    /// A closed case with `chunks` full chunks of video, a minute of sound, a log and so many
    /// attachments of two chunks each.
    void record(int chunks = 6, int attachments = 0);
    [[nodiscard]] evidence::CaseReport check() const;
    [[nodiscard]] evidence::CaseReport checkWithoutKeys() const;

    [[nodiscard]] std::filesystem::path folder() const { return root / kCase; }
    [[nodiscard]] std::filesystem::path file(const std::string& track) const
    {
        return evidence::trackFile(folder(), track);
    }

    std::filesystem::path root;
    ManualClock clock{Instant(std::chrono::sys_days(std::chrono::year(2026) / 11 / 27))};
    const KeyPair bank;
    const KeyPair terminal;
    const OpeningKey auditor;
    const evidence::VerifyingKey signer;
    std::vector<evidence::Manifest> kept; ///< by the server
};

[[nodiscard]] Bytes readFile(const std::filesystem::path& file);
void writeFile(const std::filesystem::path& file, ByteView bytes);
/// Header and chunks of a track's file, each with all its bytes.
[[nodiscard]] std::vector<Bytes> piecesOf(const std::filesystem::path& track);
[[nodiscard]] Bytes joined(const std::vector<Bytes>& pieces);
/// A track's content as the auditor's key gives it.
[[nodiscard]] std::string contentOf(const std::filesystem::path& track, const OpeningKey& key);
[[nodiscard]] evidence::TrackReport reportOf(const evidence::CaseReport& report,
                                             const std::string& track);
/// Content that shows which bytes they are.
[[nodiscard]] Bytes pattern(std::size_t count);

} // namespace guichet::test
