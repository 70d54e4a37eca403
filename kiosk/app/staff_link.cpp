// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/staff_link.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <array>
#include <utility>

#include "kiosk/engine/pages.h"

namespace guichet::kiosk {

using nlohmann::json;

namespace {

/// Where the page of the task itself is shown, and none of the call's.
constexpr std::array kUncovered{"unasked", "aside", "together"};

json choiceDocument(const Choice& choice)
{
    json document{{"title", choice.title.toStdString()}, {"enabled", choice.enabled}};
    if (!choice.note.isEmpty()) {
        document["note"] = choice.note.toStdString();
    }
    return document;
}

json factsDocument(const QList<Fact>& facts)
{
    auto document = json::array();
    for (const auto& fact : facts) {
        document.push_back(
            {{"label", fact.label.toStdString()}, {"value", fact.value.toStdString()}});
    }
    return document;
}

/// The page as the customer sees it; never what is being typed.
json pageDocument(const Page& page)
{
    json document{{"id", page.id.toStdString()},
                  {"title", page.title.toStdString()},
                  {"subtitle", page.subtitle.toStdString()},
                  {"busy", page.busy},
                  {"trouble", page.trouble},
                  {"facts", factsDocument(page.facts)},
                  {"choices", json::array()}};
    for (const auto& choice : page.choices) {
        document["choices"].push_back(choiceDocument(choice));
    }
    if (page.primary) {
        document["primary"] = choiceDocument(*page.primary);
    }
    if (page.back) {
        document["back"] = choiceDocument(*page.back);
    }
    if (page.ticket) {
        document["ticket"] = {{"label", page.ticket->label.toStdString()},
                              {"service", page.ticket->service.toStdString()},
                              {"facts", factsDocument(page.ticket->facts)}};
    }
    return document;
}

/// The customer is doing something there that another request would take away.
bool usesDevice(PageKind kind)
{
    return kind == PageKind::InsertCard || kind == PageKind::PlaceDocument ||
           kind == PageKind::LookAtCamera || kind == PageKind::ScanCode || kind == PageKind::Sign ||
           kind == PageKind::Print;
}

QVariantMap variantOf(const json& object)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(object.dump()))
        .object()
        .toVariantMap();
}

} // namespace

StaffLink::StaffLink(AssistPort& port, CallControl& call, QObject* parent)
    : QObject(parent)
    , m_port(port)
    , m_call(call)
{
    connect(&call, &CallControl::changed, this, &StaffLink::changed);
    connect(&port, &AssistPort::renewed, this, [this] { m_told.clear(); });
    connect(&port, &AssistPort::changed, this, &StaffLink::onPort);
    connect(&port, &AssistPort::over, this, &StaffLink::onPort);
}

void StaffLink::speakTo(JourneyMachine& machine, const Journey& journey)
{
    m_machine = &machine;
    m_journey = &journey;
    m_approvals = 0;
    m_delivered.clear();
    m_step.clear();
}

void StaffLink::step(const Page& page)
{
    m_page = page;
    const auto states = m_machine ? m_machine->activeStates() : QStringList();
    if (std::ranges::any_of(
            kUncovered, [&](const char* state) { return states.contains(QLatin1String(state)); })) {
        m_step = page.title;
    }
    deliver();
    tellPage();
    emit stepped(m_page);
}

bool StaffLink::takes(const QString& event, const QString& value)
{
    if (event == QLatin1String("assistSay")) {
        m_port.write(value.toStdString());
        return true;
    }
    if (event == QLatin1String("assistCamera")) {
        m_call.setCameraOn(!m_call.cameraOn());
        return true;
    }
    return false;
}

void StaffLink::onPort()
{
    const auto& news = m_port.known().news();
    if (!news || !signalling::isAnswered(news->state)) {
        m_told.clear(); // another member of staff will not know it
    }
    deliver();
    tellPage();
    emit changed();
}

bool StaffLink::talks() const
{
    return m_machine && m_machine->activeStates().contains(QLatin1String("inCall"));
}

