// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "peripherals/base/clock.h"

namespace guichet::kiosk {

/// What belongs into the chain of the case that is being recorded, beside picture and sound: said
/// to guichet-call, and kept in memory until that has it on the disk, so that nothing is lost when
/// it dies. Without a case nothing is kept. Thread-bound.
class CaseNotes {
public:
    /// A command of cloudbranch/call; false: nobody heard it. `clock` outlives it.
    using Say = std::function<bool(const nlohmann::json& command)>;
    CaseNotes(Say say, const Clock& clock);

    /// Which case is to be recorded, empty: none; and whether it is being recorded now. Another
    /// case, or none, forgets what was left of the one before.
    void setCase(const std::string& caseId, bool recording);
    /// The disk has it.
    void onKept(const std::string& id);

    /// The entry gets `at` and `entry`, its number, by which one that was said twice is known.
    void note(nlohmann::json entry);
    void attach(nlohmann::json entry, const char* mediaType, const QByteArray& content);
    /// Keeps the case at least so long; `running`: its time begins now.
    void retain(const std::string& name, std::int64_t months, bool running);
    /// The first entry of the case that the customer is just agreeing to; forgotten if none begins.
    void attachAtStart(nlohmann::json entry, const char* mediaType, const QByteArray& content);
    /// The customer is gone.
    void forgetStart() { m_start.reset(); }

    /// How much waits for the disk.
    [[nodiscard]] std::size_t waiting() const { return m_waiting.size(); }

private:
    [[nodiscard]] nlohmann::json entryCommand(nlohmann::json entry) const;
    void put(nlohmann::json command);

    Say m_say;
    const Clock& m_clock;
    std::string m_case;
    bool m_recording = false;
    std::uint64_t m_number = 0;
    std::deque<nlohmann::json> m_waiting; ///< commands with their ids
    std::optional<nlohmann::json> m_start;
};

} // namespace guichet::kiosk
