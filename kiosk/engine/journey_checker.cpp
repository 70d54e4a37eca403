// SPDX-License-Identifier: Apache-2.0
#include "kiosk/engine/journey_checker.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSet>
#include <deque>
#include <functional>
#include <vector>

#include "kiosk/engine/journey_machine.h"
#include "kiosk/engine/pages.h"

namespace guichet::kiosk {

namespace {

constexpr Remedy kRemedies[] = {
    Remedy::None,           Remedy::Retry,     Remedy::InsertCard, Remedy::ReinsertCard,
    Remedy::RemoveCard,     Remedy::TakePaper, Remedy::CloseCover, Remedy::ReloadPaper,
    Remedy::ReconnectCable, Remedy::Wait,      Remedy::CallStaff,
};

QString nameOf(Remedy remedy)
{
    const auto text = name(remedy);
    return QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
}

QList<QVariantMap> maps(const QVariant& list)
{
    QList<QVariantMap> all;
    for (const auto& each : list.toList()) {
        all.append(each.toMap());
    }
    return all;
}

/// What is filled in where a journey is walked: on a form page of its own, and in a form with a
/// name.
QList<QVariantMap> pageSamples(const Journey& journey, const QString& state)
{
    return maps(journey.samples.value(QStringLiteral("forms")).toMap().value(state));
}
QList<QVariantMap> formSamples(const Journey& journey, const QString& form)
{
    return maps(journey.samples.value(QStringLiteral("form.") + form));
}

/// What is wrong as written.
class Reading {
public:
    Reading(const Journey& journey, QStringList& problems)
        : m_journey(journey)
        , m_problems(problems)
    {
    }

    void run()
    {
        m_problems += m_journey.flaws;
        for (const auto& state : m_journey.states) {
            if (state.page) {
                checkPage(state);
            }
            for (const auto& send : state.sends) {
                checkEffect(state, send.mid(3));
            }
            if (state.leaf && !state.final && inTask(state) && !passedThrough(state)) {
                checkStep(state);
            }
        }
        checkTexts();
    }

private:
    void problem(const StateSpec& state, const QString& what)
    {
        m_problems.append(state.id + QStringLiteral(": ") + what);
    }

    [[nodiscard]] bool inTask(const StateSpec& state) const
    {
        return anyAncestor(state, [](const StateSpec& s) { return s.id == QLatin1String("task"); });
    }
    [[nodiscard]] static bool passedThrough(const StateSpec& state)
    {
        return std::any_of(state.transitions.begin(), state.transitions.end(),
                           [](auto& t) { return t.events.isEmpty() && t.condition.isEmpty(); });
    }
    [[nodiscard]] bool anyAncestor(const StateSpec& state,
                                   const std::function<bool(const StateSpec&)>& test) const
    {
        for (const auto* at = &state; at != nullptr; at = m_journey.state(at->parent)) {
            if (test(*at)) {
                return true;
            }
        }
        return false;
    }
    [[nodiscard]] bool hears(const StateSpec& state, const QString& event) const
    {
        return anyAncestor(state, [&](const StateSpec& s) {
            return std::any_of(s.transitions.begin(), s.transitions.end(),
                               [&](auto& t) { return t.events.contains(event); });
        });
    }
    [[nodiscard]] bool anyoneHears(const QString& event) const
    {
        return std::any_of(m_journey.states.begin(), m_journey.states.end(),
                           [&](auto& state) { return hears(state, event); });
    }

    void checkStep(const StateSpec& state)
    {
        if (!state.page) {
            problem(state, QStringLiteral("no page"));
        }
        for (const auto* needed : {"user.cancel", "session.timeout"}) {
            const auto event = QString::fromLatin1(needed);
            if (!hears(state, event)) {
                problem(state, QStringLiteral("does not hear ") + event);
            }
        }
        if (!anyoneHears(QStringLiteral("user.help"))) {
            problem(state, QStringLiteral("no assist path"));
        }
    }

