// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cloudbranch/guided/script.h"
#include "cloudbranch/signalling/signal_message.h"

namespace guichet::hub {

/// The outlet's scripts of guided recording, and what a member of staff may do with one: begin it
/// with every qualification that its product needs, lead on from what staff read, have a step done
/// again, stop. Nobody answers for the customer. Plain values.
class GuidedSales {
public:
    using Qualifications = std::map<std::string, std::vector<std::string>>; ///< by seat

    GuidedSales() = default;
    GuidedSales(std::vector<guided::Script> scripts, Qualifications qualifications);

    /// What a seat may choose from: [{script, version, names, product, missing}].
    [[nodiscard]] nlohmann::json offered(const std::string& seat) const;
    /// What the terminal is told for a seat's "guide", with script and seller in it where one
    /// begins. Errc::Denied: not staff's to do, or the seller lacks a qualification, which is
    /// named. Errc::NotFound: no such script.
    [[nodiscard]] Result<signalling::Signal> order(const std::string& seat,
                                                   const signalling::Signal& wish) const;

private:
    [[nodiscard]] const std::vector<std::string>& of(const std::string& seat) const;

    std::vector<guided::Script> m_scripts;
    Qualifications m_qualifications;
};

} // namespace guichet::hub
