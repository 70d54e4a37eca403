// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>

#include "queue/domain/branch.h"

/// The API's documents as JSON text. Pure.
namespace guichet::queue::api {

/// A visit as everybody entitled to it sees it, without its token.
[[nodiscard]] std::string visitDocument(const domain::BranchSettings& settings,
                                        const domain::Visit& visit,
                                        const std::optional<domain::Outlook>& outlook);
/// The same with the token added, for the answer of its creation.
[[nodiscard]] std::string withToken(std::string document, const std::string& token);
/// The same with what the customer's QR code says, for nobody else.
[[nodiscard]] std::string withCode(std::string document, const std::string& code);
[[nodiscard]] std::string sessionDocument(const domain::Session& session);
/// The outlets that this hub serves.
[[nodiscard]] std::string branchesDocument(const domain::BranchSettings& settings,
                                           const domain::BusinessDay& day);
[[nodiscard]] std::string branchDocument(const domain::BranchSettings& settings,
                                         const domain::BusinessDay& day);
[[nodiscard]] std::string queueDocument(const domain::BranchSettings& settings,
                                        const domain::PublicView& view, std::int64_t epoch);
[[nodiscard]] std::string callDocument(const domain::BranchSettings& settings,
                                       const domain::Call& call);
[[nodiscard]] std::string dayDocument(const domain::BranchSettings& settings,
                                      const domain::BusinessDay& day);

/// The hub's time, for a watcher of the events.
[[nodiscard]] std::string timeDocument(const domain::BranchSettings& settings, Instant now);
/// The visits in any of the states, in the order in which they are called, for staff.
[[nodiscard]] std::string visitsDocument(const domain::Branch& branch,
                                         const std::set<domain::VisitState>& states, Instant now);

} // namespace guichet::queue::api
