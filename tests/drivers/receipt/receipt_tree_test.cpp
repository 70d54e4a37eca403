// SPDX-License-Identifier: Apache-2.0
#include "drivers/receipt/receipt_tree.h"

#include <fstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "drivers/receipt/cells.h"

using namespace guichet;
using namespace guichet::receipt;

namespace {

std::string contentOf(const std::string& name)
{
    std::ifstream stream(GUICHET_TEST_DATA "/receipt_golden/" + name);
    REQUIRE(stream);
    return {std::istreambuf_iterator<char>(stream), {}};
}

Result<ReceiptTree> tree(const std::string& text, int width = 576)
{
    const auto receipt = parseReceipt(SourceText(text));
    REQUIRE(receipt);
    return setReceipt(*receipt, width);
}

std::string shown(const Block& block)
{
    struct Words {
        std::string operator()(const TextBlock& text) const
        {
            const auto& look = text.look;
            return fmt::format("text {}x{}{}{}{} {}", look.wide, look.high,
                               look.bold ? " bold" : "", look.underline ? " underline" : "",
                               look.inverted ? " inverted" : "", look.text);
        }
        std::string operator()(const FillBlock&) const { return "fill"; }
        std::string operator()(const CodeBlock& code) const
        {
            return fmt::format("code {}x{} of {}x{}", code.modules.width(), code.modules.height(),
                               code.across, code.down);
        }
        std::string operator()(const PictureBlock&) const { return "picture"; }
    };
    return fmt::format("{},{} {}x{} {}\n", block.x, block.y, block.width, block.height,
                       std::visit(Words(), block.content));
}

std::string shown(const ReceiptTree& whole)
{
    auto text = fmt::format("paper {}x{}{}\n", whole.width, whole.height,
                            whole.cut == CutKind::Partial ? " partial" : "");
    for (const auto& block : whole.blocks) {
        text += shown(block);
    }
    for (const int cut : whole.cuts) {
        text += fmt::format("cut {}\n", cut);
    }
    return text;
}

std::string texts(const ReceiptTree& whole)
{
    std::string all;
    for (const auto& block : whole.blocks) {
        if (const auto* text = std::get_if<TextBlock>(&block.content)) {
            all += (all.empty() ? "" : "|") + text->look.text;
        }
    }
    return all;
}

std::string settingRefusal(const std::string& text, int width = 576)
{
    const auto set = tree(text, width);
    REQUIRE_FALSE(set);
    return set.error().detail;
}

} // namespace

TEST_CASE("receipt tree: each block of a document stands where it stood when it was reviewed")
{
    const std::string name = GENERATE("ticket", "table");
    const auto set = tree(contentOf(name + ".receipt"));
    REQUIRE(set);
    CHECK(shown(*set) == contentOf(name + ".tree"));
}

TEST_CASE("receipt tree: Chinese characters take two cells, marks none")
{
    const auto cells = [](std::string_view text) {
        int sum = 0;
        for (const auto& cluster : clustersOf(text)) {
            sum += cluster.cells;
        }
        return sum;
    };
    CHECK(cells("A012") == 4);
    CHECK(cells("现金A") == 5);
    CHECK(cells("Ａ（") == 4);               // fullwidth forms
    CHECK(cells("\U00020BB7") == 2);         // CJK extension B
    CHECK(cells("e\u0301") == 1);            // a combining accent
    CHECK(cells("\u0F56\u0F66\u0F90") == 2); // Tibetan, the third letter below the second
    CHECK(cells("·") == 1);
    CHECK(clustersOf("e\u0301x").size() == 2);
    CHECK(clustersOf("").empty());
}

TEST_CASE("receipt tree: lines break at blanks, or beside Chinese, and the blank takes no room")
{
    const auto wrapped = [](const char* text) {
        return texts(*tree(std::string("{width:6;align:left}\n|") + text + "|"));
    };
    CHECK(wrapped("one two three") == "one|two|three");
    CHECK(wrapped("中文中文") == "中文中|文");
    CHECK(wrapped("ab中文x") == "ab中文|x");
    CHECK(wrapped("unbreakable") == "unbrea|kable");
    CHECK(wrapped("abcdef gh") == "abcdef|gh");
    CHECK(wrapped("a\\nb") == "a|b");
    CHECK(texts(*tree("{width:6;text:nowrap}\nunbreakable\\nsecond line")) == "unbrea|second");
}

