// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "peripherals/base/bytes.h"

/// The applications that are tried on a card without a directory. Pure.
namespace guichet::emv {

struct KnownApplication {
    Bytes name;        ///< AID, or its beginning
    std::string label; ///< for screens, of a card that does not say its own
    [[nodiscard]] bool operator==(const KnownApplication&) const = default;
};

/// Of UnionPay, Visa, Mastercard, American Express, JCB and Discover, as a configuration would say
/// them.
[[nodiscard]] const std::vector<std::string>& usualApplicationLines();
[[nodiscard]] const std::vector<KnownApplication>& usualApplications();

/// In the order of the lines, each the AID in hexadecimal and a label, as
/// "A000000333010101 UnionPay debit". Errc::Invalid, with what is legal as its detail: a line of
/// another form, the same AID twice, no line at all.
[[nodiscard]] Result<std::vector<KnownApplication>>
parseApplications(const std::vector<std::string>& lines);

/// The label of the application whose name `applicationName` begins with, the longest of them;
/// empty if there is none.
[[nodiscard]] std::string_view labelIn(const std::vector<KnownApplication>& applications,
                                       ByteView applicationName);

} // namespace guichet::emv
