// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>

namespace guichet::signalling {

/// What a customer needs of whoever answers.
struct Needs {
    std::string language = "zh-CN";               ///< BCP 47
    std::optional<std::string> signLanguage = {}; ///< ISO 639-3, "csl"; instead of a voice
    std::string product = {};                     ///< the task's subject; empty: any staff will do
    int authority = 0;                            ///< what may have to be approved; 0: nothing

    [[nodiscard]] bool operator==(const Needs&) const = default;
};

/// What a member of remote staff brings.
struct Skills {
    std::set<std::string> languages =
        {}; ///< BCP 47; "zh" serves "zh-CN" too; sign languages as well
    std::set<std::string> products = {}; ///< "*": all
    int authority = 0;

    [[nodiscard]] bool operator==(const Skills&) const = default;
};

[[nodiscard]] bool serves(const Skills& skills, const Needs& needs);

} // namespace guichet::signalling
