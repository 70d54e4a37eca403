// SPDX-License-Identifier: Apache-2.0
#include "drivers/receipt/receipt_text.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::receipt;

namespace {

Receipt parsed(const std::string& text)
{
    auto receipt = parseReceipt(SourceText(text));
    INFO(text);
    REQUIRE(receipt);
    return std::move(*receipt);
}

TextRow onlyRow(const std::string& text)
{
    const auto receipt = parsed(text);
    REQUIRE(receipt.elements.size() == 1);
    return std::get<TextRow>(receipt.elements[0].content);
}

std::vector<Span> spans(const std::string& text)
{
    return onlyRow(text).columns.at(0).spans;
}

std::string refusal(const std::string& text)
{
    const auto receipt = parseReceipt(SourceText(text));
    INFO(text);
    REQUIRE_FALSE(receipt);
    CHECK(receipt.error().code == Errc::Invalid);
    return receipt.error().detail;
}

} // namespace

TEST_CASE("receipt text: text is drawn to the bar that it touches")
{
    const auto align = [](const char* text, std::size_t column = 0) {
        return onlyRow(text).columns.at(column).align;
    };
    CHECK(align("text") == Align::Centre);
    CHECK(align("|text") == Align::Left);
    CHECK(align("text|") == Align::Right);
    CHECK(align("|text|") == Align::Centre);
    CHECK(align("| text |") == Align::Centre);
    CHECK(align("Item | 100") == Align::Left);
    CHECK(align("Item | 100", 1) == Align::Right);
    CHECK(align("Item|100") == Align::Right);
    CHECK(align("Item|100", 1) == Align::Left);
    CHECK(align("|a | b | c|", 0) == Align::Left);
    CHECK(align("|a | b | c|", 1) == Align::Centre);
    CHECK(align("|a | b | c|", 2) == Align::Right);
}

TEST_CASE("receipt text: bars split columns, at the edge they only align")
{
    CHECK(onlyRow("a|b|c").columns.size() == 3);
    CHECK(onlyRow("|a|b|").columns.size() == 2);
    CHECK(onlyRow("a||b").columns.size() == 3);
    CHECK(onlyRow("a\\|b").columns.size() == 1);
    CHECK(parsed("a\r\n\nb\n").elements.size() == 3);
    CHECK(parsed("").elements.empty());
}

TEST_CASE("receipt text: marks switch a look on and off")
{
    CHECK(spans("a\"b\"c") ==
          std::vector{Span{.text = "a"}, Span{.text = "b", .bold = true}, Span{.text = "c"}});
    CHECK(spans("_u_`i`") ==
          std::vector{Span{.text = "u", .underline = true}, Span{.text = "i", .inverted = true}});
    CHECK(spans("a~~b~") == std::vector{Span{.text = "a  b "}});
    CHECK(spans("\"_both\"_") ==
          std::vector{Span{.text = "both", .bold = true, .underline = true}});
}

TEST_CASE("receipt text: carets enlarge until the same carets again")
{
    struct Row {
        const char* carets;
        int wide, high;
    };
    const auto row = GENERATE(Row{"^", 2, 1}, Row{"^^", 1, 2}, Row{"^^^", 2, 2}, Row{"^^^^", 3, 3},
                              Row{"^^^^^", 4, 4}, Row{"^^^^^^", 5, 5}, Row{"^^^^^^^", 6, 6});
    const std::string carets = row.carets;
    CHECK(spans(carets + "A" + carets + "b") ==
          std::vector{Span{.text = "A", .wide = row.wide, .high = row.high}, Span{.text = "b"}});
    CHECK(refusal("^^^^^^^^A").find("8 times ^") != std::string::npos);
}

TEST_CASE("receipt text: escapes stand for the marks themselves, and \\n breaks a line")
{
    CHECK(spans(R"(\\\|\{\}\~\_\"\`\^\;\-\=)") == std::vector{Span{.text = "\\|{}~_\"`^;-="}});
    CHECK(spans(R"(a\nb)") == std::vector{Span{.text = "a\nb"}});
    CHECK(refusal(R"(号a\q)").find("line 1, column 3: \"\\q\"") != std::string::npos);
    CHECK(refusal("x\\").find("column 2") != std::string::npos);
}

TEST_CASE("receipt text: a rule and a cut stand alone on their line")
{
    const auto receipt = parsed("---\n-\n=\n ==== \n-a\n\\-\n");
    REQUIRE(receipt.elements.size() == 6);
    CHECK(std::holds_alternative<Rule>(receipt.elements[0].content));
    CHECK(std::holds_alternative<Rule>(receipt.elements[1].content));
    CHECK(std::holds_alternative<Cut>(receipt.elements[2].content));
    CHECK(std::holds_alternative<Cut>(receipt.elements[3].content));
    CHECK(std::holds_alternative<TextRow>(receipt.elements[4].content));
    CHECK(std::holds_alternative<TextRow>(receipt.elements[5].content));
    CHECK(receipt.elements[4].at == Position{5, 1});
}

