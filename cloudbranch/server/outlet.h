// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cloudbranch/server/assists/assist_desk.h"
#include "cloudbranch/server/evidence/evidence_store.h"
#include "cloudbranch/server/messenger.h"
#include "cloudbranch/server/push_watch.h"
#include "peripherals/base/error.h"
#include "queue/api/newcomers.h"
#include "queue/api/staff.h"
#include "queue/domain/settings.h"

namespace guichet::hub {

/// What the outlet's file says.
struct Outlet {
    queue::domain::BranchSettings branch;
    std::map<std::string, std::string> terminals = {}; ///< SHA-256 of the bearer to its name
    queue::api::NewcomerLimits newcomers = {};
    std::int64_t workers = 64;
    std::int64_t connectionsPerPeer = 512;
    std::vector<std::string> serverNames = {}; ///< in the hub's certificate; empty: the usual ones
    MessageSettings messages = {};
    PushSettings push = {};
    std::set<queue::api::Role> secondFactor = {};  ///< roles that log in with one
    signalling::RoutingRules routing = {};         ///< of remote staff
    std::map<std::string, SeatProfile> seats = {}; ///< remote staff, by login name
    TurnSettings turn = {};
    std::vector<guided::Script> scripts = {};             ///< of guided recordings
    std::vector<signalling::ApprovalRule> approvals = {}; ///< of remote staff
    EvidenceRules evidence = {};
};

/// Reads `branch.*`, `hours.*`, `holidays`, `service.*`, `booking.*`, `remote.*`, `terminals.*`,
/// `rules.*`, `limits.*`, `messages.*`, `push.*`, `staff.*`, `assists.*`, `seat.*`,
/// `approvals.*`, `approval.*`, `turn.*`, `evidence.*` and `server.*`. Keys that are absent keep
/// the value in `outlet`. Fails with Errc::NotFound or Invalid, naming file, line and key.
[[nodiscard]] Result<Outlet> readOutlet(const std::filesystem::path& file, Outlet outlet);

} // namespace guichet::hub
