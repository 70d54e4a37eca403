// SPDX-License-Identifier: Apache-2.0
// Runs in the lab's machine only (README.md): the cable of a card reader is pulled anywhere.
#include "tests/lab/card_counter.h"
#include "tests/lab/cuts.h"

using namespace guichet;
using namespace guichet::lab;

TEST_CASE("lab cuts: a bank card whose reader is pulled anywhere is lost once, or read whole")
{
    CardCounter counter;
    const auto inserted = [&counter] {
        counter.insert("unionpay");
        REQUIRE(counter.reader->waitForInsertion({}, kPatience));
    };
    inserted();
    const auto before = counter.cable->traffic();
    REQUIRE(counter.readInserted());
    const auto whole = counter.cable->traffic() - before;
    counter.remove();
    REQUIRE(counter.reader->waitForRemoval({}, kPatience));
    for (const auto& cut : cutsOf(whole, 12)) {
        CAPTURE(cut.direction, cut.after, whole.out, whole.in);
        inserted();
        arm(*counter.cable, cut);
        const auto card = counter.readInserted();
        if (card) {
            CHECK(card->number.reveal() == "6205500000000000004");
        } else {
            CAPTURE(card.error().detail);
            CHECK(card.error().code == Errc::Disconnected);
            // The card is blamed only as long as pcscd has not seen the cable.
            CHECK((card.error().remedy == Remedy::ReconnectCable ||
                   card.error().remedy == Remedy::ReinsertCard));
        }
        counter.unplug();
        CHECK(counter.seenAway());
        static_cast<void>(counter.device->remove());
        counter.plug();
        counter.insert("visa");
        counter.readsVisa();
        counter.remove();
        REQUIRE(counter.reader->waitForRemoval({}, kPatience));
    }
}