TEST_CASE("receipt text: properties hold for the lines below them")
{
    const auto receipt = parsed("{width:*,2,10; border:line; text:nowrap; align:left}\na|b|c\n"
                                "{w:auto;b:2;t:wrap;a:right}\na\n{b:none}\na\n{b:space}\na");
    REQUIRE(receipt.elements.size() == 4);
    const auto settings = [&](std::size_t row) {
        return std::get<TextRow>(receipt.elements[row].content).settings;
    };
    CHECK(settings(0) == Settings{.widths = {std::nullopt, 2, 10},
                                  .ruled = true,
                                  .gap = 1,
                                  .wrap = false,
                                  .align = Align::Left});
    CHECK(settings(1) == Settings{.gap = 2, .align = Align::Right});
    CHECK(settings(2).gap == 0);
    CHECK(settings(3).gap == 1);
}

TEST_CASE("receipt text: a code takes the options of its line or of the lines above")
{
    const auto code = [](const std::string& text) {
        const auto receipt = parsed(text);
        REQUIRE_FALSE(receipt.elements.empty());
        return std::get<Code>(receipt.elements.back().content);
    };
    const auto qr = code("|{code:BT1\\:x\\;y; option:qrcode,6,m}");
    CHECK(qr.data == "BT1:x;y");
    CHECK(qr.kind == Code::Kind::Qr);
    CHECK(qr.module == 6);
    CHECK(qr.correction == Code::Correction::M);
    CHECK(qr.align == Align::Left);
    const auto bars = code("{o:code128,3,100,hri}\n{c:A042-2026}");
    CHECK(bars.kind == Code::Kind::Code128);
    CHECK(bars.module == 3);
    CHECK(bars.height == 100);
    CHECK(bars.readable);
    CHECK(code("{code:x}").height == 72);
}

TEST_CASE("receipt text: our own properties say how the paper is cut and given")
{
    const auto receipt = parsed("{x-minheight:80;x-cut:partial;x-present:60}");
    CHECK(receipt.elements.empty());
    CHECK(receipt.minHeightMm == 80);
    CHECK(receipt.cut == CutKind::Partial);
    CHECK(receipt.presentMm == 60);
    CHECK_FALSE(parsed("a").presentMm);
}

TEST_CASE("receipt text: a raw printer command is refused")
{
    CHECK(refusal("a\n {command:\\x1b@}").find("line 2, column 3: {command:}") !=
          std::string::npos);
    CHECK(refusal("{x:1}").find("no raw printer commands") != std::string::npos);
    CHECK(refusal("{code:a;x:1}").find("no raw printer commands") != std::string::npos);
}

TEST_CASE("receipt text: an error names line, column, what was seen and what was wanted")
{
    struct Row {
        const char* source;
        const char* where;
        const char* wanted;
    };
    const auto row =
        GENERATE(Row{"x\n{width:2,x}", "line 2, column 2: {width:\"2,x\"}", "numbers of cells"},
                 Row{"{width:2,3}\na|b|c", "line 2, column 5: column 3", "at most the 2"},
                 Row{"{border:thick}", "{border:\"thick\"}", "line, space, none"},
                 Row{"{align:up}", "{align:\"up\"}", "left, center or right"},
                 Row{"{text:no}", "{text:\"no\"}", "wrap or nowrap"},
                 Row{"{option:ean13}", "{option:\"ean13\"}", "qrcode or code128"},
                 Row{"{option:qrcode,9}", "{option:\"qrcode,9\"}", "a module of 3 to 8"},
                 Row{"{option:code128,5}", "{option:\"code128,5\"}", "a module of 2 to 4"},
                 Row{"{code:}", "an empty {code:}", "what the code shall say"},
                 Row{"{image:***}", "an {image:} of other text", "a PNG"},
                 Row{"{colour:red}", "line 1, column 2: \"colour\"", "width, border"},
                 Row{"{width:2", "line 1, column 1: \"{width:2\"", "a } at the end"},
                 Row{"{width:2} x", "column 10: \" x\"", "nothing behind"},
                 Row{"a {width:2}", "column 3: \"{\"", "a property alone on its line"},
                 Row{"a } b", "column 3: \"}\"", "\\{ and \\}"},
                 Row{"{x-cut:half}", "half", "partial"}, Row{"{x-present:-1}", "-1", "0 to 2000"});
    const auto detail = refusal(row.source);
    INFO(detail);
    CHECK(detail.find(row.where) != std::string::npos);
    CHECK(detail.find(row.wanted) != std::string::npos);
}

TEST_CASE("receipt text: endless documents are refused")
{
    CHECK(refusal(std::string(1001, '\n')).find("at most 1000") != std::string::npos);
    CHECK(refusal("a" + std::string(40, '|') + "b").find("at most 32") != std::string::npos);
}
