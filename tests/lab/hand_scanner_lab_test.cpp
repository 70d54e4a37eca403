// SPDX-License-Identifier: Apache-2.0
// Runs in the lab's machine only (README.md): the kernel, its input devices and udev are real.
#include <array>

#include <linux/input.h>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "drivers/handscanner/hand_scanner.h"
#include "drivers/handscanner/key_decoder.h"
#include "drivers/transport/input_channel.h"
#include "peripherals/base/unique_handle.h"
#include "tests/lab/cable.h"
#include "tests/lab/usb_models.h"

using namespace guichet;
using namespace guichet::lab;
using namespace std::chrono_literals;

namespace {

constexpr auto kKeyboard = "/dev/input/by-path/platform-vhci_hcd.0-usb-0:1:1.0-event-kbd";

struct Desk {
    Desk() { plug(); }
    void plug() { REQUIRE(cable.plug(handScannerModel())); }
    /// So many of the scanner's reports; we listen as it types, since the kernel keeps ten keys
    /// only.
    void type(std::string_view text, std::size_t reports = 1'000'000)
    {
        for (const auto& report : keystrokes(text)) {
            if (reports-- == 0) {
                return;
            }
            (*cable).say(kScannerPipe, report);
            listen(20ms);
        }
    }
    void listen(std::chrono::milliseconds timeout)
    {
        auto next = scanner.next(timeout);
        INFO((next ? std::string() : next.error().detail));
        REQUIRE(next);
        if (*next) {
            scans.push_back(**next);
        }
    }
    std::vector<std::string> scanned(std::size_t count)
    {
        while (scans.size() < count) {
            listen(10s);
        }
        return std::exchange(scans, {});
    }

    std::vector<std::string> scans;
    SystemClock clock;
    Cable cable{[] { return transport::openInput(kKeyboard); }};
    handscanner::HandScanner scanner{[] { return transport::openInput(kKeyboard); },
                                     std::make_unique<handscanner::KeyDecoder>(), clock};
};

/// What somebody else hears of the keyboard: key presses.
int pressesHeard(int keyboard)
{
    int presses = 0;
    std::array<input_event, 64> events{};
    for (;;) {
        const auto got = ::read(keyboard, events.data(), sizeof events);
        if (got <= 0) {
            return presses;
        }
        for (std::size_t at = 0; at < static_cast<std::size_t>(got) / sizeof events[0]; ++at) {
            presses += events[at].type == EV_KEY && events[at].value == 1 ? 1 : 0;
        }
    }
}

} // namespace

TEST_CASE("lab hand scanner: a scan reaches us and nobody else who listens to the keyboard")
{
    Desk desk;
    const UniqueFd other(::open(kKeyboard, O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    REQUIRE(other);
    REQUIRE(desk.scanner.clear()); // takes the keyboard
    desk.type("4006381333931\nGT1\n");
    CHECK(desk.scanned(2) == std::vector<std::string>{"4006381333931", "GT1"});
    CHECK(pressesHeard(other.get()) == 0);

    const auto second = transport::openInput(kKeyboard);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == Errc::Busy);
    CHECK(second.error().remedy == Remedy::CallStaff);
}

TEST_CASE("lab hand scanner: whoever listens hears the keyboard once nobody has taken it")
{
    Desk desk;
    const UniqueFd other(::open(kKeyboard, O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    REQUIRE(other);
    REQUIRE(transport::openInput(kKeyboard)); // and let go again
    for (const auto& report : keystrokes("12\n")) {
        (*desk.cable).say(kScannerPipe, report);
    }
    int heard = 0;
    pollfd keys{other.get(), POLLIN, 0};
    while (heard < 3 && ::poll(&keys, 1, 20'000) > 0) {
        heard += pressesHeard(other.get());
    }
    CHECK(heard == 3);
}

TEST_CASE("lab hand scanner: a plug pulled in a scan leaves nothing of it for the next one")
{
    Desk desk;
    for (const std::size_t reports : {1U, 2U, 5U}) { // the first and the last with Shift held
        CAPTURE(reports);
        REQUIRE(desk.scanner.clear());
        desk.type("A1B2\n", reports);
        (*desk.cable).pullAfterIn(0);
        (*desk.cable).say(kScannerPipe, Bytes(8));
        auto gone = desk.scanner.next(10s);
        while (gone && !*gone) {
            gone = desk.scanner.next(10s);
        }
        REQUIRE_FALSE(gone);
        CAPTURE(gone.error().detail);
        CHECK(gone.error().code == Errc::Disconnected);
        CHECK(gone.error().remedy == Remedy::ReconnectCable);

        desk.plug();
        const auto half = desk.scanner.next(0ms);
        CHECK((half || half.error().code == Errc::Protocol)); // what had begun is refused
        desk.type("123\n");
        CHECK(desk.scanned(1) == std::vector<std::string>{"123"});
    }
}
