// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QCoreApplication>
#include <QEventLoop>
#include <memory>
#include <vector>

#include "kiosk/engine/journey_machine.h"
#include "kiosk/engine/pages.h"
#include "kiosk/journeys/journeys.h"

namespace guichet::kiosk::test {

/// Keeps what a journey asked for until the test answers it.
class FakeEffects final : public Effects {
public:
    struct Call {
        QString name;
        int op = 0;
        QVariantMap params;
        Answer answer;
    };

    void perform(const QString& name, int op, const QVariantMap& params, Answer answer) override
    {
        open.push_back({name, op, params, std::move(answer)});
        ++performed[op];
    }
    void forgetAll() override { open.clear(); }

    /// Takes the newest open call of that name out; its `answer` is empty if there is none.
    Call take(const QString& name, const QString& timer = {})
    {
        for (auto call = open.rbegin(); call != open.rend(); ++call) {
            if (call->name == name &&
                (timer.isEmpty() || call->params.value(QStringLiteral("name")) == timer)) {
                auto taken = std::move(*call);
                open.erase(std::next(call).base());
                return taken;
            }
        }
        return {};
    }

    std::vector<Call> open;
    QHash<int, int> performed; ///< op to times
};

/// A journal in memory that is durable at once.
class MemoryJournal final : public Journal {
public:
    void append(const QByteArray& record, Durable durable) override
    {
        if (failing) {
            durable(guichet::fail(Errc::Busy, "journal: the disk is full"));
            return;
        }
        records.push_back(record);
        durable({});
    }
    void wipe(Durable durable) override
    {
        records.clear();
        ++wiped;
        durable({});
    }

    std::vector<QByteArray> records;
    bool failing = false;
    int wiped = 0;
};

/// One session with everything outside it in the test's hands.
class World {
public:
    explicit World(const QString& task = kFirstTask, QVariantMap handed = {})
        : settings(std::move(handed))
    {
        registerBuiltInJourneys();
        journey = *loadJourney(QStringLiteral(":/journeys/") + task);
        machine = makeMachine();
        machine->start();
        settle();
    }

    std::unique_ptr<JourneyMachine> makeMachine()
    {
        auto made = *JourneyMachine::load(journey, settings, effects, journal);
        QObject::connect(made.get(), &JourneyMachine::ended, made.get(), [this] { ended = true; });
        return made;
    }

    /// Runs the event loop until the journey has heard everything.
    void settle()
    {
        while (!machine->settled() && !ended) {
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        }
    }

    void press(const char* event, const char* value = "")
    {
        machine->submit(QString::fromLatin1(event), QString::fromUtf8(value));
        settle();
    }

    void askForHelp(const char* by = "video")
    {
        press("help");
        press("assistBy", by);
    }

    /// Remote staff say what the samples have.
    void staff(const char* event, int which = 0)
    {
        const auto name = QString::fromLatin1(event);
        machine->hear(
            name,
            journey.samples.value(QStringLiteral("staff.") + name).toList().value(which).toMap());
        settle();
    }

    /// Answers the newest open call; false if nobody asked.
    bool answer(const char* name, const EffectResult& result)
    {
        const auto call = effects.take(QString::fromLatin1(name));
        if (!call.answer) {
            return false;
        }
        call.answer(result);
        settle();
        return true;
    }
    bool succeed(const char* name)
    {
        const auto sample = journey.samples.value(QString::fromLatin1(name));
        return answer(name, EffectResult::done(sample.typeId() == QMetaType::QVariantList
                                                   ? sample.toList().value(0).toMap()
                                                   : sample.toMap()));
    }
    bool fire(const char* timer)
    {
        const auto call = effects.take(QStringLiteral("timer"), QString::fromLatin1(timer));
        if (!call.answer) {
            return false;
        }
        call.answer(EffectResult::done());
        settle();
        return true;
    }
    void cardIsOut()
    {
        answer("card.present", EffectResult::done({{QStringLiteral("present"), false}}));
    }

    [[nodiscard]] Page page(const Live& live = {}) const
    {
        return composePage(journey, machine->activeStates(), machine->data(), live);
    }
    [[nodiscard]] std::string at() const { return page().id.toStdString(); }

    /// The machine's process dies; another one reads the journal.
    void killAndResume(std::chrono::seconds longest = std::chrono::minutes(5))
    {
        effects.open.clear();
        machine = makeMachine();
        const auto stored = journal.records;
        if (auto resumed = machine->resume(stored, longest); !resumed) {
            throw std::runtime_error(resumed.error().detail);
        }
        settle();
    }

    void toService()
    {
        press("start");
        press("language", "en");
        succeed("hub.queue");
    }
    void toCard()
    {
        toService();
        press("service", "cash");
    }
    void toPrinting()
    {
        toCard();
        press("skip");
        succeed("hub.visit");
    }

    Journey journey;
    QVariantMap settings; ///< what another journey handed over
    FakeEffects effects;
    MemoryJournal journal;
    bool ended = false;
    std::unique_ptr<JourneyMachine> machine;
};

} // namespace guichet::kiosk::test
