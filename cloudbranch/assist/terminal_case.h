// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "cloudbranch/signalling/hub_message.h"

namespace guichet::assist {

/// What a terminal knows of its assist: how it stands, what was said, what staff want, and what of
/// its own words the hub has not on disk yet. Plain values; after a cut it takes the record of the
/// case up without doing anything twice.
class TerminalCase {
public:
    struct Request {
        std::string id;
        std::string kind; ///< "scan", "photo", "signature", "print", "form", "card", "confirm"
        nlohmann::json arguments = nlohmann::json::object();
        std::string by = {}; ///< the member of staff, by name at the hub

        [[nodiscard]] bool operator==(const Request&) const = default;
    };
    struct Approval {
        std::string step;
        bool ok = false;
        std::string reason;
        std::string by = {};

        [[nodiscard]] bool operator==(const Approval&) const = default;
    };
    struct Saying {
        bool own = false;
        std::string text; ///< empty: written by hand

        [[nodiscard]] bool operator==(const Saying&) const = default;
    };

    /// Takes what the hub says; what is about the media (answer, candidate, needOffer) is not its
    /// business and changes nothing.
    void hear(const signalling::HubMessage& message);

    /// Nothing before the hub has spoken.
    [[nodiscard]] const std::optional<signalling::AssistNews>& news() const { return m_news; }
    /// What staff have asked for and nobody has answered, in the order of asking.
    [[nodiscard]] const std::deque<Request>& requests() const { return m_requests; }
    /// Every approval and refusal since the case began, in order.
    [[nodiscard]] const std::vector<Approval>& approvals() const { return m_approvals; }
    [[nodiscard]] const std::vector<Saying>& sayings() const { return m_sayings; }

    /// The message that answers a request, to be sent now and, until it is kept, after every cut.
    std::string answer(const std::string& request, const std::string& outcome,
                       const nlohmann::json& detail);
    /// The same for what the customer writes, in letters or, with `picture` ({kind, mediaType,
    /// data}) instead of a text, by hand.
    std::string say(const std::string& id, const std::string& text,
                    const nlohmann::json& picture = {});
    /// What is to be sent again on a new line.
    [[nodiscard]] std::vector<std::string> unkept() const;

private:
    struct Own {
        signalling::SignalType type;
        nlohmann::json body;
    };
    std::string keep(signalling::SignalType type, nlohmann::json body);
    void take(const signalling::Signal& said);
    void drop(signalling::SignalType type, const nlohmann::json& body);

    std::optional<signalling::AssistNews> m_news;
    std::deque<Request> m_requests;
    std::vector<Approval> m_approvals;
    std::vector<Saying> m_sayings;
    std::vector<Own> m_unkept;
};

} // namespace guichet::assist
