// SPDX-License-Identifier: Apache-2.0
#include "queue/domain/enrol_code.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::queue;

TEST_CASE("enrol code: what is shown is read back, however it is typed")
{
    const EnrolCode code{fromHex("0123456789").value(), fromHex("ABCDEF00112233445566").value()};
    const auto text = enrolCodeText(code);
    CHECK(text == "04HM-ASW9-NF6Y-Y00H-48SM-8NB6");
    for (const auto& typed : {text, std::string("04hm asw9 nf6y y00h 48sm 8nb6"),
                              std::string("O4HMASW9NF6YYO0H48SM8NB6")}) {
        const auto read = parseEnrolCode(typed);
        REQUIRE(read);
        CHECK(read->secret == code.secret);
        CHECK(read->authority == code.authority);
    }
}

TEST_CASE("enrol code: too short, too long or with strange characters it is none")
{
    for (const char* text :
         {"", "-", "04HM-ASW9-NF6Y-Y00H-48SM-8NB", "04HM-ASW9-NF6Y-Y00H-48SM-8NB66",
          "04HM-ASW9-NF6Y-Y00H-48SM-8NBU", "04HM_ASW9_NF6Y_Y00H_48SM_8NB6"}) {
        INFO(text);
        CHECK_FALSE(parseEnrolCode(text));
    }
    CHECK_FALSE(parseEnrolCode("04HM-ASW9-NF6Y-Y00H-48SM-8NB6" + std::string(60, ' ')));
}

TEST_CASE("terminal names: plain ones only")
{
    CHECK(isTerminalName("k1"));
    CHECK(isTerminalName("Lobby-2.left_side"));
    CHECK(isTerminalName(std::string(48, 'a')));
    for (const auto& name : {std::string(), std::string(49, 'a'), std::string("-k1"),
                             std::string("k 1"), std::string("k/1"), std::string("k\n1")}) {
        CHECK_FALSE(isTerminalName(name));
    }
    CHECK(terminalUri("k1") == "urn:guichet:terminal:k1");
}
