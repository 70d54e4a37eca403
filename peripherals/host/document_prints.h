// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "peripherals/host/helper_process.h"
#include "peripherals/host/print_journal.h"
#include "peripherals/xfs/service.h"

namespace guichet::host {

/// The documents of one printer, each from its first record to its last: printed once, or found
/// again and accounted for. Thread-safe. The journal must outlive it, it must outlive the helpers.
class DocumentPrints {
public:
    explicit DocumentPrints(PrintJournal& journal);

    /// PrintNative of `data`, a PDF in base64. An id that is printed succeeds without printing, one
    /// that is lost is looked for at the printer and never sent again.
    void print(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job, const std::string& id);
    /// Asks the printer for those of which nobody knows how they ended; to be called when it
    /// answers. Returns at once.
    void lookForLost(HelperProcess& helper);

private:
    /// A question to the printer, and the commands that wait for its answer.
    struct Search {
        std::uint64_t operation = 0;
        std::vector<std::shared_ptr<xfs::Job>> jobs;
    };
    /// `job`, if it is one, ends with what is found; its stop cancels the document.
    void lookFor(HelperProcess& helper, const PrintAttempt& attempt,
                 const std::shared_ptr<xfs::Job>& job);
    void found(const PrintAttempt& attempt, const Result<nlohmann::json>& result);

    PrintJournal& m_journal;
    std::mutex m_mutex;
    std::map<std::string, Search> m_searches; ///< by document
};

/// What became of a document, in the words of a document printer: a voided one has "ended", some
/// of its pages may be out.
[[nodiscard]] std::string_view documentState(PrintState state);

} // namespace guichet::host