    void checkPage(const StateSpec& state)
    {
        static const QStringList levels{
            QStringLiteral("none"),        QStringLiteral("ticketHolder"),
            QStringLiteral("cardPresent"), QStringLiteral("identityDocument"),
            QStringLiteral("faceChecked"), QStringLiteral("bankApp"),
            QStringLiteral("oneTimeCode"), QStringLiteral("pin")};
        if (!levels.contains(state.assurance)) {
            problem(state, QStringLiteral("no assurance level"));
        }
        checkForm(state);
        for (const auto& fact : state.page->facts) {
            for (const auto& key : {fact.label, fact.text}) {
                if (!key.isEmpty() && !key.contains(QLatin1Char('{')) &&
                    !m_journey.texts.contains(key)) {
                    problem(state, QStringLiteral("no text ") + key);
                }
            }
        }
        auto buttons = state.page->choices;
        if (state.page->primary) {
            buttons.append(*state.page->primary);
        }
        if (state.page->back) {
            buttons.append(*state.page->back);
        }
        if (state.page->more) {
            buttons.append(*state.page->more);
            if (!m_journey.dataNames.contains(QStringLiteral("choicesPage"))) {
                problem(state, QStringLiteral("<g:more> turns the pages of choicesPage"));
            }
        } else if (!state.page->choicesFrom.isEmpty()) {
            problem(state, QStringLiteral("choices that do not fit need <g:more>"));
        }
        for (const auto& button : buttons) {
            if (!hears(state, QStringLiteral("user.") + button.event) &&
                !anyoneHears(QStringLiteral("user.") + button.event) &&
                !hears(state, QStringLiteral("user"))) {
                problem(state, QStringLiteral("nobody hears the button ") + button.event);
            }
            if (!m_journey.texts.contains(button.text)) {
                problem(state, QStringLiteral("no text ") + button.text);
            }
        }
    }

    /// What a form page shows, says of a wrong field, and is walked with.
    void checkForm(const StateSpec& state)
    {
        const auto& page = *state.page;
        if (page.kind != PageKind::Form) {
            return;
        }
        if (!page.form.isEmpty()) {
            const auto& named = m_journey.form.named();
            for (auto form = named.begin(); form != named.end(); ++form) {
                checkFields(state, form.value());
                checkSamples(state, form.value(), formSamples(m_journey, form.key()));
            }
            return;
        }
        checkFields(state, page.fields);
        checkSamples(state, page.fields, pageSamples(m_journey, state.id));
    }

    void checkFields(const StateSpec& state, const QStringList& fields)
    {
        for (const auto& name : fields) {
            const auto* field = m_journey.form.field(name);
            if (field == nullptr) {
                problem(state, QStringLiteral("form.json has no field ") + name);
                continue;
            }
            QStringList keys{QString(), QStringLiteral("missing"), QStringLiteral("wrong")};
            if (!field->repeats.isEmpty()) {
                keys.append(QStringLiteral("different"));
            }
            keys += field->options;
            for (const auto& key : keys) {
                const auto whole = QStringLiteral("form.") + name +
                                   (key.isEmpty() ? QString() : QLatin1Char('.') + key);
                if (!m_journey.texts.contains(whole)) {
                    problem(state, QStringLiteral("no text ") + whole);
                }
            }
        }
    }

    void checkSamples(const StateSpec& state, const QStringList& fields,
                      const QList<QVariantMap>& samples)
    {
        bool right = false;
        bool wrong = false;
        for (const auto& sample : samples) {
            const bool good = m_journey.form.check(Form::kept(sample, fields), fields).isEmpty();
            (good ? right : wrong) = true;
        }
        if (fields.isEmpty() || !state.page->primary || !right || !wrong) {
            problem(state, QStringLiteral("a form has fields, <g:primary>, and among the samples' "
                                          "\"forms\" one that is right and one that is wrong; so "
                                          "has each of x-forms, as \"form.<name>\""));
        }
    }

