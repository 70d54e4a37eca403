// SPDX-License-Identifier: Apache-2.0
#include "drivers/handscanner/key_decoder.h"

#include <catch2/catch.hpp>

#include "tests/drivers/handscanner/scans_of.h"
#include "tests/drivers/handscanner/typed_keys.h"

using namespace guichet;
using namespace guichet::handscanner;
using namespace guichet::test;
using Scans = std::vector<std::string>;

namespace {

Scans read(const Bytes& records)
{
    KeyDecoder decoder;
    decoder.feed(records);
    return scansOf(decoder);
}

} // namespace

TEST_CASE("keys: what a scanner types is text, and Enter ends it")
{
    CHECK(read(typed({KEY_4, KEY_2, KEY_A, KEY_MINUS, KEY_ENTER})) == Scans{"42a-"});
    CHECK(read(typed({KEY_KP4, KEY_NUMLOCK, KEY_KP2, KEY_KPENTER, KEY_X, KEY_ENTER})) ==
          Scans{"42", "x"});
    CHECK(read(typed({KEY_ENTER, KEY_1})).empty());
}

TEST_CASE("keys: shift counts while it is held, caps lock for letters until it is pressed again")
{
    CHECK(read(down(KEY_LEFTSHIFT) + typed({KEY_G, KEY_SEMICOLON}) + up(KEY_LEFTSHIFT) +
               typed({KEY_G, KEY_SEMICOLON, KEY_ENTER})) == Scans{"G:g;"});
    CHECK(read(down(KEY_RIGHTSHIFT) + typed({KEY_RIGHTBRACE}) + up(KEY_RIGHTSHIFT) +
               typed({KEY_RIGHTBRACE, KEY_ENTER})) == Scans{"}]"});
    CHECK(read(typed({KEY_CAPSLOCK, KEY_Q, KEY_1, KEY_CAPSLOCK, KEY_Q, KEY_ENTER})) ==
          Scans{"Q1q"});
    CHECK(read(typed({KEY_CAPSLOCK}) + down(KEY_LEFTSHIFT) + typed({KEY_Q, KEY_1}) +
               up(KEY_LEFTSHIFT) + typed({KEY_ENTER})) == Scans{"q!"});
}

TEST_CASE("keys: a key that repeats itself is one character")
{
    CHECK(read(down(KEY_7) + record(EV_KEY, KEY_7, 2) + up(KEY_7) + typed({KEY_ENTER})) ==
          Scans{"7"});
}

TEST_CASE("keys: a scan with a key that is no character is refused whole, with what to set")
{
    const auto scans = read(typed({KEY_1, KEY_LEFTALT, KEY_2, KEY_ENTER, KEY_3, KEY_ENTER}));
    REQUIRE(scans.size() == 2);
    CHECK(scans[0].starts_with("!hand scanner: key 56 stands for no character: set the scanner"));
    CHECK(scans[1] == "3");
}

TEST_CASE("keys: a scan of which the kernel dropped keys is refused, and shift is forgotten")
{
    const auto scans = read(down(KEY_LEFTSHIFT) + typed({KEY_A}) + record(EV_SYN, SYN_DROPPED, 0) +
                            typed({KEY_B, KEY_ENTER, KEY_C, KEY_ENTER}));
    REQUIRE(scans.size() == 2);
    CHECK(scans[0] == "!hand scanner: the kernel dropped keys");
    CHECK(scans[1] == "c");
}

TEST_CASE("keys: records that come in pieces are the same records")
{
    KeyDecoder decoder;
    for (const auto each : typed({KEY_O, KEY_K, KEY_ENTER})) {
        decoder.feed({&each, 1});
    }
    CHECK(scansOf(decoder) == Scans{"ok"});
}

TEST_CASE("keys: what was held or begun when the plug went means nothing after it came back")
{
    KeyDecoder decoder;
    decoder.feed(typed({KEY_CAPSLOCK}) + down(KEY_LEFTSHIFT) + typed({KEY_G}));
    decoder.feed(ByteView(down(KEY_RIGHTSHIFT)).first(40)); // a record and a half
    decoder.replugged();
    CHECK(scansOf(decoder).size() == 1); // refused
    decoder.feed(typed({KEY_G, KEY_1, KEY_ENTER}));
    CHECK(scansOf(decoder) == Scans{"g1"});
}
