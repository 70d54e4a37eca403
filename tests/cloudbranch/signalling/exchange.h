// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cloudbranch/signalling/switchboard.h"

namespace guichet::test {

/// A switchboard and the time that passes at it.
struct Exchange {
    signalling::Switchboard board;
    Instant now{std::chrono::hours(1)};

    explicit Exchange(signalling::RoutingRules rules = {})
        : board(std::move(rules))
    {
    }

    Result<signalling::SwitchOutcome> run(const signalling::SwitchCommand& command)
    {
        return board.execute(command, now);
    }
    Result<signalling::SwitchOutcome> pass(std::chrono::seconds time)
    {
        now += time;
        return run(signalling::Tick());
    }
    /// A seat that is ready for everything there is.
    void seat(const std::string& id, signalling::Skills skills = {{"zh", "en"}, {"*"}, 9},
              const std::string& pool = "remote")
    {
        run(signalling::SignIn{id, pool, std::move(skills)}).value();
        run(signalling::SetReady{id}).value();
    }
    /// With the terminal's line.
    void ask(const std::string& id, signalling::Needs needs = {}, const std::string& kind = {})
    {
        run(signalling::Ask{.assist = id,
                            .caseId = "case-" + id,
                            .terminal = "lobby-1",
                            .needs = std::move(needs),
                            .customerClass = kind})
            .value();
        run(signalling::TerminalConnection{id, true}).value();
    }
    /// From asking to talking, with the seat that it rings at.
    void talk(const std::string& id)
    {
        ask(id);
        run(signalling::Accept{id, at(id)}).value();
        run(signalling::Join{id}).value();
    }
    [[nodiscard]] signalling::AssistState state(const std::string& id) const
    {
        return board.assist(id)->state;
    }
    [[nodiscard]] std::string at(const std::string& id) const { return board.assist(id)->seat; }
};

} // namespace guichet::test
