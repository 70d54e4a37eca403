// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <stop_token>
#include <string>

#include "cloudbranch/evidence/upload.h"
#include "peripherals/base/error.h"
#include "peripherals/net/client.h"

namespace guichet::assist {

/// Gives the hub the cases that this terminal recorded, and removes here what the hub has whole
/// (cloudbranch/server/evidence/README.md). Nothing of it needs to be remembered: after a restart
/// the files and the hub tell it all again. Blocks; one thread.
class CaseUpload {
public:
    /// Whether the case is being recorded now: then its heads go, its bytes wait for its end.
    using IsOpen = std::function<bool(const std::string& caseId)>;

    /// `root`: the folder of cases, which need not be there yet. `hub` outlives it.
    CaseUpload(std::filesystem::path root, net::Client& hub, IsOpen isOpen);
    /// From the next pass on the hub is asked by another client.
    void use(net::Client& hub) { m_hub = &hub; }

    /// Once over every case; how many were removed. A case that the hub will not have stays here
    /// and is not tried again by this object. Fails with the first failure after all were tried,
    /// at once with Errc::Disconnected, Timeout or Cancelled. What hinders a case is in the log
    /// once, until it is another thing.
    [[nodiscard]] Result<std::size_t> pass(const std::stop_token& stop = {});

private:
    /// How far a case's files go, and how large they were when that was read.
    struct Walked {
        std::map<std::string, std::uintmax_t> sizes; ///< by track
        evidence::Upload upload;
    };

    [[nodiscard]] Result<bool> give(const std::string& caseId, const std::stop_token& stop);
    [[nodiscard]] Result<void> giveHeads(const std::string& caseId, const std::stop_token& stop);
    [[nodiscard]] Result<void> giveTracks(const std::string& caseId, const std::stop_token& stop);
    [[nodiscard]] Result<evidence::Upload*> positions(const std::string& caseId);
    [[nodiscard]] Result<std::string> ask(net::Request request, const std::stop_token& stop);

    const std::filesystem::path m_root;
    net::Client* m_hub;
    const IsOpen m_isOpen;
    std::map<std::string, std::string> m_heads; ///< by case: the manifest that the hub has
    std::map<std::string, Walked> m_walked;     ///< by case
    std::map<std::string, std::string> m_told;  ///< by case: what hindered it last
    std::set<std::string> m_refused;
};

} // namespace guichet::assist
