// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "peripherals/base/error.h"

/// The form "ticket" that our receipt printer service has built in: what Printer.PrintForm
/// {"formName":"ticket","fields":{...}} carries. All words are in the customer's language already.
namespace guichet::xfs {

inline constexpr const char* kTicketForm = "ticket";

struct TicketForm {
    std::string ticketId;        ///< required; the ticket's id at the hub, never printed
    std::int64_t printIndex = 1; ///< required; 1, and one more for each deliberate reprint
    std::string outlet;          ///< top line
    std::string service;         ///< what the ticket is for
    std::string number;          ///< required; "A012", printed as large as the paper allows
    /// Label and value: people ahead, expected wait, time of issue. On the wire "label\tvalue".
    std::vector<std::pair<std::string, std::string>> rows;
    std::string code; ///< content of the QR code; empty: none
    std::vector<std::string> footer;
    bool large = false;        ///< in large letters; on the wire "letters": "large" or "standard"
    std::string language = {}; ///< of all these words, RFC 5646; empty: not said

    [[nodiscard]] bool operator==(const TicketForm&) const = default;
};

/// The `fields` member. All values are strings or arrays of strings, as the standard wants them.
[[nodiscard]] nlohmann::json ticketFields(const TicketForm& form);
/// Fails with Errc::Invalid, naming the field, for a missing, mistyped or oversized one.
[[nodiscard]] Result<TicketForm> ticketFromFields(const nlohmann::json& fields);

} // namespace guichet::xfs