    void checkEffect(const StateSpec& state, const QString& effect)
    {
        if (!hears(state, QStringLiteral("done.") + effect)) {
            problem(state, QStringLiteral("does not hear done.") + effect);
        }
        if (effect != QLatin1String("timer") && !hears(state, QStringLiteral("error.") + effect)) {
            problem(state, QStringLiteral("does not hear error.") + effect);
        }
    }

    void checkTexts()
    {
        static const QRegularExpression placeholder(QStringLiteral("\\{[A-Za-z.]+\\}"));
        const auto parts = [&](const QString& text) {
            QSet<QString> found;
            auto matches = placeholder.globalMatch(text);
            while (matches.hasNext()) {
                found.insert(matches.next().captured());
            }
            return found;
        };
        for (auto entry = m_journey.texts.begin(); entry != m_journey.texts.end(); ++entry) {
            for (const auto& language : m_journey.languages) {
                if (entry->value(language).isEmpty()) {
                    m_problems.append(
                        QStringLiteral("text %1: missing in %2").arg(entry.key(), language));
                } else if (parts(entry->value(language)) != parts(entry->begin().value())) {
                    m_problems.append(QStringLiteral("text %1: other placeholders in %2")
                                          .arg(entry.key(), language));
                }
            }
        }
    }

    const Journey& m_journey;
    QStringList& m_problems;
};

class ScriptedEffects final : public Effects {
public:
    struct Call {
        QString name;
        QString timer;
        int op;
        Answer answer;
    };
    void perform(const QString& name, int op, const QVariantMap& params, Answer answer) override
    {
        open.push_back(
            {name, params.value(QStringLiteral("name")).toString(), op, std::move(answer)});
    }
    void forgetAll() override { open.clear(); }
    std::vector<Call> open;
};

/// A line in which the customer stands.
const Live kLive{.line = {{QStringLiteral("stage"), QStringLiteral("place")},
                          {QStringLiteral("ahead"), 2},
                          {QStringLiteral("minutes"), 3}}};

class NoJournal final : public Journal {
public:
    void append(const QByteArray&, Durable durable) override { durable({}); }
    void wipe(Durable durable) override { durable({}); }
};

/// One thing that can happen to a customer.
struct Move {
    enum class Kind { Press, Hear, Succeed, Fail, FailUnknown };
    Kind kind = Kind::Press;
    QString name;  ///< of the button's event, of what staff say, or of the effect
    QString value; ///< of the button; of a timer, which one
    Remedy remedy = Remedy::None;
    QVariantMap data; ///< of an effect that succeeds, or of what staff say

    [[nodiscard]] bool failed() const { return kind == Kind::Fail || kind == Kind::FailUnknown; }
    [[nodiscard]] QString text() const
    {
        switch (kind) {
        case Kind::Press:
            return QStringLiteral("press ") + name + QLatin1Char(' ') + value;
        case Kind::Hear:
            return QStringLiteral("staff say ") + name;
        case Kind::Succeed:
            return name + QLatin1Char(' ') + value + QStringLiteral(" done");
        case Kind::Fail:
            return name + QStringLiteral(" fails: ") + nameOf(remedy);
        case Kind::FailUnknown:
            return name + QStringLiteral(" fails, outcome unknown: ") + nameOf(remedy);
        }
        return {};
    }
};

/// How a stand is reached.
struct Path {
    QVariantMap settings; ///< what another journey handed over
    QList<Move> moves;
};

/// One walk from the first page. The regions do not know each other: while somebody helps, only
/// what is about help is walked, and the task where nobody does.
class Walk {
public:
    Walk(const Journey& journey, const Path& path)
        : m_journey(journey)
    {
        auto loaded = JourneyMachine::load(journey, path.settings, m_effects, m_journal);
        if (!loaded) {
            return;
        }
        m_machine = std::move(*loaded);
        QObject::connect(m_machine.get(), &JourneyMachine::ended, m_machine.get(),
                         [this] { m_ended = true; });
        m_machine->start();
        settle();
        for (const auto& move : path.moves) {
            make(move);
        }
    }

