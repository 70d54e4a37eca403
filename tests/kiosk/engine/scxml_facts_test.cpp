// SPDX-License-Identifier: Apache-2.0
#include <QBuffer>
#include <QCoreApplication>
#include <QEventLoop>
#include <QScxmlDataModel>
#include <QScxmlEvent>
#include <QScxmlStateMachine>
#include <QVariantMap>
#include <memory>

#include <catch2/catch.hpp>

/// What the engine relies on in Qt's SCXML; a newer Qt that changes one of these is seen here.
namespace {

const QByteArray kDocument = R"doc(<?xml version="1.0" encoding="UTF-8"?>
<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:g="urn:guichet:journey:1" version="1.0"
       datamodel="ecmascript" initial="both">
 <datamodel><data id="op" expr="0"/><data id="waits" expr="0"/><data id="seconds" expr="60"/><data id="card" expr="({})"/></datamodel>
 <parallel id="both">
  <state id="task" initial="card">
   <state id="card" g:page="insertCard">
    <g:choice event="skip"/>
    <onentry>
     <assign location="op" expr="op + 1"/><assign location="waits" expr="op"/>
     <send event="do.card.read"><param name="op" expr="waits"/><param name="list" expr="[1, {a: seconds}]"/></send>
    </onentry>
    <transition event="done.card.read" cond="_event.data.op === waits" target="read"><assign location="card" expr="_event.data.data"/></transition>
    <transition event="user.again" target="card"/>
   </state>
   <state id="read"/>
  </state>
  <state id="assist" initial="idle">
   <state id="idle"><transition event="user.help" target="asked"/></state>
   <state id="asked"><transition event="user.close" target="idle"/></state>
  </state>
 </parallel>
</scxml>)doc";

class Machine {
public:
    explicit Machine(QByteArray document = kDocument)
        : m_document(std::move(document))
    {
        QBuffer buffer(&m_document);
        buffer.open(QIODevice::ReadOnly);
        machine.reset(QScxmlStateMachine::fromData(&buffer, QStringLiteral("facts.scxml")));
        if (!machine->parseErrors().isEmpty()) {
            return;
        }
        machine->connectToEvent(QStringLiteral("do.*"), machine.get(),
                                [this](const QScxmlEvent& event) {
                                    effects.append({event.name(), event.data().toMap()});
                                });
        QObject::connect(machine.get(), &QScxmlStateMachine::reachedStableState, machine.get(),
                         [this] { ++stable; });
        machine->setInitialValues({{QStringLiteral("seconds"), 7}});
        machine->start();
        wait();
    }
    void wait()
    {
        while (stable == 0) {
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        }
    }
    void send(const char* event, const QVariantMap& data = {})
    {
        stable = 0;
        machine->submitEvent(QString::fromLatin1(event), data);
        wait();
    }
    [[nodiscard]] bool active(const char* state) const
    {
        return machine->isActive(QString::fromLatin1(state));
    }

    QList<QPair<QString, QVariantMap>> effects;
    int stable = 0;
    std::unique_ptr<QScxmlStateMachine> machine;

private:
    QByteArray m_document;
};

} // namespace

TEST_CASE("scxml: a document with attributes and elements of our own namespace loads")
{
    const Machine machine;
    CHECK(machine.machine->parseErrors().isEmpty());
    CHECK(machine.active("card"));
    CHECK(machine.active("idle"));
}

TEST_CASE(
    "scxml: a plain send reaches connectToEvent with its parameters before the state is stable")
{
    const Machine machine;
    REQUIRE(machine.effects.size() == 1);
    CHECK(machine.effects[0].first == QStringLiteral("do.card.read"));
    CHECK(machine.effects[0].second.value(QStringLiteral("op")) == 1);
    const auto list = machine.effects[0].second.value(QStringLiteral("list")).toList();
    REQUIRE(list.size() == 2);
    CHECK(list[1].toMap().value(QStringLiteral("a")) == 7);
}

TEST_CASE("scxml: cond compares op, so an answer to an earlier operation is ignored")
{
    Machine machine;
    machine.send("user.again");
    CHECK(machine.effects.size() == 2);
    machine.send("done.card.read", {{QStringLiteral("op"), 1}});
    CHECK(machine.active("card"));
    machine.send(
        "done.card.read",
        {{QStringLiteral("op"), 2},
         {QStringLiteral("data"), QVariantMap{{QStringLiteral("mask"), QStringLiteral("6222")}}}});
    CHECK(machine.active("read"));
    CHECK(machine.machine->dataModel()
              ->scxmlProperty(QStringLiteral("card"))
              .toMap()
              .value(QStringLiteral("mask")) == QStringLiteral("6222"));
}

TEST_CASE("scxml: one region moves while the other stands and runs nothing again")
{
    Machine machine;
    machine.send("user.help");
    CHECK(machine.active("asked"));
    CHECK(machine.active("card"));
    machine.send("user.close");
    CHECK(machine.active("card"));
    CHECK(machine.effects.size() == 1);
}

TEST_CASE("scxml: an event that nobody handles still ends in a stable state")
{
    Machine machine;
    machine.send("nobody.knows");
    CHECK(machine.stable == 1);
    CHECK(machine.active("card"));
}
