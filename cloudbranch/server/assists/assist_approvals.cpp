// SPDX-License-Identifier: Apache-2.0
// What a desk does where one pair of eyes is not enough.
#include <string>
#include <utility>

#include "cloudbranch/server/assists/assist_desk.h"

namespace guichet::hub {

using namespace signalling;
using nlohmann::json;

namespace {

constexpr std::string_view kProposal = "proposal"; ///< an entry of the case, never a terminal's

} // namespace

Proposals AssistDesk::proposalsOf(const Assist& assist) const
{
    Proposals proposals;
    const auto known = m_cases.find(assist.caseId);
    if (known == m_cases.end()) {
        return proposals;
    }
    for (const auto& entry : known->second.entries) {
        const auto& body = entry.body;
        if (entry.type == kProposal) {
            static_cast<void>(proposals.propose({.id = body.value("proposal", ""),
                                                 .step = body.value("step", ""),
                                                 .by = entry.by,
                                                 .authority = body.value("authority", 0)}));
        } else if (entry.type == name(SignalType::Approve) && body.contains("of")) {
            proposals.restore(body.value("of", ""), entry.by, body.value("ok", false));
        } else if (entry.type == name(SignalType::Approve) && !body.value("ok", true)) {
            proposals.withdraw(body.value("step", ""), entry.by);
        }
    }
    return proposals;
}

std::vector<AssistDesk::OpenProposal> AssistDesk::openProposals() const
{
    std::vector<OpenProposal> open;
    for (const auto& [id, assist] : m_board->assists()) {
        if (assist.state >= AssistState::WrapUp) {
            continue;
        }
        const auto proposals = proposalsOf(assist);
        for (const auto& each : proposals.all()) {
            if (each.state == ProposalState::Open) {
                open.push_back({&assist, each});
            }
        }
    }
    return open;
}

Second AssistDesk::secondOf(const std::string& seat) const
{
    const auto* known = m_board->seat(seat);
    return {seat, known != nullptr ? known->skills.authority : 0};
}

json AssistDesk::approvalsFor(const std::string& seat, const std::vector<OpenProposal>& open) const
{
    auto document = json::array();
    for (const auto& [assist, proposal] : open) {
        if (mayBeSecond(proposal, secondOf(seat), assist->seat)) {
            document.push_back({{"proposal", proposal.id},
                                {"assist", assist->id},
                                {"terminal", assist->terminal},
                                {"step", proposal.step},
                                {"by", proposal.by},
                                {"authority", proposal.authority}});
        }
    }
    return document;
}

/// Where the rules want a second person, what a seat grants waits for that; all else is said.
Result<void> AssistDesk::approve(const std::string& seat, const Assist& assist,
                                 const Signal& signal)
{
    auto subject = m_shown[assist.id];
    subject.step = signal.body.at("step");
    const auto authority = secondNeeded(m_parts.approvals, subject);
    if (!authority || !signal.body.at("ok").get<bool>()) {
        return saidInCase(seat, assist, signal);
    }
    auto proposals = proposalsOf(assist);
    const auto id = "p-" + std::to_string(m_cases[assist.caseId].entries.size() + 1);
    const json body{{"proposal", id}, {"step", subject.step}, {"authority", *authority}};
    const auto proposed = proposals.propose({id, subject.step, seat, *authority});
    if (!proposed && proposed.error().code != Errc::Busy) {
        return proposed;
    }
    if (proposed) {
        if (auto written = append(assist, seat, kProposal, body); !written) {
            return written;
        }
    }
    acknowledge(seat, signal, {{"waits", body}});
    if (proposed) {
        tellStaff(assist, seat, kProposal, body);
        showAll();
    }
    return {};
}

Result<void> AssistDesk::decide(const std::string& seat, const Assist& assist, const Signal& signal)
{
    const auto& body = signal.body;
    const bool ok = body.at("ok");
    const std::string id = body.at("of");
    auto proposals = proposalsOf(assist);
    if (const auto* known = proposals.find(id);
        known != nullptr && known->step != body.at("step")) {
        return fail(Errc::Invalid, "signal approve: step: the proposal is about another one");
    }
    if (!ok && !body.contains("reason")) {
        return fail(Errc::Invalid, "signal approve: reason: want why the proposal is rejected");
    }
    auto decided = proposals.decide(id, secondOf(seat), assist.seat, ok);
    if (!decided && decided.error().code == Errc::Denied) {
        refuse("approval", seat, assist.id);
    }
    if (!decided && decided.error().code != Errc::Busy) {
        return decided;
    }
    if (decided) {
        if (auto written = append(assist, seat, name(signal.type), body); !written) {
            return written;
        }
    }
    acknowledge(seat, signal);
    if (decided) {
        relay(assist, {signal.type, assist.id, body, seat}, true);
        tellStaff(assist, seat, name(signal.type), body);
        showAll();
    }
    return {};
}

/// The case, for whoever may decide about a step of it; that somebody looked is written down first.
Result<void> AssistDesk::look(const std::string& seat, const Assist& assist)
{
    bool may = false;
    const auto proposals = proposalsOf(assist);
    for (const auto& each : proposals.all()) {
        may = may || mayBeSecond(each, secondOf(seat), assist.seat);
    }
    if (!may) {
        refuse("look", seat, assist.id);
        return fail(Errc::Denied, "nothing in this case waits for this seat");
    }
    const auto id = assist.id;
    return store(m_board->audit("looked", seat, id, now())).map([&] {
        const auto* shown = m_board->assist(id);
        auto document = caseDocument(*shown);
        document["type"] = name(SignalType::Look);
        document["terminal"] = shown->terminal;
        m_seats.at(seat).socket->send(document.dump());
    });
}

/// Of what was said in a case by a member of staff, the others who are with it hear too.
void AssistDesk::tellStaff(const Assist& assist, const std::string& by, std::string_view type,
                           json body)
{
    body["type"] = type;
    body["assist"] = assist.id;
    body["by"] = by;
    const auto text = body.dump();
    for (const auto& seat : {assist.seat, assist.consultant}) {
        const auto line = m_seats.find(seat);
        if (seat != by && line != m_seats.end()) {
            line->second.socket->send(text);
        }
    }
}

} // namespace guichet::hub
