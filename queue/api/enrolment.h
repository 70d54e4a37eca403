// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "peripherals/net/http.h"
#include "queue/api/terminals.h"
#include "queue/domain/settings.h"

namespace guichet::queue::api {

/// The operations on terminals. `terminals` is null at an outlet without an authority of its own;
/// then there is nothing at these addresses.
class Enrolment {
public:
    Enrolment(Terminals* terminals, const domain::BranchSettings& branch)
        : m_terminals(terminals)
        , m_branch(branch.id)
        , m_zone(branch.timeZone)
    {
    }

    [[nodiscard]] net::Response enrol(const net::Request& request) const;
    [[nodiscard]] net::Response renew(const net::Request& request,
                                      const std::string& terminal) const;
    [[nodiscard]] net::Response revoke(const net::Request& request) const;
    [[nodiscard]] net::Response list() const;

private:
    [[nodiscard]] net::Response answer(const tl::expected<Enrolled, EnrolRefusal>& result) const;

    Terminals* m_terminals;
    std::string m_branch;
    std::string m_zone;
};

} // namespace guichet::queue::api
