// SPDX-License-Identifier: Apache-2.0
#include "queue/domain/transitions.h"

#include <map>
#include <set>

#include <catch2/catch.hpp>

using namespace guichet::queue::domain;
using enum VisitState;

namespace {

constexpr int kTriggers = static_cast<int>(Trigger::Undo) + 1;
constexpr int kStates = static_cast<int>(Expired) + 1;

/// The model's rows once more, by trigger and the states it is allowed in.
const std::map<Trigger, std::map<VisitState, VisitState>> kAllowed{
    {Trigger::CheckIn, {{Remote, Waiting}}},
    {Trigger::ArrivalLimit, {{Remote, Expired}}},
    {Trigger::Delay, {{Remote, Remote}}},
    {Trigger::Call, {{Waiting, Called}, {Parked, Called}}},
    {Trigger::Recall, {{Called, Called}}},
    {Trigger::Arrive, {{Called, Serving}}},
    {Trigger::Start, {{Called, Serving}, {Serving, Serving}}},
    {Trigger::GiveUp, {{Called, NoShow}}},
    {Trigger::PutBack, {{Called, Waiting}}},
    {Trigger::LoseCounter, {{Called, Waiting}, {Waiting, Waiting}, {Serving, Serving}}},
    {Trigger::Park, {{Serving, Parked}}},
    {Trigger::Unpark, {{Parked, Waiting}}},
    {Trigger::Transfer, {{Serving, Waiting}, {Called, Waiting}}},
    {Trigger::TransferToPool, {{Serving, Parked}, {Called, Parked}}},
    {Trigger::Finish, {{Serving, Done}}},
    {Trigger::NextService, {{Serving, Waiting}}},
    {Trigger::Cancel, {{Remote, Cancelled}, {Waiting, Cancelled}, {Parked, Cancelled}}},
    {Trigger::Remove, {{Waiting, Removed}, {Parked, Removed}, {Called, Removed}}},
    {Trigger::ReturnLate, {{NoShow, Waiting}}},
    {Trigger::CloseDay,
     {{Remote, Expired},
      {Waiting, Expired},
      {Called, Expired},
      {Serving, Expired},
      {Parked, Expired}}},
};

} // namespace

TEST_CASE("transitions: every state and trigger is allowed or refused as the model says")
{
    for (int state = 0; state < kStates; ++state) {
        for (int trigger = 0; trigger < kTriggers; ++trigger) {
            const auto from = static_cast<VisitState>(state);
            const auto event = static_cast<Trigger>(trigger);
            const auto* row = findTransition(from, event);
            INFO(name(from) << " " << eventName(event));
            const auto rows = kAllowed.find(event);
            const bool allowed = rows != kAllowed.end() && rows->second.contains(from);
            REQUIRE((row != nullptr) == allowed);
            if (allowed) {
                CHECK(row->to == rows->second.at(from));
            }
        }
    }
}

TEST_CASE("transitions: a visit begins only by one of three ways")
{
    for (int trigger = 0; trigger < kTriggers; ++trigger) {
        const auto event = static_cast<Trigger>(trigger);
        const bool begins = event == Trigger::TakeNumber || event == Trigger::TakeRemote ||
                            event == Trigger::CheckInAppointment;
        CHECK((findTransition(std::nullopt, event) != nullptr) == begins);
    }
}

TEST_CASE("transitions: rows 1 to 20 of the model are all there")
{
    std::set<int> rows;
    for (const auto& entry : transitions()) {
        rows.insert(entry.row);
    }
    CHECK(rows.size() == 20);
    CHECK(*rows.begin() == 1);
    CHECK(*rows.rbegin() == 20);
}
