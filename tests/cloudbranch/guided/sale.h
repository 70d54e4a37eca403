// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cloudbranch/guided/recording.h"

namespace guichet::test {

/// A sale of four steps: staff read, the terminal speaks, a question that wants yes, one that does
/// not.
inline guided::Script saleScript()
{
    using namespace guided;
    const auto words = [](const std::string& text) { return Words{{"en", text}}; };
    return {.id = "fund-risk",
            .version = "1",
            .bank = "demo",
            .names = words("Fund"),
            .product = {"fund-r3", words("Steady"), {"fund-sales"}},
            .languages = {"en"},
            .steps = {{"who", StepKind::Staff, words("I am Mei."), {Check::Recording}},
                      {"risk", StepKind::Kiosk, words("You may lose money."), {Check::Recording}},
                      {"clear",
                       StepKind::Question,
                       words("Is that clear?"),
                       {Check::Recording, Check::OnePerson, Check::Sound},
                       Wanted::Yes},
                      {"more", StepKind::Question, words("Anything else?"), {Check::Recording}}}};
}

inline guided::Recording saleBegun()
{
    return guided::Recording::begin(saleScript(), {"mei", {"fund-sales"}}, "en", true).value();
}

inline const guided::Findings kAllWell{.recording = true, .faces = 1, .sound = true};

} // namespace guichet::test
