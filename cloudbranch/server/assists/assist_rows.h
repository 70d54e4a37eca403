// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cloudbranch/signalling/switchboard.h"
#include "queue/storage/database.h"

/// The switchboard's rows. All of it inside Store::rewrite.
namespace guichet::hub {

/// Assists that are not closed, seats that are signed in, and the log's position.
[[nodiscard]] Result<signalling::SwitchState> loadSwitch(queue::storage::Database& database,
                                                         const std::string& branch);
/// Whether there is, or was, an assist with this id.
[[nodiscard]] Result<bool> isKnown(queue::storage::Database& database, const std::string& branch,
                                   const std::string& id);
/// What a command did: the rows of what has changed, as `board` has them now, and the log.
[[nodiscard]] Result<void> writeSwitch(queue::storage::Database& database,
                                       const std::string& branch,
                                       const signalling::Switchboard& board,
                                       const signalling::SwitchOutcome& outcome);

} // namespace guichet::hub
