// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "peripherals/base/error.h"
#include "peripherals/host/helper_process.h"

namespace guichet::host {

/// The card readers of this terminal, for whoever reads a page and wants the chip of its document.
/// Thread-safe.
class ChipReaders {
public:
    struct Reader {
        HelperProcess* helper = nullptr;
        std::string publicKey; ///< to which a zone is sealed for it
    };

    /// The helper must outlive every find() and what is done with it.
    void add(const std::string& device, HelperProcess& helper);
    /// Of the helper process that runs now; empty: it ended.
    void zoneRecipient(const std::string& device, const std::string& publicKey);
    /// Errc::Disconnected with Wait: there is no such reader, or its helper is not up.
    [[nodiscard]] Result<Reader> find(const std::string& device) const;

private:
    mutable std::mutex m_mutex;
    std::map<std::string, HelperProcess*> m_helpers;
    std::map<std::string, std::string> m_publicKeys; ///< some known before their helper is
};

} // namespace guichet::host