TEST_CASE("receipt tree: a name of forty characters keeps every one of them")
{
    const std::string name =
        "阿卜杜热合曼·麦麦提明·阿布都热西提·买买提依明·吐尔逊·阿卜杜热合曼江·艾合";
    auto all = texts(*tree("{width:*,*}\n姓名|" + name + "|"));
    all.erase(0, std::string("姓名|").size());
    all.erase(std::remove(all.begin(), all.end(), '|'), all.end());
    CHECK(all == name);
}

TEST_CASE("receipt tree: large and small stand on the same ground")
{
    const auto set = tree("|a^^^^B^^^^c|");
    REQUIRE(set);
    REQUIRE(set->blocks.size() == 3);
    for (const auto& block : set->blocks) {
        CHECK(block.y + block.height == 72);
    }
    CHECK(set->blocks[1].width == 36);
    CHECK(set->blocks[2].x == set->blocks[1].x + 36);
}

TEST_CASE("receipt tree: narrower paper has fewer cells, and nothing stands beside it")
{
    const auto width = GENERATE(576, 384, 200);
    const auto set = tree(contentOf("table.receipt"), width);
    if (width == 200) {
        CHECK_FALSE(set);
        return;
    }
    REQUIRE(set);
    for (const auto& block : set->blocks) {
        CHECK(block.x >= 0);
        CHECK(block.x + block.width <= width);
    }
}

TEST_CASE("receipt tree: what is wider or longer than the paper is refused where it stands")
{
    CHECK(settingRefusal("x\n{width:30,30}\na|b")
              .find("line 3, column 1: columns and borders of 61 "
                    "cells, want at most the paper's 48") != std::string::npos);
    CHECK(settingRefusal("{width:4}\n^^^^^中").find("a character of 8 cells") != std::string::npos);
    CHECK(settingRefusal("{option:qrcode,8,h;code:" + std::string(300, 'x') + "}")
              .find("a code of") != std::string::npos);
    CHECK(
        settingRefusal("{option:qrcode;code:" + std::string(3000, 'x') + "}").find("3000 bytes") !=
        std::string::npos);
    CHECK(settingRefusal("{code:中文}").find("not all printable ASCII") != std::string::npos);
    CHECK(
        settingRefusal("{option:code128,4;code:" + std::string(80, 'x') + "}").find("a code of") !=
        std::string::npos);
    CHECK(settingRefusal("{image:aGVsbG8=}").find("no PNG") != std::string::npos);
    std::string longest;
    for (int i = 0; i < 150; ++i) {
        longest += "^^^^^^^A\n";
    }
    CHECK(settingRefusal(longest).find("at most 20000") != std::string::npos);
    CHECK(settingRefusal("a", 100).find("at least 200") != std::string::npos);
}

TEST_CASE("receipt tree: the paper is at least as long as asked for")
{
    CHECK(tree("{x-minheight:80}\na")->height == 640);
    CHECK(tree("a")->height == 30);
    CHECK(tree("")->height == 1);
}

TEST_CASE("receipt tree: text and codes shrink where they may, as far as they must")
{
    const auto widest = [](const ReceiptTree& whole) {
        int right = 0;
        for (const auto& block : whole.blocks) {
            right = std::max(right, block.x + block.width);
        }
        return right;
    };
    const auto high = [](const ReceiptTree& whole) {
        return std::get<TextBlock>(whole.blocks.front().content).look.high;
    };
    CHECK(high(*tree("{x-shrink:on}\n^^^^^^^A012")) == 6);
    CHECK(high(*tree("{x-shrink:on}\n^^^^^^^A012345678")) == 4);
    CHECK(high(*tree("{x-shrink:on}\n^^^^^^^" + std::string(60, 'x'))) == 1);
    CHECK(high(*tree("{x-shrink:on}\n^^" + std::string(60, 'x'))) == 2); // no wider than usual
    CHECK(high(*tree("{x-shrink:on}\n^^^^^^^A012\\n345678")) == 6);
    CHECK(high(*tree("{x-shrink:on}\n{x-shrink:off}\n^^^^^^^A012345678")) == 6);
    const std::string code = "\n{option:qrcode,8,m}\n{code:" + std::string(200, 'x') + "}";
    CHECK_FALSE(tree(code, 384));
    const auto small = tree("{x-shrink:on}" + code, 384);
    REQUIRE(small);
    CHECK(widest(*small) <= 384 - 4 * 3);
    CHECK_FALSE(tree("{x-shrink:on}\n{option:qrcode,8,m}\n{code:" + std::string(600, 'x') + "}",
                     200)); // not below what readers need
    CHECK(parseReceipt(SourceText("{x-shrink:maybe}")).error().detail.find("want on or off") !=
          std::string::npos);
}
