// SPDX-License-Identifier: Apache-2.0
#include "drivers/residentid/sdt_protocol.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::residentid;

namespace {

Bytes hex(const char* text)
{
    return *fromHex(text);
}

} // namespace

TEST_CASE("sdt: commands on the wire are those of public clients")
{
    const auto [command, wire] =
        GENERATE(std::pair(SdtCommand::Reset, "AAAAAA9669000310FFEC"),
                 std::pair(SdtCommand::Status, "AAAAAA9669000311FFED"),
                 std::pair(SdtCommand::SamNumber, "AAAAAA9669000312FFEE"),
                 std::pair(SdtCommand::Find, "AAAAAA96690003200122"),
                 std::pair(SdtCommand::Select, "AAAAAA96690003200221"),
                 std::pair(SdtCommand::ReadCard, "AAAAAA96690003300132"),
                 std::pair(SdtCommand::ReadAddress, "AAAAAA96690003300330"));
    CHECK(toHex(encodeCommand(command)) == wire);
}

TEST_CASE("sdt: answers are taken out of whatever stands around them, however they are cut")
{
    // noise with a preamble's beginning, "found", a stray AA, "no card"
    const auto stream = hex("00AAAAFF"
                            "AAAAAA9669000800009F0000000097"
                            "AA"
                            "AAAAAA9669000400008084");
    const auto step = GENERATE(std::size_t(1), std::size_t(2), std::size_t(7), std::size_t(200));
    SdtDecoder decoder;
    std::vector<SdtStatus> heard;
    for (std::size_t at = 0; at < stream.size(); at += step) {
        decoder.feed(ByteView(stream).subspan(at, std::min(step, stream.size() - at)));
        while (const auto answer = decoder.next()) {
            REQUIRE(*answer);
            heard.push_back((*answer)->status);
        }
    }
    CHECK(heard == std::vector{SdtStatus::Found, SdtStatus::NoCard});
}

TEST_CASE("sdt: a damaged answer is said, and the next one is heard")
{
    const auto damaged = GENERATE("AAAAAA9669000400008085", // check byte
                                  "AAAAAA966900030000",     // no room for a verdict
                                  "AAAAAA9669FFFF0000");    // longer than any answer
    SdtDecoder decoder;
    decoder.feed(hex(damaged));
    decoder.feed(hex("AAAAAA9669000400009094"));
    const auto first = decoder.next();
    REQUIRE(first);
    REQUIRE_FALSE(*first);
    CHECK(first->error().code == Errc::Protocol);
    CHECK(first->error().remedy == Remedy::Retry);
    const auto second = decoder.next();
    REQUIRE(second);
    REQUIRE(*second);
    CHECK((*second)->status == SdtStatus::Ok);
    CHECK_FALSE(decoder.next());
}

TEST_CASE("sdt: text and photo are as long as the answer says")
{
    const auto content = parseCardContent(hex("00020001ABCDEF"));
    REQUIRE(content);
    CHECK(content->text.reveal() == hex("ABCD"));
    CHECK(content->photo.reveal() == hex("EF"));
    for (const char* wrong : {"", "0002", "00020002ABCDEF", "00020000ABCDEF", "FFFFFFFF"}) {
        CHECK_FALSE(parseCardContent(hex(wrong)));
    }
}

TEST_CASE("sdt: the security module's number reads as it is printed on the reader")
{
    CHECK(parseSamNumber(hex("05000300"
                             "CEB63401"
                             "40E20100"
                             "B168DE3A")) == "05.03-20231886-0000123456-0987654321");
    CHECK_FALSE(parseSamNumber(hex("0500")));
}

TEST_CASE("sdt: each verdict says what a person can do")
{
    const auto [status, code, remedy] =
        GENERATE(std::tuple(0x80, Errc::NotFound, Remedy::InsertCard),
                 std::tuple(0x31, Errc::Disconnected, Remedy::ReinsertCard),
                 std::tuple(0x32, Errc::Disconnected, Remedy::ReinsertCard),
                 std::tuple(0x41, Errc::Disconnected, Remedy::ReinsertCard),
                 std::tuple(0x81, Errc::Disconnected, Remedy::ReinsertCard),
                 std::tuple(0x40, Errc::Unsupported, Remedy::RemoveCard),
                 std::tuple(0x33, Errc::Denied, Remedy::CallStaff),
                 std::tuple(0x60, Errc::Denied, Remedy::CallStaff),
                 std::tuple(0x66, Errc::Denied, Remedy::CallStaff),
                 std::tuple(0x91, Errc::NotFound, Remedy::None),
                 std::tuple(0x10, Errc::Protocol, Remedy::Retry),
                 std::tuple(0x24, Errc::Protocol, Remedy::Retry));
    const auto error = errorOf(static_cast<SdtStatus>(status), "read");
    CHECK(error.code == code);
    CHECK(error.remedy == remedy);
    CHECK(error.detail.starts_with("read: "));
}
