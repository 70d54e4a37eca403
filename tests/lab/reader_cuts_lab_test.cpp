// SPDX-License-Identifier: Apache-2.0
// Runs in the lab's machine only (README.md): the cable of a resident card reader is pulled
// anywhere.
#include <catch2/catch.hpp>

#include "drivers/residentid/resident_reader.h"
#include "drivers/transport/connection.h"
#include "peripherals/virtual/resident_card.h"
#include "tests/lab/cable.h"
#include "tests/lab/cuts.h"
#include "tests/lab/usb_models.h"

using namespace guichet;
using namespace guichet::lab;
using namespace std::chrono_literals;
using virtualdevices::findResidentCard;
using virtualdevices::SdtReader;

namespace {

struct ReaderAttachment {
    const char* connection;
    ReaderPipes pipes = ReaderPipes::OnePair;
    bool serial = false;
};
const ReaderAttachment kUsbReader{"usb:0400:c35a"},
    kTwoPairs{"usb:0400:c35a", ReaderPipes::TwoPairs},
    kSerialReader{"serial:/dev/serial/by-path/platform-vhci_hcd.0-usb-0:1:1.0",
                  ReaderPipes::OnePair, true};

/// A reader and its driver, which outlives all cables.
class ReaderCounter {
public:
    explicit ReaderCounter(const ReaderAttachment& attachment)
        : m_attachment(attachment)
        , m_open(*transport::planConnection(attachment.connection))
        , m_cable(m_open)
        , m_driver(m_open, m_clock, {.find = 5s, .select = 5s, .read = 10s})
    {
    }
    void plug(std::string_view card)
    {
        const auto device = std::make_shared<SdtReader>();
        device->place(*findResidentCard(card));
        const auto model = residentReaderModel(device, m_attachment.pipes);
        REQUIRE(m_cable.plug(m_attachment.serial ? atSerialAdapter(model) : model));
    }
    Result<residentid::ResidentCard> read() { return m_driver.read({}, 10s); }
    PluggedUsb& cable() { return *m_cable; }

private:
    ReaderAttachment m_attachment;
    ChannelOpener m_open;
    Cable m_cable;
    SystemClock m_clock;
    residentid::ResidentReader m_driver;
};

/// Lost once, or read whole; and the card that lies there next is the one that is read next.
void pullInReads(const ReaderAttachment& attachment)
{
    const auto& first = *findResidentCard("resident");
    const auto& second = *findResidentCard("resident-moved");
    REQUIRE(first.number != second.number);
    ReaderCounter counter(attachment);
    counter.plug(first.name);
    REQUIRE(counter.read());
    const auto whole = counter.cable().traffic();
    REQUIRE(whole.in > 1280);
    for (const auto& cut : cutsOf(whole, 8)) {
        CAPTURE(cut.direction, cut.after, whole.out, whole.in);
        counter.plug(first.name);
        arm(counter.cable(), cut);
        const auto card = counter.read();
        if (card) {
            CHECK(card->identity.number.reveal() == first.number);
            CHECK(cut.after == (cut.direction == Direction::ToDevice ? whole.out : whole.in));
        } else {
            CAPTURE(card.error().detail);
            CHECK(card.error().code == Errc::Disconnected);
            CHECK(card.error().remedy == Remedy::ReconnectCable);
        }
        counter.plug(second.name);
        const auto next = counter.read();
        REQUIRE(next);
        CHECK(next->identity.number.reveal() == second.number);
        CHECK(next->photo.reveal().size() == 1024);
    }
}

} // namespace

TEST_CASE("lab cuts: a resident card whose reader is pulled anywhere is lost once, or read whole",
          "[resident][usb]")
{
    pullInReads(kUsbReader);
}

TEST_CASE("lab cuts: so it is with a reader of two pairs of pipes", "[resident][usb]")
{
    pullInReads(kTwoPairs);
}

TEST_CASE("lab cuts: so it is with a reader behind a serial adapter", "[resident][serial]")
{
    pullInReads(kSerialReader);
}
