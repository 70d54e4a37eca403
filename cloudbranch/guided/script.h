// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "peripherals/base/error.h"

/// What must be said and asked when something regulated is sold, as the bank wrote it. Pure.
namespace guichet::guided {

using Words = std::map<std::string, std::string>; ///< by language

enum class StepKind {
    Staff,    ///< the member of staff reads a sentence to the customer
    Kiosk,    ///< the customer's terminal shows and speaks it
    Question, ///< the customer answers, by a press of their own
};
enum class Check {
    Recording, ///< the case is being recorded
    OnePerson, ///< the terminal's camera sees a face, and one only
    Sound,     ///< something was heard while the step ran
};
/// What a question must be answered with before anything may be sold.
enum class Wanted { Yes, Any };

[[nodiscard]] std::string_view name(StepKind kind);
[[nodiscard]] std::string_view name(Check check);

struct Step {
    std::string id;
    StepKind kind = StepKind::Staff;
    Words text;
    std::vector<Check> checks = {}; ///< Recording is always among them
    Wanted wanted = Wanted::Any;

    [[nodiscard]] bool operator==(const Step&) const = default;
};

struct Product {
    std::string id;
    Words names;
    std::vector<std::string> qualifications = {}; ///< that its seller needs, all of them

    [[nodiscard]] bool operator==(const Product&) const = default;
};

struct Script {
    std::string id;
    std::string version;
    std::string bank;
    Words names;
    Product product;
    std::string retention = {}; ///< class of the record
    std::vector<std::string> languages;
    std::vector<Step> steps;

    [[nodiscard]] bool operator==(const Script&) const = default;
};

constexpr std::size_t kLargestScript = 64U << 10;
constexpr std::size_t kMostSteps = 64;

/// Reads a script: script.schema.json. Errc::Invalid names the first member that is missing,
/// unknown or not legal, and what is.
[[nodiscard]] Result<Script> parseScript(std::string_view text);
/// What parseScript() reads.
[[nodiscard]] nlohmann::json document(const Script& script);

/// Of the product's qualifications those that the seller does not have.
[[nodiscard]] std::vector<std::string> missing(const Product& product,
                                               const std::vector<std::string>& sellers);

} // namespace guichet::guided
