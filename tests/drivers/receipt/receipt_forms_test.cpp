// SPDX-License-Identifier: Apache-2.0
#include "drivers/receipt/receipt_forms.h"

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "drivers/receipt/built_in_forms.h"
#include "drivers/receipt/receipt_painter.h"

using namespace guichet;
using namespace guichet::receipt;
using nlohmann::json;

namespace {

json ticket()
{
    return {{"outlet", "示范网点 Demo outlet"},
            {"service", "现金业务 Cash"},
            {"number", "A012"},
            {"rows",
             {{{"label", "前面人数 Ahead"}, {"value", "3"}},
              {{"label", "预计等候 Wait"}, {"value", "8-15 分钟 min"}},
              {{"label", "取号时间 Taken"}, {"value", "2026-11-24 10:15"}}}},
            {"footer", {"请留意叫号屏 Please watch the display"}},
            {"code", "https://demo.example/t/3kJ9-x_2"},
            {"large", false},
            {"copy", 1}};
}

const TextBlock* textWith(const ReceiptTree& tree, std::string_view part)
{
    for (const auto& block : tree.blocks) {
        const auto* text = std::get_if<TextBlock>(&block.content);
        if (text != nullptr && text->look.text.find(part) != std::string::npos) {
            return text;
        }
    }
    return nullptr;
}

ReceiptTree set(const json& data, std::string_view language = "zh-CN", int width = 576)
{
    auto tree = ReceiptForms::builtIn().set("ticket", data, language, width);
    INFO((tree ? std::string() : tree.error().detail));
    REQUIRE(tree);
    return std::move(*tree);
}

/// A folder of templates as a bank has it.
class Folder {
public:
    Folder()
        : path(std::filesystem::temp_directory_path() /
               ("guichet-forms-" + std::to_string(getpid())))
    {
        std::filesystem::create_directories(path);
    }
    ~Folder() { std::filesystem::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    void write(const char* name, std::string_view text) const
    {
        std::ofstream(path / name, std::ios::binary) << text;
    }
    const std::filesystem::path path;
};

} // namespace

TEST_CASE("receipt forms: what is built in are the templates and their texts")
{
    std::vector<std::string> names;
    for (const auto& file : kBuiltInFiles) {
        names.emplace_back(file.name);
    }
    CHECK(names == std::vector<std::string>{"texts.json", "ticket.receipt"});
    const auto texts = json::parse(kBuiltInFiles[0].text);
    for (const auto& [language, words] : texts.items()) {
        INFO(language);
        CHECK(words.contains("copy"));
    }
}

TEST_CASE("receipt forms: a ticket says all that it was told")
{
    const auto tree = set(ticket());
    for (const char* words : {"示范网点 Demo outlet", "现金业务 Cash", "A012", "前面人数 Ahead",
                              "8-15 分钟 min", "2026-11-24 10:15", "请留意叫号屏"}) {
        INFO(words);
        CHECK(textWith(tree, words) != nullptr);
    }
    CHECK(textWith(tree, "A012")->look.high == 6);
    CHECK(std::any_of(tree.blocks.begin(), tree.blocks.end(), [](const Block& block) {
        return std::holds_alternative<CodeBlock>(block.content);
    }));
    CHECK(tree.cut == CutKind::Usual);
    CHECK(tree.height > 500);
    CHECK(tree.height < 1200);
}

TEST_CASE("receipt forms: a ticket of its number alone is a ticket")
{
    const auto tree = set({{"outlet", ""},
                           {"service", ""},
                           {"number", "A001"},
                           {"rows", json::array()},
                           {"footer", json::array()},
                           {"code", ""},
                           {"large", false},
                           {"copy", 1}});
    CHECK(tree.blocks.size() == 1);
}

TEST_CASE("receipt forms: large print is twice as large, on a longer paper")
{
    auto data = ticket();
    const auto standard = set(data);
    data["large"] = true;
    const auto large = set(data);
    CHECK(large.height > standard.height);
    for (const char* words : {"前面人数 Ahead", "8-15 分钟 min", "请留意"}) {
        INFO(words);
        REQUIRE(textWith(large, words) != nullptr);
        CHECK(textWith(large, words)->look.high == 2 * textWith(standard, words)->look.high);
    }
}

TEST_CASE("receipt forms: a copy says so in its language, the first paper does not")
{
    auto data = ticket();
    CHECK(textWith(set(data, "en"), "Copy") == nullptr);
    data["copy"] = 2;
    CHECK(textWith(set(data, "en"), "Copy 2") != nullptr);
    CHECK(textWith(set(data, "zh-CN"), "补打 2") != nullptr);
    CHECK(textWith(set(data, "bo"), "补打 Copy 2") != nullptr);
    CHECK(textWith(set(data, ""), "补打 Copy 2") != nullptr);
}

TEST_CASE("receipt forms: a long number and a long code keep to narrow paper")
{
    auto data = ticket();
    data["number"] = "LONGNUMBER0123456789";
    data["code"] = std::string(200, 'x');
    const auto tree = set(data, "en", 384);
    CHECK(textWith(tree, "LONGNUMBER0123456789")->look.high == 1); // on one line, and whole
    for (const auto& block : tree.blocks) {
        CHECK(block.x >= 0);
        CHECK(block.x + block.width <= 384);
    }
}

TEST_CASE("receipt forms: words from outside never become marks")
{
    auto data = ticket();
    data["service"] = R"({command:\x1b}|^^^"_`)";
    data["footer"] = {"---", "===", "{code:x}"};
    const auto tree = set(data);
    CHECK(textWith(tree, R"({command:\x1b}|^^^"_`)") != nullptr);
    CHECK(textWith(tree, "---") != nullptr);
    CHECK(textWith(tree, "===") != nullptr);
    CHECK(tree.cuts.empty());
}

