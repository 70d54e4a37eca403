// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "peripherals/host/document_prints.h"
#include "peripherals/host/print_journal.h"
#include "peripherals/net/server.h"

namespace guichet::host {

inline constexpr const char* kPrintingPath = "/guichet/v1/printing";

/// A device that prints documents.
struct DocumentDesk {
    std::string device; ///< as in devices.toml
    HelperProcess* helper = nullptr;
    DocumentPrints* prints = nullptr;
};

/// Prints documents under an id of their client's making, and answers what became of a ticket or a
/// document. One document at a time a connection; closing the connection cancels it. Thread-safe.
class PrintingService {
public:
    /// The journals must outlive every connection.
    PrintingService(const PrintJournal& tickets, const PrintJournal& documents);
    PrintingService(const PrintingService&) = delete;
    PrintingService& operator=(const PrintingService&) = delete;

    /// Before the first connection; what it names must outlive every connection.
    void add(DocumentDesk desk);
    [[nodiscard]] net::SocketHandler handler();

private:
    class Core;
    std::shared_ptr<Core> m_core; ///< shared with connections, which may end later
};

} // namespace guichet::host
