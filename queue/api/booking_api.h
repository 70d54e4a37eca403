// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "queue/api/newcomers.h"
#include "queue/api/operations.h"
#include "queue/api/rate_limits.h"
#include "queue/api/tokens.h"
#include "queue/storage/store.h"

namespace guichet::queue::api {

/// The operations of promised times: slots, holds, appointments, prepared forms, check-in.
/// Thread-safe; what it is given must outlive it.
class BookingApi {
public:
    struct Parts {
        storage::Store& store;
        const VisitTokens& tokens;
        const Clock& clock;
        domain::BranchSettings branch;
        Newcomers& newcomers;
        RateLimits& wrongCodes; ///< by anybody
    };

    explicit BookingApi(Parts parts);

    void addTo(net::Router& router, Operations& operations);

    struct Known {
        domain::Appointment appointment;
        std::string document; ///< as its customer sees it
    };
    /// The appointment of an id as of the last commit. Fails with Errc::Busy.
    [[nodiscard]] Result<std::optional<Known>> find(const std::string& id);

    /// Operations of the document, for whoever has the request already: a page with a plain form.
    [[nodiscard]] net::Response hold(const net::Request& request, const Caller& caller);
    net::Response release(const net::Request& request, const Caller& caller);
    [[nodiscard]] net::Response confirm(const net::Request& request, const Caller& caller);
    [[nodiscard]] net::Response move(const net::Request& request, const Caller& caller);

private:
    net::Response slots(const net::Request& request);
    net::Response readAppointment(const net::Request& request);
    net::Response calendar(const net::Request& request);
    net::Response cancel(const net::Request& request, const Caller& caller);
    net::Response prepareForm(const net::Request& request, const Caller& caller);
    net::Response checkIn(const net::Request& request, const Caller& caller);
    net::Response refusedCheckIn(const domain::Refusal& refusal, const std::string& id);
    [[nodiscard]] storage::Store::Encode encodeAppointment() const;

    Parts m_parts;
};

} // namespace guichet::queue::api
