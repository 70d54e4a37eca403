// SPDX-License-Identifier: Apache-2.0
#include "kiosk/engine/journey.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QXmlStreamReader>
#include <algorithm>

namespace guichet::kiosk {

namespace {

const QString kScxml = QStringLiteral("http://www.w3.org/2005/07/scxml");
const QString kNext = QStringLiteral("next");
const QString kDocument = QStringLiteral("/journey.scxml");
const QString kPartFile = QStringLiteral(".xml");
const QString kForm = QStringLiteral("/form.json");
const QString kGuichet = QStringLiteral("urn:guichet:journey:1");

struct KindName {
    const char* name;
    PageKind kind;
};
constexpr KindName kKinds[] = {
    {"attract", PageKind::Attract},
    {"choose", PageKind::Choose},
    {"insertCard", PageKind::InsertCard},
    {"scanCode", PageKind::ScanCode},
    {"keypad", PageKind::Keypad},
    {"form", PageKind::Form},
    {"placeDocument", PageKind::PlaceDocument},
    {"lookAtCamera", PageKind::LookAtCamera},
    {"sign", PageKind::Sign},
    {"write", PageKind::Write},
    {"review", PageKind::Review},
    {"print", PageKind::Print},
    {"result", PageKind::Result},
    {"call", PageKind::Call},
    {"warning", PageKind::Warning},
};

/// Reads one document front to back.
class Reader {
public:
    explicit Reader(Journey& journey)
        : m_journey(journey)
        , m_xml(journey.document)
    {
    }

    Result<void> read()
    {
        while (!m_xml.atEnd()) {
            switch (m_xml.readNext()) {
            case QXmlStreamReader::StartElement:
                start();
                break;
            case QXmlStreamReader::EndElement:
                end();
                break;
            default:
                break;
            }
        }
        if (m_xml.hasError()) {
            return fail(Errc::Invalid, "journey.scxml line " + std::to_string(m_xml.lineNumber()) +
                                           ": " + m_xml.errorString().toStdString());
        }
        return {};
    }

private:
    [[nodiscard]] QString attribute(const char* name) const
    {
        return m_xml.attributes().value(QLatin1String(name)).toString();
    }
    [[nodiscard]] QString own(const char* name) const
    {
        return m_xml.attributes().value(kGuichet, QLatin1String(name)).toString();
    }
    void flaw(const QString& what)
    {
        m_journey.flaws.append(QStringLiteral("line %1: %2").arg(m_xml.lineNumber()).arg(what));
    }

    void start()
    {
        const auto name = m_xml.name().toString();
        if (m_xml.namespaceUri() == kGuichet) {
            button(name);
            return;
        }
        if (m_xml.namespaceUri() != kScxml) {
            return;
        }
        if (name == QLatin1String("state") || name == QLatin1String("parallel") ||
            name == QLatin1String("final")) {
            openState(name);
        } else if (name == QLatin1String("scxml")) {
            m_journey.task = attribute("name");
            m_journey.retention = own("retention");
        } else if (name == QLatin1String("data")) {
            m_journey.dataNames.append(attribute("id"));
        } else if (name == QLatin1String("transition") && !m_open.isEmpty()) {
            transition();
        } else if (name == QLatin1String("send") && !m_open.isEmpty()) {
            send();
        } else if (name == QLatin1String("assign") && attribute("location") == kNext) {
            leadTo(attribute("expr"));
        } else if (name == QLatin1String("history") || name == QLatin1String("invoke") ||
                   name == QLatin1String("script")) {
            flaw(QStringLiteral("<%1> has no place in a journey").arg(name));
        }
    }

    void end()
    {
        const auto name = m_xml.name();
        if (m_xml.namespaceUri() == kScxml &&
            (name == QLatin1String("state") || name == QLatin1String("parallel") ||
             name == QLatin1String("final"))) {
            m_open.removeLast();
        }
    }

    void openState(const QString& element)
    {
        StateSpec state;
        state.id = attribute("id");
        state.order = static_cast<int>(m_journey.states.size());
        state.final = element == QLatin1String("final");
        state.parallel = element == QLatin1String("parallel");
        state.assurance = own("assurance");
        if (!m_open.isEmpty()) {
            auto& parent = m_journey.states[m_open.last()];
            parent.leaf = false;
            state.parent = parent.id;
        }
        if (state.id.isEmpty()) {
            flaw(QStringLiteral("a state without an id"));
        }
        if (const auto kind = own("page"); !kind.isEmpty()) {
            const auto* known =
                std::find_if(std::begin(kKinds), std::end(kKinds),
                             [&](auto& entry) { return kind == QLatin1String(entry.name); });
            if (known == std::end(kKinds)) {
                flaw(QStringLiteral("no page is called \"%1\"").arg(kind));
            } else {
                state.page = page(known->kind, state.id);
            }
        }
        m_open.append(static_cast<int>(m_journey.states.size()));
        m_journey.states.append(state);
    }

