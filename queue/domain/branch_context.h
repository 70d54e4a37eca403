// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "queue/domain/branch.h"

namespace guichet::queue::domain {

/// One command on its way through the branch.
struct Branch::Context {
    const Actor& actor;
    Moment moment;
    Outcome outcome = {};
};

} // namespace guichet::queue::domain