void StaffLink::deliver()
{
    if (!talks() || !m_machine->listening()) {
        return;
    }
    const int heard = m_machine->data().value(QStringLiteral("approvalsHeard")).toInt();
    m_approvals = std::max(m_approvals, heard);
    const auto& approvals = m_port.known().approvals();
    for (; m_approvals < static_cast<int>(approvals.size()); ++m_approvals) {
        const auto& approval = approvals[static_cast<std::size_t>(m_approvals)];
        m_machine->hear(QStringLiteral("approve"),
                        {{QStringLiteral("step"), QString::fromStdString(approval.step)},
                         {QStringLiteral("ok"), approval.ok},
                         {QStringLiteral("reason"), QString::fromStdString(approval.reason)}});
    }
    const auto& requests = m_port.known().requests();
    if (requests.empty() || requests.front().id == m_delivered ||
        !m_machine->activeStates().contains(QLatin1String("together"))) {
        return;
    }
    const auto request = requests.front();
    if (request.kind != "confirm" && usesDevice(m_page.kind)) {
        m_port.answer(request.id, "busy", {});
        return;
    }
    m_delivered = request.id;
    auto data = variantOf(request.arguments);
    data.insert(QStringLiteral("request"), QString::fromStdString(request.id));
    data.insert(QStringLiteral("kind"), QString::fromStdString(request.kind));
    m_machine->hear(QStringLiteral("request"), data);
}

void StaffLink::tellPage()
{
    const auto& news = m_port.known().news();
    if (!news || !signalling::isAnswered(news->state) || m_page.id.isEmpty() || !m_machine) {
        return;
    }
    auto page = pageDocument(m_page);
    page["task"] = m_journey->task.toStdString();
    if (const auto amount = m_machine->data().value(QStringLiteral("amount")); amount.isValid()) {
        page["amount"] = amount.toLongLong(); // the bank's rules of approvals go by it
    }
    page["forms"] = offered("staffForms", "requestForm.title.");
    page["prints"] = offered("staffPrints", "paper.");
    if (auto text = page.dump(); text != m_told && m_port.say({{"type", "page"}, {"page", page}})) {
        m_told = std::move(text);
    }
}

/// What staff may ask for by name where the task stands: [{name, titles by language}].
json StaffLink::offered(const char* variable, const char* titles) const
{
    auto all = json::array();
    const auto names = m_machine->data().value(QString::fromLatin1(variable)).toStringList();
    for (const auto& name : names) {
        json each{{"name", name.toStdString()}, {"titles", json::object()}};
        for (const auto& language : m_journey->languages) {
            each["titles"][language.toStdString()] =
                textOf(*m_journey, QString::fromLatin1(titles) + name, language).toStdString();
        }
        all.push_back(std::move(each));
    }
    return all;
}

void StaffLink::tell(const QString& event, const QVariantMap& data)
{
    if (talks() && m_machine->listening()) {
        m_machine->hear(event, data);
    }
}

QStringList StaffLink::states() const
{
    return m_machine ? m_machine->activeStates() : QStringList();
}

QString StaffLink::language() const
{
    return m_machine ? m_machine->data().value(QStringLiteral("language")).toString() : QString();
}

QString StaffLink::text(const char* key) const
{
    return textOf(*m_journey, QString::fromLatin1(key), language());
}

QVariantMap StaffLink::line() const
{
    constexpr int kMinute = 60;
    const auto& news = m_port.known().news();
    const auto stage = [](const char* name) {
        return QVariantMap{{QStringLiteral("stage"), QString::fromLatin1(name)}};
    };
    if (!m_port.live()) {
        return stage("lost");
    }
    if (!news || news->state != signalling::AssistState::Waiting) {
        return stage("next");
    }
    if (!news->wait) {
        return stage("nobody");
    }
    const int minutes = static_cast<int>((news->wait->count() + kMinute - 1) / kMinute);
    if (news->ahead.value_or(0) == 0 && minutes <= 1) {
        return stage("next");
    }
    auto place = stage("place");
    place.insert(QStringLiteral("ahead"), news->ahead.value_or(0));
    place.insert(QStringLiteral("minutes"), minutes);
    return place;
}