    [[nodiscard]] bool loaded() const { return m_machine != nullptr; }
    [[nodiscard]] bool ended() const { return m_ended; }
    [[nodiscard]] Page page(const QString& language) const
    {
        auto data = m_machine->data();
        data.insert(QStringLiteral("language"), language);
        return composePage(m_journey, m_machine->activeStates(), data, kLive);
    }
    [[nodiscard]] Page page() const { return page(m_journey.languages.value(0)); }
    /// What makes one stand differ from another for a customer.
    [[nodiscard]] QString stand() const
    {
        if (m_ended) {
            return QStringLiteral("ended");
        }
        if (const auto helped = helpStates(); !helped.isEmpty()) { // wherever the task stands
            const auto shown = page();
            const bool covers = helped.contains(shown.id) || shown.countdownSeconds > 0;
            return QStringLiteral("helped|") + helped.join(QLatin1Char(',')) + QLatin1Char('|') +
                   (covers ? shown.title + shown.subtitle : staffMay().join(QLatin1Char(',')));
        }
        const auto data = m_machine->data();
        return m_machine->activeStates().join(QLatin1Char(',')) + QLatin1Char('|') + page().title +
               page().subtitle + QLatin1Char('|') +
               data.value(QStringLiteral("homeward")).toString();
    }

    [[nodiscard]] QList<Move> moves() const
    {
        QList<Move> all;
        const auto shown = page();
        const auto helped = helpStates();
        if (!helped.isEmpty()) {
            addStaff(all);
        }
        if (!helped.isEmpty() && !helped.contains(shown.id) && shown.countdownSeconds == 0) {
            all.append({Move::Kind::Press, QStringLiteral("help")});
            addEffects(all, shown, true);
            return all;
        }
        for (const auto& choice : shown.choices) {
            if (choice.enabled) {
                all.append({Move::Kind::Press, choice.event, choice.value});
            }
        }
        if (shown.primary && shown.kind == PageKind::Form) {
            for (const auto& sample : samplesOf(shown.id)) {
                all.append({Move::Kind::Press, shown.primary->event,
                            QString::fromUtf8(QJsonDocument(QJsonObject::fromVariantMap(sample))
                                                  .toJson(QJsonDocument::Compact))});
            }
        } else if (shown.primary && shown.primary->enabled) {
            all.append({Move::Kind::Press, shown.primary->event, shown.primary->value});
        }
        if (shown.back) {
            all.append({Move::Kind::Press, shown.back->event, shown.back->value});
        }
        if (shown.help) {
            all.append({Move::Kind::Press, QStringLiteral("help")});
        }
        addEffects(all, shown, !helped.isEmpty());
        return all;
    }

    void make(const Move& move)
    {
        if (m_ended) {
            return;
        }
        if (move.kind == Move::Kind::Press) {
            m_machine->submit(move.name, move.value);
            settle();
            return;
        }
        if (move.kind == Move::Kind::Hear) {
            m_machine->hear(move.name, move.data);
            settle();
            return;
        }
        for (auto call = m_effects.open.rbegin(); call != m_effects.open.rend(); ++call) {
            if (call->name == move.name && (move.value.isEmpty() || call->timer == move.value)) {
                const auto answer = std::move(call->answer);
                m_effects.open.erase(std::next(call).base());
                answer(
                    move.kind == Move::Kind::Succeed
                        ? EffectResult::done(move.data)
                        : EffectResult::failed(move.remedy, move.kind == Move::Kind::FailUnknown));
                settle();
                return;
            }
        }
    }

private:
    /// Active states of the region `assist` while somebody was asked for.
    [[nodiscard]] QStringList helpStates() const
    {
        QStringList helped;
        for (const auto& id : m_machine->activeStates()) {
            const auto* state = m_journey.state(id);
            while (state != nullptr && state->id != QLatin1String("assist")) {
                state = m_journey.state(state->parent);
            }
            if (state != nullptr && id != state->id && id != QLatin1String("unasked")) {
                helped.append(id);
            }
        }
        return helped;
    }