TEST_CASE("receipt forms: a bank's own template and words stand before ours")
{
    const Folder folder;
    folder.write("ticket.receipt", "{x-cut:full;x-present:80}\n^^{{number}} {{t \"thanks\"}}\n"
                                   "{{t \"copy\"}}\n===\n");
    folder.write("texts.json", R"({"en": {"thanks": "Thank you"}})");
    folder.write("notes.txt", "not a template");
    const auto forms = ReceiptForms::fromFolder(folder.path);
    REQUIRE(forms);
    const auto tree = forms->set("ticket", ticket(), "en-GB", 576);
    REQUIRE(tree);
    CHECK(textWith(*tree, "A012 Thank you") != nullptr);
    CHECK(textWith(*tree, "Copy") != nullptr); // of ours
    CHECK(tree->cut == CutKind::Full);
    CHECK(tree->presentMm == 80);
}

TEST_CASE("receipt forms: a folder without a form leaves ours")
{
    const Folder folder;
    const auto forms = ReceiptForms::fromFolder(folder.path);
    REQUIRE(forms);
    CHECK(forms->set("ticket", ticket(), "en", 576));
    CHECK(forms->set("other", ticket(), "en", 576).error().code == Errc::NotFound);
    CHECK(ReceiptForms::fromFolder(folder.path / "none").error().code == Errc::NotFound);
}

TEST_CASE("receipt forms: a wrong file is named with its line")
{
    const Folder folder;
    SECTION("a name that no data has")
    {
        folder.write("ticket.receipt", "{{number}}\n{{account}}\n");
        const auto wrong = ReceiptForms::fromFolder(folder.path)->set("ticket", ticket(), "", 576);
        REQUIRE_FALSE(wrong);
        CHECK(wrong.error().detail.find("ticket.receipt: line 2, column 1") != std::string::npos);
    }
    SECTION("a cut in the middle")
    {
        folder.write("ticket.receipt", "{{number}}\n===\nmore\n");
        const auto wrong = ReceiptForms::fromFolder(folder.path)->set("ticket", ticket(), "", 576);
        REQUIRE_FALSE(wrong);
        CHECK(wrong.error().detail.find("a cut before the end") != std::string::npos);
    }
    SECTION("texts of another form")
    {
        folder.write("texts.json",
                     GENERATE("[]", "{\"en\": 1}", "{\"en\": {\"a\": 1}}", "nothing"));
        const auto wrong = ReceiptForms::fromFolder(folder.path);
        REQUIRE_FALSE(wrong);
        CHECK(wrong.error().detail.find("texts.json: want") != std::string::npos);
    }
    SECTION("a file that is no template")
    {
        folder.write("ticket.receipt", std::string(300'000, 'x'));
        CHECK_FALSE(ReceiptForms::fromFolder(folder.path));
    }
}

TEST_CASE("receipt forms: paper and PDF of a ticket miss no character")
{
    const auto painter = ReceiptPainter::open();
    REQUIRE(painter);
    auto data = ticket();
    data["large"] = GENERATE(false, true);
    data["copy"] = 2;
    const auto tree = set(data);
    const auto dots = painter->paint(tree);
    CHECK(dots.missing.empty());
    CHECK(dots.form.width() == 576);
    CHECK(painter->archive(tree).missing.empty());
}
