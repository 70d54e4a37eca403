// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "cloudbranch/server/book_page.h"
#include "peripherals/net/server.h"
#include "queue/api/api.h"

namespace guichet::hub {

/// The steps by which a customer takes a number from afar, books a time and moves it, each a link
/// or a plain form: scripts only make them quicker. What a form asks for is done by the API's own
/// operations, under its limits. Thread-safe; what it is given must outlive it.
class BookingPages {
public:
    struct Parts {
        queue::api::Api& api;
        queue::storage::Store& store;
        const Clock& clock;
        const queue::domain::BranchSettings& branch;
    };

    explicit BookingPages(Parts parts)
        : m_parts(parts)
    {
    }
    void addTo(net::Router& router);

private:
    using Form = std::map<std::string, std::string>;

    net::Response take(const net::Request& request);
    net::Response book(const net::Request& request);
    net::Response confirm(const net::Request& request);
    net::Response move(const net::Request& request);
    net::Response bookPageWith(const net::Request& request, const Form& chosen,
                               const std::string& note);
    net::Response movePageWith(const net::Request& request,
                               const queue::domain::Appointment& moving, const std::string& note);
    /// Fills in what there is to choose from: days, or the times of the date, and the time of
    /// `start` if it is one of them. False: the hub cannot read now.
    [[nodiscard]] bool offer(BookView& view, std::string_view date, std::string_view start);
    [[nodiscard]] net::Response busy(const net::Request& request) const;

    Parts m_parts;
};

} // namespace guichet::hub