    /// What staff may say wherever it is heard, and the call's own button.
    void addStaff(QList<Move>& all) const
    {
        const auto states = m_machine->activeStates();
        const bool together = states.contains(QLatin1String("together"));
        if (!together && !states.contains(QLatin1String("guided"))) {
            return;
        }
        all.append({Move::Kind::Press, QStringLiteral("assistEnd")});
        auto names = QStringList(QStringLiteral("guided"));
        if (together) {
            all.append({Move::Kind::Press, QStringLiteral("assistWrite")});
            names += {QStringLiteral("request"), QStringLiteral("approve")};
        }
        for (const auto& name : std::as_const(names)) {
            for (const auto& data : answersOf(QStringLiteral("staff.") + name)) {
                all.append({Move::Kind::Hear, name, {}, {}, data});
            }
        }
        for (const auto& form : m_journey.form.named().keys()) {
            all.append({Move::Kind::Hear,
                        QStringLiteral("request"),
                        {},
                        {},
                        {{QStringLiteral("request"), QStringLiteral("form.") + form},
                         {QStringLiteral("kind"), QStringLiteral("form")},
                         {QStringLiteral("form"), form}}});
        }
    }

    /// What staff may have filled in and printed where the task stands.
    [[nodiscard]] QStringList staffMay() const
    {
        const auto data = m_machine->data();
        return data.value(QStringLiteral("staffForms")).toStringList() +
               data.value(QStringLiteral("staffPrints")).toStringList();
    }

    [[nodiscard]] QList<QVariantMap> samplesOf(const QString& state) const
    {
        const auto* spec = m_journey.state(state);
        return spec->page->form.isEmpty()
                   ? pageSamples(m_journey, state)
                   : formSamples(m_journey, formOf(*spec->page, m_machine->data()));
    }

    void addEffects(QList<Move>& all, const Page& shown, bool helped) const
    {
        const auto data = m_machine->data();
        const auto isHelps = [&](const ScriptedEffects::Call& call) {
            return call.op == data.value(QStringLiteral("assistOp")).toInt() ||
                   call.op == data.value(QStringLiteral("requestOp")).toInt() ||
                   call.op == data.value(QStringLiteral("guidedOp")).toInt();
        };
        QSet<QString> seen;
        for (auto call = m_effects.open.rbegin(); call != m_effects.open.rend(); ++call) {
            const auto key = call->name + call->timer;
            if (seen.contains(key) ||
                (helped && !isHelps(*call) && call->timer != QLatin1String("presence"))) {
                continue;
            }
            seen.insert(key);
            for (const auto& answer : answersOf(call->name)) {
                all.append({Move::Kind::Succeed, call->name, call->timer, {}, answer});
            }
            const bool covered = shown.kind == PageKind::Call || shown.countdownSeconds > 0;
            if (call->name == QLatin1String("timer") || (covered && !isHelps(*call))) {
                continue;
            }
            for (const auto remedy : kRemedies) {
                all.append({Move::Kind::Fail, call->name, {}, remedy});
            }
            if (call->name.startsWith(QLatin1String("print."))) {
                all.append({Move::Kind::FailUnknown, call->name, {}, Remedy::CallStaff});
            }
        }
    }

    [[nodiscard]] QList<QVariantMap> answersOf(const QString& effect) const
    {
        const auto sample = m_journey.samples.value(effect);
        if (sample.typeId() != QMetaType::QVariantList) {
            return {sample.toMap()};
        }
        QList<QVariantMap> answers;
        for (const auto& each : sample.toList()) {
            answers.append(each.toMap());
        }
        return answers;
    }

    void settle()
    {
        while (!m_ended && !m_machine->settled()) {
            QCoreApplication::processEvents(QEventLoop::AllEvents);
        }
    }

    const Journey& m_journey;
    ScriptedEffects m_effects;
    NoJournal m_journal;
    std::unique_ptr<JourneyMachine> m_machine;
    bool m_ended = false;
};

/// Every stand that a customer can be brought to, and what is wrong there.
class Execution {
public:
    Execution(const Journey& journey, JourneyFindings& findings)
        : m_journey(journey)
        , m_findings(findings)
    {
    }

