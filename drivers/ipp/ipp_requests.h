// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "peripherals/base/bytes.h"
#include "peripherals/classes/document_printer.h"

/// The requests we make, RFC 8010 (encoding) and RFC 8011 (model). Pure.
namespace guichet::ipp {

/// Whom and which request: the answer must carry the same id.
struct Address {
    std::string printerUri; ///< "ipp://192.0.2.7/ipp/print"
    int requestId = 1;
};

[[nodiscard]] Bytes encodeGetPrinter(const Address& to);
/// One A4 document, one copy, under the caller's name. Create-Job of RFC 8011 4.2.4.
[[nodiscard]] Bytes encodeCreateJob(const Address& to, std::string_view name, Sides sides);
/// The document follows the request; it is the job's last. RFC 8011 4.3.1.
[[nodiscard]] Bytes encodeSendDocument(const Address& to, int job, std::string_view name);
[[nodiscard]] Bytes encodeGetJob(const Address& to, int job);
enum class WhichJobs { NotCompleted, Completed };
/// Jobs of every user, at most a few hundred.
[[nodiscard]] Bytes encodeGetJobs(const Address& to, WhichJobs which);
[[nodiscard]] Bytes encodeCancelJob(const Address& to, int job);

} // namespace guichet::ipp
