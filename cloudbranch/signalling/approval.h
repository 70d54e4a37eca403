// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "peripherals/base/error.h"

/// Four eyes: what a member of staff may not approve alone, and who may be the second.
namespace guichet::signalling {

/// One of the bank's rules. What it leaves out fits everything.
struct ApprovalRule {
    std::string task = {};
    std::set<std::string> steps = {};
    std::int64_t fromAmount = 0; ///< in the currency's smallest unit
    int authority = 1;           ///< that the second must have
};

/// What is to be approved.
struct ApprovalSubject {
    std::string step = {};  ///< that the seat names
    std::string shown = {}; ///< at which the terminal stands; empty: not known
    std::string task = {};  ///< of the terminal; empty: not known
    std::optional<std::int64_t> amount = {};
};

/// The authority that a second member of staff must have; nothing: one is enough. What the terminal
/// has not said counts as what the rule is about.
[[nodiscard]] std::optional<int> secondNeeded(const std::vector<ApprovalRule>& rules,
                                              const ApprovalSubject& subject);

enum class ProposalState { Open, Granted, Rejected };

/// An approval that one member of staff has given and a second one has not seen yet.
struct Proposal {
    std::string id = {};
    std::string step = {};
    std::string by = {};
    int authority = 0;
    ProposalState state = ProposalState::Open;
    std::string second = {}; ///< who decided
};

/// Who wants to decide, and with what.
struct Second {
    std::string seat = {};
    int authority = 0;
};

/// Whether that seat may decide about it now, while `serving` is with the customer.
[[nodiscard]] bool mayBeSecond(const Proposal& proposal, const Second& second,
                               const std::string& serving);

/// The proposals of one case: each open until it is decided, once, by somebody who neither made it
/// nor serves the customer. A refused call changes nothing. Pure.
class Proposals {
public:
    /// Errc::Busy: said before. Errc::Conflict: somebody else's for this step is open; or the id is
    /// used. Errc::Invalid: no id, step or seat.
    [[nodiscard]] Result<void> propose(Proposal proposal);
    /// Errc::NotFound: no such proposal. Errc::Denied: their own, their own customer, or not enough
    /// authority. Errc::Busy: they have decided so before. Errc::Conflict: it is decided otherwise.
    [[nodiscard]] Result<void> decide(const std::string& id, const Second& second,
                                      const std::string& serving, bool ok);
    /// Somebody with the customer says no to the step: nobody else need look at it.
    void withdraw(const std::string& step, const std::string& by);
    /// What the record of the case says was decided.
    void restore(const std::string& id, const std::string& second, bool ok);

    [[nodiscard]] const std::vector<Proposal>& all() const { return m_all; }
    [[nodiscard]] const Proposal* find(const std::string& id) const;

private:
    std::vector<Proposal> m_all;
};

} // namespace guichet::signalling