    void run()
    {
        constexpr int kMostStands = 600;
        visit({});
        for (const auto& fields : m_journey.samples.value(QStringLiteral("handed")).toList()) {
            visit({{{QStringLiteral("handed"), true}, {QStringLiteral("fields"), fields}}, {}});
        }
        while (!m_todo.empty()) {
            if (m_findings.situations > kMostStands) {
                m_findings.problems.append(QStringLiteral("too many stands to walk them all"));
                return;
            }
            const auto& stand = m_stands[m_todo.front()];
            if (stand.left.isEmpty()) {
                m_todo.pop_front();
            } else {
                visit(stand.path);
            }
        }
        if (!m_canEnd) {
            m_findings.problems.append(QStringLiteral("no walk ever ends the session"));
        }
    }

private:
    /// Goes on from the end of `path` for as long as there is something new to do there. What is
    /// left over at a stand is done when its turn comes.
    void visit(Path path)
    {
        Walk walk(m_journey, path);
        if (!walk.loaded()) {
            m_findings.problems.append(QStringLiteral("the document does not load"));
            return;
        }
        while (!walk.ended()) {
            const auto name = walk.stand();
            if (!m_stands.contains(name)) {
                ++m_findings.situations;
                look(walk, path);
                m_stands.insert(name, {path, walk.moves()});
                m_todo.push_back(name);
            }
            auto& stand = m_stands[name];
            if (path.moves.size() < stand.path.moves.size()) {
                stand.path = path;
            }
            if (stand.left.isEmpty()) {
                return;
            }
            const auto move = stand.left.takeFirst();
            path.moves.append(move);
            m_findings.faults += move.failed() ? 1 : 0;
            walk.make(move);
        }
        m_canEnd = true;
    }

    void look(const Walk& walk, const Path& path)
    {
        const auto page = walk.page();
        QStringList steps;
        for (const auto& move : path.moves) {
            steps.append(move.text());
        }
        const auto problem = [&](const QString& what) {
            m_findings.problems.append(QStringLiteral("%1: %2 (after: %3)")
                                           .arg(page.id, what, steps.join(QStringLiteral("; "))));
        };
        if (page.id.isEmpty()) {
            problem(QStringLiteral("no page is shown"));
        }
        const bool button = page.primary.has_value() || page.back.has_value() ||
                            std::any_of(page.choices.begin(), page.choices.end(),
                                        [](const Choice& choice) { return choice.enabled; });
        if (!button && !page.busy) {
            problem(QStringLiteral("no way on"));
        }
        if (page.busy && walk.moves().isEmpty()) {
            problem(QStringLiteral("waits for nothing"));
        }
        for (const auto& language : m_journey.languages) {
            const auto said = walk.page(language);
            if (said.title.isEmpty() || said.subtitle.isEmpty()) {
                problem(QStringLiteral("says nothing in ") + language);
            }
        }
    }

    const Journey& m_journey;
    JourneyFindings& m_findings;
    struct Stand {
        Path path;        ///< the shortest that was found
        QList<Move> left; ///< what was not done there yet
    };
    QHash<QString, Stand> m_stands;
    std::deque<QString> m_todo; ///< names of stands, in the order in which they were found
    bool m_canEnd = false;
};

} // namespace

QStringList readJourney(const Journey& journey)
{
    QStringList problems;
    Reading(journey, problems).run();
    problems.removeDuplicates();
    return problems;
}

QStringList checkLinks(const Journeys& journeys)
{
    QStringList problems;
    for (const auto& [task, journey] : journeys) {
        for (const auto& next : journey.leadsTo) {
            if (!journeys.contains(next)) {
                problems.append(
                    QStringLiteral("%1: leads to %2, which does not exist").arg(task, next));
            }
        }
    }
    problems.removeDuplicates();
    return problems;
}

JourneyFindings checkJourney(const Journey& journey)
{
    JourneyFindings findings;
    findings.problems = readJourney(journey);
    Execution(journey, findings).run();
    findings.problems.removeDuplicates();
    return findings;
}

} // namespace guichet::kiosk