/// What is not as it should be, in one word of the customer's.
QString StaffLink::lineState() const
{
    using Media = CallControl::Media;
    const auto& news = m_port.known().news();
    if (!m_port.live()) {
        return text("call.lost");
    }
    const bool words = news && news->state == signalling::AssistState::Talking &&
                       news->mode == signalling::Mode::Text;
    if (words && m_call.media() != Media::Up) {
        return m_call.media() == Media::None ? QString() : text("call.words");
    }
    if (m_call.media() == Media::Lost) {
        return text("call.lost");
    }
    if (m_call.media() == Media::Weak) {
        return text("call.weak");
    }
    const bool joining = !news || news->state == signalling::AssistState::Joining;
    return joining || m_call.media() == Media::Connecting ? text("call.connecting") : QString();
}

std::optional<CallFace> StaffLink::face() const
{
    if (!talks() || m_journey == nullptr) {
        return std::nullopt;
    }
    const auto& known = m_port.known();
    CallFace face;
    const auto seat = known.news() ? QString::fromStdString(known.news()->seat) : QString();
    face.who = textOf(*m_journey, QStringLiteral("call.who"), language(),
                      {{QStringLiteral("name"), seat}});
    face.state = lineState();
    face.picture = m_call.video();
    if (m_call.recording()) {
        face.recording = text("call.recording");
    }
    if (face.picture) {
        face.camera = {.event = QStringLiteral("assistCamera"),
                       .title = text(m_call.cameraOn() ? "call.cameraOff" : "call.cameraOn")};
    }
    face.caption = text("call.hello");
    for (const auto& saying : known.sayings()) {
        const auto words =
            saying.text.empty() ? text("call.written") : QString::fromStdString(saying.text);
        if (saying.own) {
            face.own = words;
        } else {
            face.caption = words;
            face.own.clear();
        }
    }
    addPhrases(face);
    face.end = {.event = QStringLiteral("assistEnd"), .title = text("call.end")};
    return face;
}

/// None beside a question that only its own buttons answer.
void StaffLink::addPhrases(CallFace& face) const
{
    const auto states = m_machine->activeStates();
    if (states.contains(QLatin1String("guided"))) {
        return;
    }
    const auto& news = m_port.known().news();
    const bool words = news && news->mode == signalling::Mode::Text;
    const auto phrases = text(words ? "call.phrases.words" : "call.phrases");
    for (const auto& phrase : phrases.split(QLatin1Char('|'))) {
        face.phrases.append(
            {.event = QStringLiteral("assistSay"), .value = phrase, .title = phrase});
    }
    if (states.contains(QLatin1String("together"))) {
        face.phrases.append({.event = QStringLiteral("assistWrite"),
                             .value = {},
                             .title = text("call.write"),
                             .icon = QStringLiteral("pen")});
    }
}

json StaffLink::content() const
{
    if (!m_machine || m_journey == nullptr) {
        return json::object();
    }
    const auto data = m_machine->data();
    json content{{"task", textOf(*m_journey, QStringLiteral("activity"), language()).toStdString()},
                 {"step", (m_step.isEmpty() ? m_page.title : m_step).toStdString()},
                 {"language", language().toStdString()}};
    if (data.value(QStringLiteral("elder")).toBool()) {
        content["largePrint"] = true;
    }
    const auto ticket = data.value(QStringLiteral("ticket")).toMap();
    if (const auto label = ticket.value(QStringLiteral("label")).toString(); !label.isEmpty()) {
        content["ticket"] = label.toStdString();
    }
    const auto card = data.value(QStringLiteral("card")).toMap();
    if (const auto masked = card.value(QStringLiteral("maskedPan")).toString(); !masked.isEmpty()) {
        content["card"] = masked.toStdString();
    }
    return content;
}

} // namespace guichet::kiosk
