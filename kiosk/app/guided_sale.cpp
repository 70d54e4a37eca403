// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/guided_sale.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QLoggingCategory>
#include <algorithm>
#include <chrono>
#include <utility>

#include "kiosk/app/assist_port.h"
#include "kiosk/app/call_control.h"
#include "kiosk/app/case_watch.h"
#include "kiosk/app/device_port.h"
#include "kiosk/app/staff_link.h"
#include "kiosk/app/terminal_effects.h"

Q_LOGGING_CATEGORY(lcGuided, "kiosk.guided")

namespace guichet::kiosk {

using guided::Answer;
using guided::Recording;
using guided::Stage;
using nlohmann::json;

namespace {

constexpr std::chrono::seconds kLook{5};
constexpr double kHeardDb = -45; ///< speech before a terminal is louder, its silence is not

std::string word(const json& object, const char* member)
{
    const auto found = object.find(member);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// How many faces count, of what the face reader says; below 0: it could not tell.
int facesOf(const Result<FaceSeen>& seen)
{
    if (!seen && seen.error().code == Errc::Timeout) {
        return 0;
    }
    const auto facts = seen ? json::parse(seen->facts, nullptr, false) : json();
    const auto faces = facts.is_object() ? facts.find("faces") : facts.end();
    return faces != facts.end() && faces->is_number_integer() ? faces->get<int>() : -1;
}

} // namespace

GuidedSale::GuidedSale(const Parts& parts, QObject* parent)
    : QObject(parent)
    , m_parts(parts)
{
    connect(&parts.assist, &AssistPort::guideSaid, this, &GuidedSale::onGuide);
    connect(&parts.assist, &AssistPort::ending, this, [this] { stop("callEnded"); });
    connect(&parts.staff, &StaffLink::stepped, this, &GuidedSale::onStep);
    connect(&parts.staff, &StaffLink::changed, this, &GuidedSale::tellJourney);
    connect(&parts.call, &CallControl::changed, this,
            [this] { m_findings.recording = m_findings.recording && m_parts.call.recording(); });
    connect(&parts.call, &CallControl::sounded, this,
            [this](double level) { m_findings.sound = m_findings.sound || level > kHeardDb; });
    connect(&parts.effects, &TerminalEffects::forgotten, this, [this] {
        ++m_look;
        m_checking = false;
        m_recording.reset();
    });
    parts.effects.add(QStringLiteral("guided.press"),
                      [this](const QVariantMap& params, const Effects::Answer& answer) {
                          press(params, answer);
                      });
}

void GuidedSale::onGuide(const signalling::Signal& order)
{
    const auto what = word(order.body, "do");
    const auto step = word(order.body, "step");
    if (what == "begin") {
        begin(order);
    } else if (!m_recording) {
        tell();
    } else if (what == "stop") {
        stop("staff");
    } else if (m_checking) {
        return; // in a moment it is another step
    } else if (what == "goOn") {
        if (m_recording->step().id == step && m_recording->step().kind == guided::StepKind::Staff) {
            conclude(
                [this, step](const auto& findings) { return m_recording->read(step, findings); });
        } else {
            tell();
        }
    } else if (what == "repeat") {
        apply([this, step](const auto&) { return m_recording->repeat(step); }, m_findings);
    }
}

void GuidedSale::begin(const signalling::Signal& order)
{
    if (m_recording && m_recording->stage() == Stage::Step) {
        tell();
        return;
    }
    const auto refuse = [this](const Error& why) {
        qCWarning(lcGuided) << why.detail.c_str();
        m_parts.watch.notes().note({{"event", "guidedRefused"}, {"why", why.detail}});
        m_parts.assist.say(
            {{"type", "guided"},
             {"guided", {{"stage", "refused"}, {"why", std::string(name(why.code))}}}});
    };
    const auto document = order.body.value("document", json::object());
    auto script = guided::parseScript(document.value("script", json()).dump());
    if (!script) {
        refuse(script.error());
        return;
    }
    const auto seller = document.value("seller", json::object());
    const auto retention = script->retention;
    Recording::Seller who{word(seller, "id"), {}};
    const auto qualified = seller.find("qualifications");
    for (const auto& each : qualified == seller.end() ? json::array() : *qualified) {
        who.qualifications.push_back(each.is_string() ? each.get<std::string>() : std::string());
    }
    auto begun = Recording::begin(std::move(*script), std::move(who),
                                  m_parts.staff.language().toStdString(), m_parts.call.recording());
    if (!begun) {
        refuse(begun.error());
        return;
    }
    m_recording = std::move(*begun);
    m_parts.watch.retain(retention);
    tell();
}

void GuidedSale::press(const QVariantMap& params, const Effects::Answer& answer)
{
    m_parts.effects.later(answer, EffectResult::done());
    const auto what = params.value(QStringLiteral("press")).toString();
    const auto step = params.value(QStringLiteral("step")).toString().toStdString();
    if (!m_recording || m_checking || m_recording->step().id != step) {
        m_heard.clear(); // it waits for what comes of its press
        tellJourney();
    } else if (what == QLatin1String("stop")) {
        stop("customer");
    } else if (what == QLatin1String("again")) {
        apply(
            [this, step](const auto& findings) {
                return m_recording->answer(step, Answer::Again, findings);
            },
            m_findings);
    } else if (what == QLatin1String("heard")) {
        conclude(
            [this, step](const auto& findings) { return m_recording->spoken(step, findings); });
    } else if (what == QLatin1String("yes") || what == QLatin1String("no")) {
        const auto said = what == QLatin1String("yes") ? Answer::Yes : Answer::No;
        conclude([this, step, said](const auto& findings) {
            return m_recording->answer(step, said, findings);
        });
    }
}

void GuidedSale::conclude(Step step)
{
    const auto& checks = m_recording->step().checks;
    if (std::ranges::find(checks, guided::Check::OnePerson) == checks.end()) {
        apply(step, m_findings);
        return;
    }
    m_checking = true;
    tell();
    m_parts.devices.takeFace(
        kLook, [this, look = ++m_look, step = std::move(step)](const Result<FaceSeen>& seen) {
            if (look != m_look || !std::exchange(m_checking, false)) {
                return;
            }
            auto findings = m_findings;
            findings.faces = facesOf(seen);
            apply(step, findings);
        });
}

void GuidedSale::apply(const Step& step, const guided::Findings& findings)
{
    if (const auto done = step(findings); !done) {
        qCWarning(lcGuided) << done.error().detail.c_str();
    }
    tell();
}

void GuidedSale::stop(const char* why)
{
    if (m_recording && m_recording->stop(why)) {
        ++m_look;
        m_checking = false;
        tell();
    }
}

json GuidedSale::shown() const
{
    if (!m_recording) {
        return {{"stage", "stopped"}};
    }
    auto document = picture(*m_recording);
    const auto& flaws = m_recording->flaws();
    document["say"] = flaws.empty() ? document.at("kind") : json(name(flaws.front()));
    if (m_checking) {
        document["stage"] = "checking";
    }
    return document;
}

void GuidedSale::tell()
{
    if (m_recording) {
        std::pair begun{m_recording->step().id, m_recording->attempt()};
        if (m_begun != begun) {
            m_begun = std::move(begun);
            m_findings = {.recording = m_parts.call.recording()};
        }
        for (auto& entry : m_recording->entries()) {
            m_parts.watch.notes().note(std::move(entry));
        }
    }
    m_parts.assist.say({{"type", "guided"}, {"guided", shown()}});
    tellJourney();
}

void GuidedSale::onStep()
{
    const auto states = m_parts.staff.states();
    const bool under = states.contains(QLatin1String("guidedStep"));
    const bool over = !m_recording || m_recording->stage() != Stage::Step;
    if (under ? over : !over && states.contains(QLatin1String("together"))) {
        tellJourney(); // a request came between, or this is another process
    }
}

void GuidedSale::tellJourney()
{
    const auto states = m_parts.staff.states();
    const bool runs = m_recording && m_recording->stage() == Stage::Step;
    const bool under = states.contains(QLatin1String("guidedStep"));
    if (!under && !(runs && states.contains(QLatin1String("together")))) {
        return;
    }
    const auto document = shown();
    const auto data =
        QJsonDocument::fromJson(QByteArray::fromStdString(document.dump())).object().toVariantMap();
    if (data != m_heard || !under) {
        m_heard = data;
        m_parts.staff.tell(QStringLiteral("guided"), data);
    }
}

} // namespace guichet::kiosk
