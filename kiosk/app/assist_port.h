// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include <nlohmann/json.hpp>

#include "cloudbranch/assist/terminal_case.h"
#include "kiosk/app/assist_line.h"
#include "queue/client/client.h"

namespace guichet::kiosk {

/// Remote staff as the GUI thread sees them: one assist at a time, asked for, followed through cuts
/// of the line, and left. What was answered or written is said again until the hub has it on disk.
class AssistPort : public QObject {
    Q_OBJECT

public:
    explicit AssistPort(queue::Client::Config hub, QObject* parent = nullptr);
    ~AssistPort() override;
    /// The hub is asked with `hub` from the next assist on.
    void reconnect(queue::Client::Config hub) { m_hub = std::move(hub); }

    /// One key is one assist. A question under way is given up; the hub lets an assist that nobody
    /// follows go.
    void ask(const queue::AssistWish& wish, const std::string& key,
             std::function<void(const Result<std::string>& assist)> answer);
    /// Opens the line, unless it is this assist's already.
    void follow(const std::string& assist);
    /// Hangs up, or goes out of the line; said until the hub has heard it or a minute is over.
    void leave(const std::string& outcome);

    /// Empty: none is followed.
    [[nodiscard]] const std::string& assist() const { return m_assist; }
    [[nodiscard]] const assist::TerminalCase& known() const { return m_case; }
    [[nodiscard]] bool live() const { return m_line && m_line->live(); }

    void answer(const std::string& request, const std::string& outcome,
                const nlohmann::json& detail);
    /// One of both, see TerminalCase::say().
    void write(const std::string& text, const nlohmann::json& picture = {});
    /// False: the line is cut, and nothing was said.
    bool promiseCall(const std::string& contact);
    /// SDP, candidates, figures and pages: said now or not at all.
    bool say(const nlohmann::json& message);

signals:
    /// A new line: the hub may know nothing of what is only said, as of the page.
    void renewed();
    /// known() or live() has changed.
    void changed();
    /// What the seat wants of a guided recording.
    void guideSaid(const guichet::signalling::Signal& order);
    /// The call is about to be over: what belongs into its record must be said now.
    void ending();
    /// What staff asked for came to something.
    void answered(const guichet::assist::TerminalCase::Request& request,
                  const std::string& outcome);
    /// What the seat says to the media: answer, candidate, needOffer.
    void mediaSaid(const guichet::signalling::Signal& signal);
    /// The assist is no more; it is not followed any longer.
    void over();

private:
    void hear(const signalling::HubMessage& message);
    void drop();

    queue::Client::Config m_hub;
    std::string m_assist;
    assist::TerminalCase m_case;
    std::unique_ptr<AssistLine> m_line;
    std::uint64_t m_question = 0;
    std::jthread m_asking;
};

} // namespace guichet::kiosk
