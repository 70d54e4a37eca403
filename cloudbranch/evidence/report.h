// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cloudbranch/evidence/case_check.h"

/// What was verified, for people and for machines.
namespace guichet::evidence {

/// How a case was checked, beside what was found.
struct Checked {
    bool key = false;
    bool signature = false;
    std::size_t serverHeads = 0;
};

/// Several lines for a person: verdict, what was and was not checked, each track with its faults.
[[nodiscard]] std::string reportText(const CaseReport& report, const Checked& checked);
/// The same as one line of JSON.
[[nodiscard]] std::string reportJson(const CaseReport& report, const Checked& checked);

} // namespace guichet::evidence
