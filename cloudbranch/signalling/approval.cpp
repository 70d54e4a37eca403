// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/signalling/approval.h"

#include <algorithm>
#include <utility>

namespace guichet::signalling {

namespace {

bool fits(const ApprovalRule& rule, const ApprovalSubject& subject)
{
    const bool task = rule.task.empty() || subject.task.empty() || rule.task == subject.task;
    const bool step = rule.steps.empty() || rule.steps.contains(subject.step) ||
                      rule.steps.contains(subject.shown);
    const bool amount = subject.amount.value_or(rule.fromAmount) >= rule.fromAmount;
    return task && step && amount;
}

Proposal* findIn(std::vector<Proposal>& all, const std::string& id)
{
    const auto found = std::ranges::find(all, id, &Proposal::id);
    return found == all.end() ? nullptr : &*found;
}

Result<void> refusal(const Proposal& proposal, const Second& second, const std::string& serving)
{
    if (second.seat.empty() || second.seat == proposal.by || second.seat == serving) {
        return fail(Errc::Denied, "approval: the second may not be who proposed or serves");
    }
    if (second.authority < proposal.authority) {
        return fail(Errc::Denied, "approval: want authority " + std::to_string(proposal.authority) +
                                      ", this seat has " + std::to_string(second.authority));
    }
    return {};
}

} // namespace

bool mayBeSecond(const Proposal& proposal, const Second& second, const std::string& serving)
{
    return proposal.state == ProposalState::Open && refusal(proposal, second, serving).has_value();
}

std::optional<int> secondNeeded(const std::vector<ApprovalRule>& rules,
                                const ApprovalSubject& subject)
{
    std::optional<int> needed;
    for (const auto& rule : rules) {
        if (fits(rule, subject)) {
            needed = std::max(needed.value_or(0), rule.authority);
        }
    }
    return needed;
}

const Proposal* Proposals::find(const std::string& id) const
{
    const auto found = std::ranges::find(m_all, id, &Proposal::id);
    return found == m_all.end() ? nullptr : &*found;
}

Result<void> Proposals::propose(Proposal proposal)
{
    if (proposal.id.empty() || proposal.step.empty() || proposal.by.empty()) {
        return fail(Errc::Invalid, "approval: want an id, a step and who proposes");
    }
    const auto open = std::ranges::find_if(m_all, [&proposal](const Proposal& each) {
        return each.state == ProposalState::Open && each.step == proposal.step;
    });
    if (open != m_all.end()) {
        return open->by == proposal.by
                   ? fail(Errc::Busy, "said before")
                   : fail(Errc::Conflict, "approval: this step waits for a second person already");
    }
    if (find(proposal.id) != nullptr) {
        return fail(Errc::Conflict, "approval: this id was used for another one");
    }
    proposal.state = ProposalState::Open;
    proposal.second.clear();
    m_all.push_back(std::move(proposal));
    return {};
}

Result<void> Proposals::decide(const std::string& id, const Second& second,
                               const std::string& serving, bool ok)
{
    const auto* proposal = find(id);
    if (proposal == nullptr) {
        return fail(Errc::NotFound, "approval: no such proposal");
    }
    const auto wanted = ok ? ProposalState::Granted : ProposalState::Rejected;
    if (proposal->state == wanted && proposal->second == second.seat) {
        return fail(Errc::Busy, "said before");
    }
    if (auto denied = refusal(*proposal, second, serving); !denied) {
        return denied;
    }
    if (proposal->state != ProposalState::Open) {
        return fail(Errc::Conflict, "approval: it is decided");
    }
    restore(id, second.seat, ok);
    return {};
}

void Proposals::withdraw(const std::string& step, const std::string& by)
{
    for (auto& proposal : m_all) {
        if (proposal.state == ProposalState::Open && proposal.step == step) {
            proposal.state = ProposalState::Rejected;
            proposal.second = by;
        }
    }
}

void Proposals::restore(const std::string& id, const std::string& second, bool ok)
{
    if (auto* proposal = findIn(m_all, id);
        proposal != nullptr && proposal->state == ProposalState::Open) {
        proposal->state = ok ? ProposalState::Granted : ProposalState::Rejected;
        proposal->second = second;
    }
}

} // namespace guichet::signalling