    [[nodiscard]] PageSpec page(PageKind kind, const QString& id) const
    {
        PageSpec page;
        page.kind = kind;
        page.title = own("title").isEmpty() ? id + QStringLiteral(".title") : own("title");
        page.subtitle =
            own("subtitle").isEmpty() ? id + QStringLiteral(".subtitle") : own("subtitle");
        page.choicesFrom = own("choices");
        page.ticket = own("ticket") == QLatin1String("true");
        page.busy = own("busy") == QLatin1String("true");
        page.trouble = own("trouble") == QLatin1String("true");
        page.help = own("help") != QLatin1String("false");
        page.countdown = own("countdown");
        page.picture = own("picture");
        page.mask = own("mask");
        page.typed = own("typed");
        page.fields = own("fields").split(QLatin1Char(' '), Qt::SkipEmptyParts);
        page.form = own("form");
        page.values = own("values");
        page.errors = own("errors");
        page.camera = own("camera") == QLatin1String("true");
        return page;
    }

    void button(const QString& element)
    {
        if (m_open.isEmpty() || !m_journey.states[m_open.last()].page) {
            flaw(QStringLiteral("<g:%1> outside a state with a page").arg(element));
            return;
        }
        auto& page = *m_journey.states[m_open.last()].page;
        if (element == QLatin1String("fact")) {
            page.facts.append({.label = attribute("label"),
                               .value = attribute("value"),
                               .text = attribute("text"),
                               .mask = attribute("mask")});
            return;
        }
        ButtonSpec button{.event = attribute("event"),
                          .value = attribute("value"),
                          .text = attribute("text"),
                          .needs = attribute("needs"),
                          .icon = attribute("icon")};
        if (element == QLatin1String("choice")) {
            page.choices.append(button);
        } else if (element == QLatin1String("more")) {
            page.more = button;
        } else if (element == QLatin1String("primary")) {
            page.primary = button;
        } else if (element == QLatin1String("back")) {
            page.back = button;
        } else {
            flaw(QStringLiteral("<g:%1> is not known").arg(element));
        }
    }

    void transition()
    {
        TransitionSpec transition;
        transition.events = attribute("event").split(QLatin1Char(' '), Qt::SkipEmptyParts);
        transition.condition = attribute("cond");
        transition.target = attribute("target");
        static const char* const answers[] = {"done.timer", "done.card.",  "done.code.",
                                              "done.hub.",  "done.print.", "done.document.",
                                              "done.face.", "done.bank.",  "done.sign"};
        for (const auto& event : std::as_const(transition.events)) {
            if (event.startsWith(QLatin1String("do.")) || event == QLatin1String("*")) {
                flaw(QStringLiteral("a transition on \"%1\"").arg(event));
            }
            if (std::any_of(std::begin(answers), std::end(answers),
                            [&](auto* name) { return event.startsWith(QLatin1String(name)); }) &&
                !transition.target.isEmpty() &&
                !transition.condition.contains(QLatin1String("_event.data.op"))) {
                flaw(QStringLiteral("a transition on \"%1\" that does not compare op").arg(event));
            }
        }
        m_journey.states[m_open.last()].transitions.append(transition);
    }

    void send()
    {
        const auto event = attribute("event");
        if (!event.startsWith(QLatin1String("do."))) {
            flaw(QStringLiteral("<send> of \"%1\"; effects are called do.*").arg(event));
        }
        if (m_xml.attributes().hasAttribute(QLatin1String("delay")) ||
            m_xml.attributes().hasAttribute(QLatin1String("delayexpr"))) {
            flaw(QStringLiteral("<send> with a delay; time is the effect do.timer"));
        }
        auto& sends = m_journey.states[m_open.last()].sends;
        if (!sends.contains(event)) {
            sends.append(event);
        }
    }

    /// Where it is a task by name; one that comes with an answer is the effect's to know.
    void leadTo(const QString& expression)
    {
        static const QRegularExpression literal(QStringLiteral("^'([^']+)'$"));
        if (const auto match = literal.match(expression); match.hasMatch()) {
            m_journey.leadsTo.append(match.captured(1));
        }
    }

