// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "cloudbranch/server/evidence/evidence_store.h"
#include "queue/api/operations.h"

namespace guichet::hub {

/// The bytes that a Range of one part asks for, RFC 9110 section 14: first and last; nothing if it
/// is none of these, or beyond `size`. Pure.
[[nodiscard]] std::optional<std::pair<std::uint64_t, std::uint64_t>>
rangeIn(std::string_view header, std::uint64_t size);

/// Evidence over HTTP, /v1/cases: terminals upload, supervisors and auditors look. What it is given
/// must outlive it.
class EvidenceApi {
public:
    EvidenceApi(EvidenceStore& store, const Clock& clock, queue::api::Operations::Parts operations);

    void addTo(net::Router& router);
    [[nodiscard]] const std::vector<queue::api::Operation>& operations() const
    {
        return m_operations.all();
    }

private:
    using Caller = queue::api::Caller;
    void addUpload(net::Router& router);
    [[nodiscard]] net::Response putTrack(const net::Request& request, const Caller& caller);
    [[nodiscard]] net::Response list(const net::Request& request, const Caller& caller);
    [[nodiscard]] net::Response folder(const net::Request& request, const Caller& caller);
    [[nodiscard]] net::Response placeHold(const net::Request& request, const Caller& caller);

    EvidenceStore& m_store;
    const Clock& m_clock;
    queue::api::Operations m_operations;
};

} // namespace guichet::hub
