// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <stop_token>
#include <string>

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

    /// Once over every case; how many were removed. A case that the hub will not have stays here
    /// and is not tried again by this object. Fails with the first failure after all were tried,
    /// at once with Errc::Disconnected, Timeout or Cancelled.
    [[nodiscard]] Result<std::size_t> pass(const std::stop_token& stop = {});

private:
    [[nodiscard]] Result<bool> give(const std::string& caseId, const std::stop_token& stop);
    [[nodiscard]] Result<void> giveHeads(const std::string& caseId, const std::stop_token& stop);
    [[nodiscard]] Result<void> giveTracks(const std::string& caseId, const std::stop_token& stop);
    [[nodiscard]] Result<std::string> ask(net::Request request, const std::stop_token& stop);

    const std::filesystem::path m_root;
    net::Client& m_hub;
    const IsOpen m_isOpen;
    std::map<std::string, std::string> m_heads; ///< by case: the manifest that the hub has
    std::set<std::string> m_refused;
};

} // namespace guichet::assist
