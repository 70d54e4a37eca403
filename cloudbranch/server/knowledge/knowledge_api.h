// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "cloudbranch/server/knowledge/knowledge.h"
#include "peripherals/net/server.h"
#include "queue/api/operations.h"

namespace guichet::hub {

/// GET /v1/knowledge: staff look something up. What it is given must outlive it.
class KnowledgeApi {
public:
    KnowledgeApi(const Knowledge& knowledge, queue::api::Operations::Parts operations);

    void addTo(net::Router& router);
    [[nodiscard]] const std::vector<queue::api::Operation>& operations() const
    {
        return m_operations.all();
    }

private:
    const Knowledge& m_knowledge;
    queue::api::Operations m_operations;
};

} // namespace guichet::hub
