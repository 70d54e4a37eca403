// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "peripherals/net/server.h"
#include "queue/api/booking_api.h"
#include "queue/api/enrolment.h"
#include "queue/api/newcomers.h"
#include "queue/api/operations.h"
#include "queue/api/public_documents.h"
#include "queue/api/rate_limits.h"
#include "queue/api/staff.h"
#include "queue/api/tokens.h"
#include "queue/storage/store.h"

namespace guichet::queue::api {

/// The queue's HTTP API. Handlers decode, call the store and encode. Thread-safe; what it is given
/// must outlive it.
class Api {
public:
    /// A call spoken in a language, as a WAV file. Fails with Errc::NotFound for a language that
    /// has no voice.
    using Announce = std::function<Result<std::string>(const domain::Call&, std::string_view)>;

    struct Parts {
        storage::Store& store;
        Staff& staff;
        PublicDocuments& documents;
        const VisitTokens& visitTokens;
        const Clock& clock;
        domain::BranchSettings branch;
        std::map<std::string, std::string> terminals = {}; ///< SHA-256 of the bearer to its name
        Terminals* enrolled = nullptr; ///< those with a certificate, if the outlet has an authority
        NewcomerLimits newcomers = {}; ///< callers without a login
        Announce announce = {};        ///< none: calls have no voice
    };

    explicit Api(Parts parts);

    void addTo(net::Router& router);
    [[nodiscard]] const std::vector<Operation>& operations() const { return m_operations.all(); }
    /// POST /v1/branches/{b}/visits, for whoever has the request already.
    [[nodiscard]] net::Response takeNumber(const net::Request& request, const Caller& caller);
    [[nodiscard]] BookingApi& bookings() { return m_bookings; }
    /// The appointment of a customer's token, or nothing. Fails with Errc::Busy.
    [[nodiscard]] Result<std::optional<BookingApi::Known>> appointmentOf(std::string_view token);
    /// What the QR code of a visit or appointment says to a terminal.
    [[nodiscard]] std::string checkInCode(const std::string& id) const;

    struct Shown {
        domain::Visit visit;
        std::optional<domain::Outlook> outlook;
        domain::PreparedForm form =
            {}; ///< filled in online, of whoever booked; else without journey
    };
    /// What a customer's token leads to, of any day, or nothing.
    [[nodiscard]] Result<std::optional<Shown>> lookUp(std::string_view token);

private:
    void addEnrolment(net::Router& router);
    /// A visit of any day, or nothing.
    [[nodiscard]] Result<std::optional<Shown>> find(const std::string& id);
    net::Response readVisit(const net::Request& request, const Caller& caller);
    net::Response listVisits(const net::Request& request);
    net::Response speakCall(const net::Request& request);
    net::Response changeVisit(const net::Request& request, const Caller& caller,
                              domain::Trigger trigger);
    net::Response openSession(const net::Request& request, const Caller& caller);
    net::Response endSession(const net::Request& request, const Caller& caller);
    net::Response callNext(const net::Request& request, const Caller& caller);
    net::Response callVisit(const net::Request& request, const Caller& caller);
    static net::Response called(storage::StoreAnswer answer);
    net::Response businessDay(const net::Request& request, const Caller& caller);
    net::Response login(const net::Request& request);
    [[nodiscard]] net::Response metrics() const;

    Parts m_parts;
    Operations m_operations;
    Newcomers m_newcomers;
    RateLimits m_wrongCodes;
    BookingApi m_bookings;
    Enrolment m_enrolment;
};

/// The local date of the branch: the label of a business day that opens now.
[[nodiscard]] std::string dayLabel(const domain::BranchSettings& branch, Instant now);
/// The OpenAPI 3.1 document.
[[nodiscard]] const std::string& openApiDocument();

} // namespace guichet::queue::api
