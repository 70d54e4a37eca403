// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cloudbranch/guided/script.h"

namespace guichet::guided {

enum class Answer { Yes, No, Again };

/// What the terminal found out about the step that is under way.
struct Findings {
    bool recording = false; ///< all the time since the step began
    int faces = -1;         ///< that its camera sees now; below 0: nobody could tell
    bool sound = false;     ///< something was heard since the step began

    [[nodiscard]] bool operator==(const Findings&) const = default;
};

/// Why a step must be done again: what to do is chosen by it, in the words of whoever shows it.
enum class Flaw { NotRecorded, NoFace, Several, Silent, CameraAway };
[[nodiscard]] std::string_view name(Flaw flaw);

enum class Stage {
    Step,     ///< a step is shown, and goes on until whoever it belongs to has done it
    Done,     ///< every step is done, in order, with its checks
    Declined, ///< the customer said no where only yes leads on
    Stopped,  ///< by staff, or because the call ended
};
[[nodiscard]] std::string_view name(Stage stage);

/// One guided recording: which step it is, who may lead on, and what goes into the record. Staff
/// may lead on from what staff read, have a step done again, or stop; only the customer answers.
/// What comes too late, for another step or from the wrong one is refused and changes nothing.
/// Plain values: no I/O, no clock.
class Recording {
public:
    /// Who sells it, as the hub has checked it against the product.
    struct Seller {
        std::string id;
        std::vector<std::string> qualifications = {};
    };
    /// Errc::Denied: the seller lacks a qualification, which is named. Errc::Conflict: the case is
    /// not being recorded. Errc::Invalid: the script is not in this language.
    [[nodiscard]] static Result<Recording> begin(Script script, Seller seller, std::string language,
                                                 bool recording);

    [[nodiscard]] const Script& script() const { return m_script; }
    [[nodiscard]] Stage stage() const { return m_stage; }
    /// The step that is shown; the last one once all is over.
    [[nodiscard]] const Step& step() const { return m_script.steps[m_index]; }
    [[nodiscard]] std::size_t index() const { return m_index; }
    /// How often this step was begun.
    [[nodiscard]] int attempt() const { return m_attempt; }
    /// Why it was begun again; empty: it was not, or because somebody wished it.
    [[nodiscard]] const std::vector<Flaw>& flaws() const { return m_flaws; }
    [[nodiscard]] const std::string& language() const { return m_language; }

    /// Staff have read the sentence to its end. Errc::Denied: the step is not theirs.
    [[nodiscard]] Result<void> read(const std::string& step, const Findings& findings);
    /// The terminal has spoken it to its end. Errc::Denied: it was not the terminal's.
    [[nodiscard]] Result<void> spoken(const std::string& step, const Findings& findings);
    /// The customer's own press. Errc::Denied: the step is no question, but Answer::Again is theirs
    /// at every step.
    [[nodiscard]] Result<void> answer(const std::string& step, Answer answer,
                                      const Findings& findings);
    /// Staff want the step done again.
    [[nodiscard]] Result<void> repeat(const std::string& step);
    /// `why`: one word. Errc::Conflict: it is over.
    [[nodiscard]] Result<void> stop(const std::string& why);

    /// Lines for the case's log since this was asked last, in order: what began, each step with its
    /// attempt, text, answer and checks, and how it ended.
    [[nodiscard]] std::vector<nlohmann::json> entries();

private:
    Recording(Script script, Seller seller, std::string language);
    [[nodiscard]] Result<void> belongs(const std::string& step) const;
    void conclude(const Findings& findings, const char* by, std::optional<Answer> answer);
    void show(std::vector<Flaw> flaws);
    void end(Stage stage, const std::string& why);

    Script m_script;
    std::string m_language;
    Stage m_stage = Stage::Step;
    std::size_t m_index = 0;
    int m_attempt = 0;
    std::vector<Flaw> m_flaws;
    std::vector<nlohmann::json> m_entries;
};

/// What a seat and a page show of it: {script, version, names, stage, index, count, step, kind,
/// text, attempt, flaws}.
[[nodiscard]] nlohmann::json picture(const Recording& recording);

} // namespace guichet::guided
