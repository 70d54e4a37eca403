// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/guided/recording.h"

#include <algorithm>
#include <utility>

namespace guichet::guided {

using nlohmann::json;

namespace {

std::string listed(const std::vector<std::string>& words)
{
    std::string all;
    for (const auto& word : words) {
        all += (all.empty() ? "" : ", ") + word;
    }
    return all;
}

std::string_view name(Answer answer)
{
    return answer == Answer::Yes ? "yes" : answer == Answer::No ? "no" : "again";
}

json flawNames(const std::vector<Flaw>& flaws)
{
    auto names = json::array();
    for (const auto& flaw : flaws) {
        names.push_back(guided::name(flaw));
    }
    return names;
}

std::vector<Flaw> flawsOf(const Step& step, const Findings& findings)
{
    std::vector<Flaw> flaws;
    for (const auto check : step.checks) {
        if (check == Check::Recording && !findings.recording) {
            flaws.push_back(Flaw::NotRecorded);
        } else if (check == Check::OnePerson && findings.faces != 1) {
            flaws.push_back(findings.faces < 0    ? Flaw::CameraAway
                            : findings.faces == 0 ? Flaw::NoFace
                                                  : Flaw::Several);
        } else if (check == Check::Sound && !findings.sound) {
            flaws.push_back(Flaw::Silent);
        }
    }
    return flaws;
}

} // namespace

std::string_view name(Flaw flaw)
{
    switch (flaw) {
    case Flaw::NotRecorded:
        return "notRecorded";
    case Flaw::NoFace:
        return "noFace";
    case Flaw::Several:
        return "several";
    case Flaw::Silent:
        return "silent";
    case Flaw::CameraAway:
        break;
    }
    return "cameraAway";
}

std::string_view name(Stage stage)
{
    switch (stage) {
    case Stage::Step:
        return "step";
    case Stage::Done:
        return "done";
    case Stage::Declined:
        return "declined";
    case Stage::Stopped:
        break;
    }
    return "stopped";
}

Recording::Recording(Script script, Seller seller, std::string language)
    : m_script(std::move(script))
    , m_language(std::move(language))
{
    m_entries.push_back({{"event", "guidedBegun"},
                         {"script", m_script.id},
                         {"version", m_script.version},
                         {"product", m_script.product.id},
                         {"needs", m_script.product.qualifications},
                         {"seller", seller.id},
                         {"qualifications", seller.qualifications},
                         {"language", m_language}});
    show({});
}

Result<Recording> Recording::begin(Script script, Seller seller, std::string language,
                                   bool recording)
{
    if (const auto lacking = missing(script.product, seller.qualifications); !lacking.empty()) {
        return fail(Errc::Denied, "guided recording: " + seller.id + " lacks " + listed(lacking) +
                                      " for " + script.product.id);
    }
    if (!recording) {
        return fail(Errc::Conflict, "guided recording: the case is not being recorded");
    }
    if (script.steps.empty() || std::ranges::count(script.languages, language) == 0) {
        return fail(Errc::Invalid, "guided recording: script " + script.id + " is not in " +
                                       language + ", want one of " + listed(script.languages));
    }
    return Recording(std::move(script), std::move(seller), std::move(language));
}

Result<void> Recording::belongs(const std::string& step) const
{
    if (m_stage != Stage::Step) {
        return fail(Errc::Conflict, "guided recording: it is over, " + std::string(name(m_stage)));
    }
    if (this->step().id != step) {
        return fail(Errc::Conflict, "guided recording: step " + this->step().id +
                                        " is under way, not " + step.substr(0, 64));
    }
    return {};
}

Result<void> Recording::read(const std::string& step, const Findings& findings)
{
    if (auto fits = belongs(step); !fits) {
        return fits;
    }
    if (this->step().kind != StepKind::Staff) {
        return fail(Errc::Denied, "guided recording: step " + step +
                                      " is not for staff to read; who it belongs to leads on");
    }
    conclude(findings, "staff", std::nullopt);
    return {};
}

Result<void> Recording::spoken(const std::string& step, const Findings& findings)
{
    if (auto fits = belongs(step); !fits) {
        return fits;
    }
    if (this->step().kind != StepKind::Kiosk) {
        return fail(Errc::Denied, "guided recording: step " + step + " is not the terminal's");
    }
    conclude(findings, "kiosk", std::nullopt);
    return {};
}

Result<void> Recording::answer(const std::string& step, Answer answer, const Findings& findings)
{
    if (auto fits = belongs(step); !fits) {
        return fits;
    }
    if (answer == Answer::Again) {
        m_entries.push_back({{"event", "guidedAgain"}, {"step", step}, {"by", "customer"}});
        show({});
        return {};
    }
    if (this->step().kind != StepKind::Question) {
        return fail(Errc::Denied, "guided recording: step " + step + " is no question");
    }
    conclude(findings, "customer", answer);
    return {};
}

Result<void> Recording::repeat(const std::string& step)
{
    if (auto fits = belongs(step); !fits) {
        return fits;
    }
    m_entries.push_back({{"event", "guidedAgain"}, {"step", step}, {"by", "staff"}});
    show({});
    return {};
}

Result<void> Recording::stop(const std::string& why)
{
    if (m_stage != Stage::Step) {
        return fail(Errc::Conflict, "guided recording: it is over, " + std::string(name(m_stage)));
    }
    end(Stage::Stopped, why);
    return {};
}

/// The step was done; whether it counts is what was found out about it.
void Recording::conclude(const Findings& findings, const char* by, std::optional<Answer> answer)
{
    auto flaws = flawsOf(step(), findings);
    json entry{{"event", "guidedStep"},
               {"step", step().id},
               {"attempt", m_attempt},
               {"by", by},
               {"recording", findings.recording},
               {"faces", findings.faces},
               {"sound", findings.sound},
               {"flaws", flawNames(flaws)}};
    if (answer) {
        entry["answer"] = name(*answer);
    }
    m_entries.push_back(std::move(entry));
    if (!flaws.empty()) {
        show(std::move(flaws));
        return;
    }
    if (step().wanted == Wanted::Yes && answer == Answer::No) {
        end(Stage::Declined, step().id);
        return;
    }
    if (m_index + 1 == m_script.steps.size()) {
        end(Stage::Done, "");
        return;
    }
    ++m_index;
    m_attempt = 0;
    show({});
}

void Recording::show(std::vector<Flaw> flaws)
{
    ++m_attempt;
    m_flaws = std::move(flaws);
    m_entries.push_back({{"event", "guidedShown"},
                         {"step", step().id},
                         {"kind", name(step().kind)},
                         {"attempt", m_attempt},
                         {"text", step().text.at(m_language)}});
}

void Recording::end(Stage stage, const std::string& why)
{
    m_stage = stage;
    m_flaws.clear();
    m_entries.push_back({{"event", "guidedEnded"},
                         {"outcome", name(stage)},
                         {"why", why},
                         {"script", m_script.id},
                         {"version", m_script.version}});
}

std::vector<json> Recording::entries()
{
    return std::exchange(m_entries, {});
}

json picture(const Recording& recording)
{
    const auto& script = recording.script();
    const auto& step = recording.step();
    return {{"script", script.id},
            {"version", script.version},
            {"name", script.names.at(recording.language())},
            {"product", script.product.names.at(recording.language())},
            {"stage", name(recording.stage())},
            {"index", recording.index()},
            {"count", script.steps.size()},
            {"step", step.id},
            {"kind", name(step.kind)},
            {"text", step.text.at(recording.language())},
            {"attempt", recording.attempt()},
            {"flaws", flawNames(recording.flaws())}};
}

} // namespace guichet::guided
