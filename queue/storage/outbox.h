// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "queue/domain/command.h"
#include "queue/storage/database.h"

namespace guichet::queue::storage {

/// Something that a customer is to be told. What it says is made when it is sent, so that no name
/// or phone stands here.
struct OutboxItem {
    std::int64_t epoch = 1;
    std::int64_t sequence = 0; ///< of the log entry that it tells of; with the epoch its identity
    std::string kind = {};     ///< "appointment.booked"
    std::string subject = {};  ///< the appointment
    Instant created{};
    int attempts = 0;
};

/// Whether a customer with a phone is told of such a log entry.
[[nodiscard]] bool concernsCustomer(std::string_view eventType);

/// Written in the transaction of what it tells of.
[[nodiscard]] Result<void> addToOutbox(Database& database, const std::string& branch,
                                       std::int64_t epoch, const domain::LogEntry& entry);
/// What is due, oldest first, `most` of them. This and the next ones inside Store::rewrite.
[[nodiscard]] Result<std::vector<OutboxItem>>
dueInOutbox(Database& database, const std::string& branch, Instant now, std::int64_t most);
/// Delivered, or given up.
[[nodiscard]] Result<void> removeFromOutbox(Database& database, const std::string& branch,
                                            const OutboxItem& item);
[[nodiscard]] Result<void> postponeInOutbox(Database& database, const std::string& branch,
                                            const OutboxItem& item, Instant next);

} // namespace guichet::queue::storage
