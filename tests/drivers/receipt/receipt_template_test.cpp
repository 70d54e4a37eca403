// SPDX-License-Identifier: Apache-2.0
#include "drivers/receipt/receipt_template.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "drivers/receipt/receipt_text.h"

using namespace guichet;
using namespace guichet::receipt;
using nlohmann::json;

namespace {

const json kData = {{"ticket", {{"label", "A012"}, {"number", 12}}},
                    {"waiting", 3},
                    {"vip", false},
                    {"name", "王|{command:x}\\"},
                    {"services", {{{"name", "Cash"}, {"open", true}}, {{"name", "Loans"}}}}};

std::optional<std::string> text(std::string_view key)
{
    return key == "please_wait" ? std::optional<std::string>("请稍候 Please wait") : std::nullopt;
}

std::string filled(std::string_view source, const json& data = kData)
{
    const auto result = fillIn(source, data, text);
    return result ? result->text() : "error: " + result.error().detail;
}

} // namespace

TEST_CASE("receipt template: values and texts are put in")
{
    CHECK(filled("No. {{ticket.label}} ({{ ticket.number }})") == "No. A012 (12)");
    CHECK(filled("{{t \"please_wait\"}}!") == "请稍候 Please wait!");
    CHECK(filled("no tags at all | {code:x}") == "no tags at all | {code:x}");
    CHECK(filled("") == "");
}

TEST_CASE("receipt template: a condition shows one of its sides")
{
    CHECK(filled("{{#if waiting > 2}}many{{else}}few{{/if}}") == "many");
    CHECK(filled("{{#if waiting >= 4}}many{{else}}few{{/if}}") == "few");
    CHECK(filled("{{#if vip}}hall{{/if}}-") == "-");
    CHECK(filled("{{#if ticket.label == \"A012\"}}yes{{/if}}") == "yes");
    CHECK(filled("{{#if ticket.label != \"A013\"}}yes{{/if}}") == "yes");
    CHECK(filled("{{#if vip == false}}yes{{/if}}") == "yes");
    CHECK(filled("{{#if vip}}{{nothing}}{{#if nothing}}{{/if}}{{/if}}ok") == "ok");
}

TEST_CASE("receipt template: a list repeats its block, names looked up inside first")
{
    CHECK(filled("{{#each services}}{{name}} for {{ticket.label}};{{/each}}") ==
          "Cash for A012;Loans for A012;");
    CHECK(filled("{{#each services}}{{name}}{{/each}}.", {{"services", json::array()}}) == ".");
    CHECK(filled("{{#each n}}[{{this}}]{{/each}}", {{"n", {1, 2}}}) == "[1][2]");
}

TEST_CASE("receipt template: a line with nothing but a block's mark leaves no line behind")
{
    CHECK(filled("a\n{{#if waiting > 0}}\nb\n{{else}}\nc\n  {{/if}}\r\nd\n") == "a\nb\nd\n");
    CHECK(filled("a {{#if waiting > 0}}\nb{{/if}}\n") == "a \nb\n");
}

TEST_CASE("receipt template: what comes from outside cannot become markup")
{
    CHECK(filled("{{name}}") == "王\\|\\{command:x\\}\\\\");
    CHECK(escaped("a~b_c\"d^e`f;g") == "a\\~b\\_c\\\"d\\^e\\`f\\;g");
    CHECK(escaped(" x ") == "~x~");
    CHECK(escaped("x \x1b") == "x~"); // the blank is the last that is left
    CHECK(escaped("two\nlines\x1b@") == "two\\nlines@");
    CHECK(escaped("---") == "\\---");
    CHECK(escaped("==") == "\\==");
    // A value is one text again whatever it is made of.
    const std::string hostile = "{x:1}|^^\"_`~\\n;--\n={{t}}";
    const auto source = fillIn("{{v}}", {{"v", hostile}}, text);
    REQUIRE(source);
    const auto receipt = parseReceipt(*source);
    REQUIRE(receipt);
    REQUIRE(receipt->elements.size() == 1);
    const auto& row = std::get<TextRow>(receipt->elements[0].content);
    REQUIRE(row.columns.size() == 1);
    CHECK(row.columns[0].spans == std::vector{Span{.text = hostile}});
}

TEST_CASE("receipt template: an error names line, column, what was seen and what was wanted")
{
    struct Row {
        const char* source;
        const char* where;
        const char* wanted;
    };
    const auto row = GENERATE(
        Row{"ok\n  {{ticket.lable}}", "line 2, column 3: \"ticket.lable\" is not in the data",
            "one of: name, services, ticket"},
        Row{"号{{t \"bye\"}}", "line 1, column 2: no text for \"bye\"", "a key of the texts"},
        Row{"{{t bye}}", "line 1, column 1", "t \"KEY\""},
        Row{"{{ticket}}", "line 1, column 1: \"ticket\"", "a single value"},
        Row{"{{#if waiting}}\nx", "line 2, column 2: the end of the template", "{{/if}}"},
        Row{"x{{/if}}", "line 1, column 2: \"/if\"", "an open block"},
        Row{"{{#if vip}}{{/each}}", "column 12: \"/each\"", "{{/if}}"},
        Row{"{{#each services}}{{else}}{{/each}}", "\"else\"", "{{/each}}"},
        Row{"{{#each waiting}}{{/each}}", "\"#each waiting\"", "a list"},
        Row{"{{#while x}}", "\"#while x\"", "#if CONDITION or #each LIST"},
        Row{"{{ticket.label\n}}", "line 1, column 1", "}} on the same line"},
        Row{"{{#if waiting > \"x\"}}{{/if}}", "\"#if waiting", "two numbers or two texts"},
        Row{"{{#if vip}}{{else}}{{else}}{{/if}}", "a second {{else}}", "{{/if}}"});
    const auto result = filled(row.source);
    INFO(result);
    CHECK(result.find(row.where) != std::string::npos);
    CHECK(result.find(row.wanted) != std::string::npos);
}

TEST_CASE("receipt template: endless and bottomless ones are refused")
{
    std::string deep;
    for (int i = 0; i < 40; ++i) {
        deep += "{{#if waiting}}";
    }
    CHECK(filled(deep).find("at most 16 blocks") != std::string::npos);
    json list = json::array();
    for (int i = 0; i < 200; ++i) {
        list.push_back(i);
    }
    const auto nested = "{{#each n}}{{#each n}}{{#each n}}x{{/each}}{{/each}}{{/each}}";
    CHECK(filled(nested, {{"n", list}}).find("a longer text than paper") != std::string::npos);
    CHECK(filled(std::string(300'000, 'x')).find("a template of at most") != std::string::npos);
}

TEST_CASE("receipt template: the parser's errors point into the template, not into what it made")
{
    const auto source =
        fillIn("{{#each services}}\n{{name}}\n{{/each}}\n{{name}}|{oops}", kData, text);
    REQUIRE(source);
    CHECK(parseReceipt(*source).error().detail.find("line 4, column 10") != std::string::npos);
}
