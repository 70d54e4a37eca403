// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "peripherals/host/print_journal.h"
#include "peripherals/net/server.h"

namespace guichet::host {

inline constexpr const char* kPrintingPath = "/guichet/v1/printing";

/// Answers what became of an attempt to print a ticket or a document. The journals must outlive the
/// handler.
[[nodiscard]] net::SocketHandler printingHandler(const PrintJournal& tickets,
                                                 const PrintJournal& documents);

} // namespace guichet::host
