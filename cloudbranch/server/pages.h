// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cloudbranch/server/booking_pages.h"
#include "cloudbranch/server/push_watch.h"
#include "peripherals/net/server.h"
#include "queue/api/api.h"

namespace guichet::hub {

/// The hub's web pages and their files. Thread-safe; what it is given must outlive it.
class Pages {
public:
    struct Parts {
        queue::api::Api& api;
        queue::storage::Store& store;
        const Clock& clock;
        const queue::domain::BranchSettings& branch;
        PushWatch* push = nullptr; ///< none: browsers are told nothing
    };

    explicit Pages(Parts parts)
        : m_parts(parts)
        , m_booking({parts.api, parts.store, parts.clock, parts.branch})
    {
    }
    void addTo(net::Router& router);

private:
    net::Response visit(const net::Request& request, const std::string& note = {});
    net::Response giveUp(const net::Request& request);
    net::Response subscribe(const net::Request& request);
    net::Response beLate(const net::Request& request);
    net::Response appointment(const net::Request& request, const std::string& note);
    [[nodiscard]] net::Response unknownVisit(const net::Request& request) const;
    [[nodiscard]] net::Response notHere(const net::Request& request) const;

    Parts m_parts;
    BookingPages m_booking;
};

} // namespace guichet::hub
