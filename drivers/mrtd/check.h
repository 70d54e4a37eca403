// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace guichet::mrtd {

/// "Not checked" is no verdict on the document: something that the check needs is missing.
enum class Verdict { NotChecked, Passed, Failed };

/// One statement about a document, with its reason in words for staff; no personal data in it.
struct Check {
    Verdict verdict = Verdict::NotChecked;
    std::string reason = "not asked for";
};

[[nodiscard]] inline Check passed(std::string reason)
{
    return {Verdict::Passed, std::move(reason)};
}
[[nodiscard]] inline Check failed(std::string reason)
{
    return {Verdict::Failed, std::move(reason)};
}
[[nodiscard]] inline Check notChecked(std::string reason)
{
    return {Verdict::NotChecked, std::move(reason)};
}

} // namespace guichet::mrtd
