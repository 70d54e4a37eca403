// SPDX-License-Identifier: Apache-2.0
#include "drivers/handscanner/line_decoder.h"

#include <catch2/catch.hpp>

#include "tests/drivers/handscanner/scans_of.h"

using namespace guichet;
using namespace guichet::handscanner;
using test::scansOf;
using Scans = std::vector<std::string>;

namespace {

Scans sent(Ending ending, std::string_view text)
{
    LineDecoder decoder(ending);
    for (const char& each : text) {
        decoder.feed(asBytes({&each, 1}));
    }
    return scansOf(decoder);
}

} // namespace

TEST_CASE("line: each code ends with what the scanner is set to, and only with that")
{
    CHECK(sent(Ending::Cr, "one\rtwo\r\nthree\r") == Scans{"one", "two", "three"});
    CHECK(sent(Ending::Cr, "ANSI\nDAQ1\nDCS2\r") == Scans{"ANSI\nDAQ1\nDCS2"});
    CHECK(sent(Ending::Lf, "@\rANSI\ntwo\n") == Scans{"@\rANSI", "two"});
    CHECK(sent(Ending::CrLf, "@\rA\nB\r\r\ntwo\r\n") == Scans{"@\rA\nB\r", "two"});
    CHECK(sent(Ending::Cr, "not ended").empty());
}

TEST_CASE("line: bytes that are no text pass, and nothing is no code")
{
    using namespace std::string_literals;
    CHECK(sent(Ending::Cr, "\x00\xff\x1d\r"s) == Scans{"\x00\xff\x1d"s});
    CHECK(sent(Ending::Cr, "\r\r\n\r").empty());
}

TEST_CASE("line: what is longer than any code is refused whole, and the next one is read")
{
    const auto longest = std::string(kLongestScan, '7');
    CHECK(sent(Ending::Lf, longest + "\n") == Scans{longest});
    const auto scans = sent(Ending::Lf, longest + "7\nnext\n");
    REQUIRE(scans.size() == 2);
    CHECK(scans[0] == "!hand scanner: more than 8192 characters without an end");
    CHECK(scans[1] == "next");
}

TEST_CASE("line: what came before a fresh start does not count, nor its rest")
{
    LineDecoder decoder(Ending::Cr);
    decoder.feed(asBytes("before\rin the mid"));
    decoder.scans().startOver();
    decoder.feed(asBytes("dle\rafter\r"));
    CHECK(scansOf(decoder) == Scans{"after"});
}

TEST_CASE("line: the names of the endings are those of devices.toml")
{
    CHECK(endingFromName("cr") == Ending::Cr);
    CHECK(endingFromName("lf") == Ending::Lf);
    CHECK(endingFromName("crlf") == Ending::CrLf);
    CHECK_FALSE(endingFromName("CR"));
}
