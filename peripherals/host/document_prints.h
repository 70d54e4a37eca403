// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "peripherals/host/helper_process.h"
#include "peripherals/host/print_journal.h"

namespace guichet::host {

struct DocumentOrder {
    std::string id;   ///< see isDocumentId
    std::string data; ///< a PDF in base64
    /// For a person who mends the paper; 0: as long as the printer's helper grants.
    std::chrono::milliseconds repairLimit{};
};

/// What became of an order.
struct DocumentEnd {
    PrintState state = PrintState::Refused;
    std::optional<Error> error = {}; ///< why it was not printed; none if it was
};

/// The member `data` of a client's message, a PDF in base64. Errc::Invalid says why it is none.
[[nodiscard]] Result<std::string> documentIn(const nlohmann::json& members);

/// The documents of one printer, each from its first record to its last: printed once, or found
/// again and accounted for. Thread-safe. The journal must outlive it, it must outlive the helpers.
class DocumentPrints {
public:
    using OnEnd = std::function<void(const DocumentEnd&)>;

    explicit DocumentPrints(PrintJournal& journal);

    /// An id that is printed succeeds without printing, one that is lost is looked for at the
    /// printer and never sent again. `onEnd` is called once, perhaps before this returns. Returns
    /// the helper's operation, whose stop cancels the document; 0: there is none.
    std::uint64_t print(HelperProcess& helper, const DocumentOrder& order, OnEnd onEnd);
    /// Asks the printer for those of which nobody knows how they ended; to be called when it
    /// answers. Returns at once.
    void lookForLost(HelperProcess& helper);

private:
    /// A question to the printer, and who waits for its answer.
    struct Search {
        std::uint64_t operation = 0;
        std::vector<OnEnd> waiting;
    };
    std::uint64_t lookFor(HelperProcess& helper, const PrintAttempt& attempt, OnEnd onEnd);
    void found(const PrintAttempt& attempt, const Result<nlohmann::json>& result);

    PrintJournal& m_journal;
    std::mutex m_mutex;
    std::map<std::string, Search> m_searches; ///< by document
};

/// What became of a document, in the words of a document printer: a voided one has "ended", some
/// of its pages may be out.
[[nodiscard]] std::string_view documentState(PrintState state);

} // namespace guichet::host