    Journey& m_journey;
    QXmlStreamReader m_xml;
    QList<int> m_open;
};

Result<QByteArray> content(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return fail(Errc::NotFound, path.toStdString() + ": " + file.errorString().toStdString());
    }
    return file.readAll();
}

Result<QJsonObject> object(const QString& path)
{
    const auto bytes = content(path);
    if (!bytes) {
        return tl::unexpected(bytes.error());
    }
    QJsonParseError error;
    const auto document = QJsonDocument::fromJson(*bytes, &error);
    if (!document.isObject()) {
        return fail(Errc::Invalid, path.toStdString() + ": " + error.errorString().toStdString());
    }
    return document.object();
}

/// Where the parts of a journey lie: beside it, or built in.
QString partsOf(const QString& folder)
{
    auto beside = folder + QStringLiteral("/../parts");
    return QFileInfo::exists(beside) ? beside : QStringLiteral(":/journeys/parts");
}

/// The document with its parts in their places.
/// A part may have parts, `deep` times at most.
Result<QByteArray> assembled(const QByteArray& document, const QString& parts, int deep = 3)
{
    static const QRegularExpression place(QStringLiteral("<g:part name=\"([a-z-]+)\"/>"));
    const auto text = QString::fromUtf8(document);
    QString whole;
    qsizetype end = 0;
    auto places = place.globalMatch(text);
    while (places.hasNext()) {
        const auto match = places.next();
        auto part = content(parts + QLatin1Char('/') + match.captured(1) + kPartFile);
        if (part && deep > 0) {
            part = assembled(*part, parts, deep - 1);
        }
        if (!part) {
            return tl::unexpected(part.error());
        }
        whole += text.mid(end, match.capturedStart() - end) + QString::fromUtf8(*part);
        end = match.capturedEnd();
    }
    return (whole + text.mid(end)).toUtf8();
}

/// Adds the texts of a file to those there are; of two of a key the later stays.
Result<void> readTexts(const QString& path, Journey& journey)
{
    const auto file = object(path);
    if (!file) {
        return tl::unexpected(file.error());
    }
    journey.languages.clear();
    for (const auto& language : file->value(QLatin1String("languages")).toArray()) {
        journey.languages.append(language.toString());
    }
    const auto entries = file->value(QLatin1String("texts")).toObject();
    for (auto entry = entries.begin(); entry != entries.end(); ++entry) {
        const auto words = entry->toObject();
        for (auto word = words.begin(); word != words.end(); ++word) {
            journey.texts[entry.key()].insert(word.key(), word->toString());
        }
    }
    return {};
}

/// Of what stands in both forms: lists one behind the other, objects with the later one's members
/// on top, and of anything else the later one.
QJsonValue together(const QJsonValue& earlier, const QJsonValue& later)
{
    if (earlier.isArray() && later.isArray()) {
        auto all = earlier.toArray();
        for (const auto& each : later.toArray()) {
            all.append(each);
        }
        return all;
    }
    if (!earlier.isObject() || !later.isObject()) {
        return later;
    }
    auto all = earlier.toObject();
    const auto own = later.toObject();
    for (auto each = own.begin(); each != own.end(); ++each) {
        all.insert(each.key(), each.value());
    }
    return all;
}

/// The form of the parts with the journey's own on top.
Result<Form> readForm(const QString& parts, const QString& folder)
{
    QJsonObject whole;
    for (const auto& path : {parts, folder}) {
        if (!QFileInfo::exists(path + kForm)) {
            continue;
        }
        const auto schema = object(path + kForm);
        if (!schema) {
            return tl::unexpected(schema.error());
        }
        for (auto member = schema->begin(); member != schema->end(); ++member) {
            whole.insert(member.key(), together(whole.value(member.key()), member.value()));
        }
    }
    return whole.isEmpty() ? Form() : Form::read(whole);
}

} // namespace

const StateSpec* Journey::state(const QString& id) const
{
    const auto found = std::find_if(states.begin(), states.end(),
                                    [&](const StateSpec& state) { return state.id == id; });
    return found == states.end() ? nullptr : &*found;
}

std::optional<QString> Journey::text(const QString& key, const QString& language) const
{
    const auto entry = texts.constFind(key);
    if (entry == texts.constEnd() || !entry->contains(language)) {
        return std::nullopt;
    }
    return entry->value(language);
}

Result<Journey> loadJourney(const QString& folder)
{
    Journey journey;
    const auto parts = partsOf(folder);
    const auto document = content(folder + kDocument);
    if (!document) {
        return tl::unexpected(document.error());
    }
    auto whole = assembled(*document, parts);
    if (!whole) {
        return tl::unexpected(whole.error());
    }
    journey.document = std::move(*whole);
    if (auto read = Reader(journey).read(); !read) {
        return tl::unexpected(read.error());
    }
    for (const auto& path : {parts, folder}) {
        if (auto read = readTexts(path + QStringLiteral("/texts.json"), journey); !read) {
            return tl::unexpected(read.error());
        }
    }
    auto form = readForm(parts, folder);
    if (!form) {
        return fail(form.error(), folder.toStdString());
    }
    journey.form = std::move(*form);
    for (const auto& path : {parts, folder}) {
        if (!QFileInfo::exists(path + QStringLiteral("/samples.json"))) {
            continue;
        }
        const auto samples = object(path + QStringLiteral("/samples.json"));
        if (!samples) {
            return tl::unexpected(samples.error());
        }
        journey.samples.insert(samples->toVariantMap());
    }
    return journey;
}

Result<Journeys> loadJourneys(const QString& folder)
{
    Journeys journeys;
    const QDir all(folder);
    for (const auto& task : all.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        if (!QFileInfo::exists(all.filePath(task) + kDocument)) {
            continue;
        }
        auto journey = loadJourney(all.filePath(task));
        if (!journey) {
            return tl::unexpected(journey.error());
        }
        journeys.emplace(journey->task, std::move(*journey));
    }
    if (!journeys.contains(kFirstTask)) {
        return fail(Errc::NotFound,
                    folder.toStdString() + ": no journey of the task " + kFirstTask.toStdString());
    }
    return journeys;
}

} // namespace guichet::kiosk
