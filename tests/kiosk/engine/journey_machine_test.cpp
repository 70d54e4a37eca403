// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <set>

#include <catch2/catch.hpp>

#include "tests/kiosk/engine/fake_world.h"

using namespace guichet;
using namespace guichet::kiosk;
using test::World;

namespace {

const std::vector<std::function<void(World&)>>& steps()
{
    static const std::vector<std::function<void(World&)>> all{
        [](World& w) { w.press("start"); },
        [](World& w) { w.press("language", "en"); },
        [](World& w) { w.succeed("hub.queue"); },
        [](World& w) { w.press("help"); },
        [](World& w) { w.press("assistBy", "voice"); },
        [](World& w) { w.succeed("assist.ask"); },
        [](World& w) { w.press("assistAside"); },
        [](World& w) { w.press("service", "cash"); },
        [](World& w) { w.answer("card.read", EffectResult::failed(Remedy::ReinsertCard)); },
        [](World& w) { w.press("again"); },
        [](World& w) { w.succeed("assist.meet"); },
        [](World& w) { w.staff("request"); },
        [](World& w) { w.press("assistAgree"); },
        [](World& w) { w.staff("approve"); },
        [](World& w) { w.succeed("card.read"); },
        [](World& w) { w.fire("presence"); },
        [](World& w) { w.press("stay"); },
        [](World& w) { w.answer("hub.visit", EffectResult::failed(Remedy::Wait)); },
        [](World& w) { w.fire("retry"); },
        [](World& w) { w.succeed("hub.visit"); },
        [](World& w) { w.answer("print.ticket", EffectResult::failed(Remedy::None, true)); },
        [](World& w) { w.press("copy"); },
        [](World& w) { w.press("assistEnd"); },
        [](World& w) { w.press("assistClose"); },
        [](World& w) { w.succeed("print.ticket"); },
        [](World& w) { w.cardIsOut(); },
    };
    return all;
}

/// Those that the journey still waits for.
QStringList awaitedCalls(const World& world)
{
    const auto data = world.machine->data();
    QSet<int> awaited;
    for (const auto* name : {"taskOp", "timerOp", "presenceOp", "assistOp", "replyOp"}) {
        awaited.insert(data.value(QString::fromLatin1(name)).toInt());
    }
    QStringList calls;
    for (const auto& call : world.effects.open) {
        if (awaited.contains(call.op)) {
            calls.append(QStringLiteral("%1 %2").arg(call.op).arg(call.name));
        }
    }
    calls.sort();
    return calls;
}

QStringList openCalls(const World& world)
{
    QStringList calls;
    for (const auto& call : world.effects.open) {
        calls.append(QStringLiteral("%1 %2").arg(call.op).arg(call.name));
    }
    calls.sort();
    return calls;
}

} // namespace

TEST_CASE("engine: a machine killed after any step and replayed stands where the old one stood")
{
    const auto killAfter = GENERATE(range(std::size_t{1}, std::size_t{20}));
    World world;
    for (std::size_t step = 0; step < steps().size(); ++step) {
        steps()[step](world);
        if (step + 1 == killAfter) {
            const auto states = world.machine->activeStates();
            const auto data = world.machine->data();
            const auto page = world.page();
            const auto awaited = awaitedCalls(world);
            world.killAndResume();
            CHECK(world.machine->activeStates() == states);
            CHECK(world.machine->data() == data);
            CHECK(world.page().title == page.title);
            CHECK(openCalls(world) == awaited);
        }
    }
    CHECK(world.at() == "result");
}

TEST_CASE("engine: an operation that has a result is never performed again, whatever is killed")
{
    World world;
    QSet<int> answered;
    for (const auto& step : steps()) {
        step(world);
        world.killAndResume();
        for (const auto& record : world.journal.records) {
            if (record.contains("\"t\":\"answer\"")) {
                const auto text = QString::fromUtf8(record);
                const auto op =
                    text.section(QStringLiteral("\"op\":"), 1).section(QLatin1Char(','), 0, 0);
                answered.insert(op.toInt());
            }
        }
        for (const auto& call : world.effects.open) {
            CHECK_FALSE(answered.contains(call.op));
        }
    }
    CHECK(answered.size() > 8);
}

TEST_CASE("engine: a second answer to the same operation is not heard")
{
    World world;
    world.press("start");
    world.press("language", "en");
    const auto call = world.effects.take(QStringLiteral("hub.queue"));
    REQUIRE(call.answer);
    call.answer(EffectResult::done(world.journey.samples[QStringLiteral("hub.queue")].toMap()));
    world.settle();
    const auto stored = world.journal.records.size();
    call.answer(EffectResult::failed(Remedy::CallStaff));
    world.settle();
    CHECK(world.journal.records.size() == stored);
    CHECK(world.at() == "service");
}

TEST_CASE("engine: a journal of another version of the journey is refused before anything happens")
{
    World world;
    world.toCard();
    world.journey.document += "\n";
    const auto stored = world.journal.records;
    world.effects.open.clear();
    auto machine = world.makeMachine();
    const auto resumed = machine->resume(stored, std::chrono::minutes(5));
    REQUIRE_FALSE(resumed);
    CHECK(resumed.error().code == Errc::Invalid);
    CHECK(world.effects.open.empty());
}

TEST_CASE("engine: nothing is stored before a customer touches the screen")
{
    const World world;
    CHECK(world.journal.records.empty());
    CHECK(world.effects.open.empty());
}

TEST_CASE("engine: idempotency keys differ by session and by operation, and are the same again")
{
    const auto one = QStringLiteral("7b0c1a50-6c1f-4d5e-9d11-111111111111");
    const auto two = QStringLiteral("7b0c1a50-6c1f-4d5e-9d11-222222222222");
    CHECK(idempotencyKey(one, 1) == idempotencyKey(one, 1));
    CHECK(idempotencyKey(one, 1) != idempotencyKey(one, 2));
    CHECK(idempotencyKey(one, 1) != idempotencyKey(two, 1));
    CHECK(idempotencyKey(one, 1).size() == 36);
}

TEST_CASE("engine: a session whose customer is long gone is not shown again")
{
    World world;
    world.toPrinting();
    world.killAndResume(std::chrono::seconds(-1)); // older than anything allowed
    std::set<QString> asked;
    for (const auto& call : world.effects.open) {
        asked.insert(call.name);
    }
    CHECK(asked == std::set<QString>{QStringLiteral("card.present")}); // nothing is printed
    world.cardIsOut();
    CHECK(world.ended);
    CHECK(world.journal.wiped == 1);
}

TEST_CASE("engine: what the customer has left behind is not done after a restart")
{
    World world;
    world.toCard();
    world.press("skip"); // the reader's answer never comes
    world.killAndResume();
    CHECK_FALSE(world.effects.take(QStringLiteral("card.read")).answer);
    const auto wish = world.effects.take(QStringLiteral("hub.visit"));
    REQUIRE(wish.answer);
    CHECK(wish.params.value(QStringLiteral("resumed")).toBool());
}

TEST_CASE("engine: a journal that failed once is given up, and the customer goes on")
{
    World world;
    world.toService();
    world.journal.failing = true;
    world.press("service", "cash");
    CHECK(world.at() == "card");
    CHECK(world.journal.records.empty());
    world.journal.failing = false;
    world.press("skip");
    REQUIRE(world.succeed("hub.visit"));
    CHECK(world.at() == "printing");
    CHECK(world.journal.records.empty()); // no gap that a restart could fall into
}
