// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/knowledge/knowledge.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "cloudbranch/server/knowledge/search_index.h"
#include "cloudbranch/server/knowledge/search_words.h"
#include "queue/api/api.h"
#include "tests/cloudbranch/server/hub_caller.h"

using namespace guichet;
using namespace guichet::hub;
using namespace guichet::hub::test;
using Words = std::vector<std::string>;

namespace {

const std::filesystem::path kArticles = std::filesystem::path(GUICHET_TEST_DATA) / "articles";
const std::filesystem::path kDemo =
    std::filesystem::path(GUICHET_SOURCE_DIR) / "packaging/demo-knowledge";

std::string content(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

json documentOf(const Article& article)
{
    json sections = json::array();
    for (const auto& section : article.sections) {
        sections.push_back({section.heading, section.text});
    }
    return {{"title", article.title},
            {"version", article.version},
            {"language", article.language},
            {"tasks", article.tasks},
            {"sections", sections}};
}

/// A hub with the demo's articles.
struct Library {
    HubCaller hub{"[branch]\nid = \"demo\"\n"};
    std::string agent = hub.login("agent");

    Library()
    {
        std::filesystem::copy(kDemo, hub.folder.path() / "knowledge",
                              std::filesystem::copy_options::recursive);
        hub.restart();
        agent = hub.login("agent");
    }
    using Query = std::map<std::string, std::string>;

    net::Response ask(const Query& query, const std::string& bearer)
    {
        net::Request request{.path = "/v1/knowledge", .query = query};
        if (!bearer.empty()) {
            request.headers.set("Authorization", "Bearer " + bearer);
        }
        return hub.send(std::move(request));
    }
    json findings(const Query& query)
    {
        const auto answer = ask(query, agent);
        REQUIRE(answer.status == 200);
        return parsed(answer).at("findings");
    }
};

} // namespace

TEST_CASE("knowledge: an article is its head and its sections, from Markdown or JSON")
{
    for (const auto& entry : std::filesystem::directory_iterator(kArticles / "valid")) {
        if (entry.path().extension() == ".expected") {
            continue;
        }
        INFO(entry.path());
        const auto article = parseArticle(entry.path().filename().string(), content(entry.path()));
        REQUIRE(article);
        CHECK(documentOf(*article) == json::parse(content(entry.path().string() + ".expected")));
    }
}

TEST_CASE("knowledge: a file that is wrong is named, with what was wanted")
{
    for (const auto& entry : std::filesystem::directory_iterator(kArticles / "invalid")) {
        INFO(entry.path());
        const auto name = entry.path().filename().string();
        const auto article = parseArticle(name, content(entry.path()));
        REQUIRE_FALSE(article);
        CHECK(article.error().code == Errc::Invalid);
        CHECK(article.error().detail.find(name) == 0);
    }
    CHECK(parseArticle("x.md", std::string(kLargestArticle + 1, 'x')).error().code ==
          Errc::Invalid);
    CHECK(parseArticle("unknown.md", content(kArticles / "invalid/unknown.md")).error().detail ==
          "unknown.md: line 3: want title, version, language or tasks, or --- at the end");
}

TEST_CASE("knowledge: Chinese is found by its pairs of signs, other words in lower case")
{
    CHECK(wordsOfText("手机号") == Words{"手", "机", "手机", "号", "机号"});
    CHECK(wordsOfQuestion("手机号") == Words{"手机", "机号"});
    CHECK(wordsOfQuestion("卡") == Words{"卡"});
    CHECK(wordsOfQuestion("短信ＡＢＣ验证，code 12") == Words{"12", "abc", "code", "短信", "验证"});
    CHECK(wordsOfQuestion("？！ ，") == Words{});
    CHECK(wordsOfText("a\xFF b") == Words{"a"});
    CHECK(wordsOfText("\xE6\x89") == Words{});
}

TEST_CASE(
    "knowledge: the text that is about it comes first, and what is hardly about it not at all")
{
    SearchIndex index;
    index.add("收费", "开户不收费。挂失也不收费。");
    index.add("怎么挂失", "拨打客服电话挂失。");
    index.add("开户", "带身份证。");
    CHECK(index.find("挂失") == std::vector<std::size_t>{1, 0});
    CHECK(index.find("怎么挂失") == std::vector<std::size_t>{1});
    CHECK(index.find("贷款利率").empty());
    CHECK(index.find("").empty());
    CHECK(SearchIndex().find("挂失").empty());
}

TEST_CASE("knowledge: staff ask in their language, and each answer says where it stands")
{
    Library library;
    const auto chinese = library.findings({{"q", "挂失"}, {"language", "zh-CN"}});
    REQUIRE_FALSE(chinese.empty());
    CHECK(chinese.at(0).at("section") == "手机丢失或号码已停用");
    CHECK(chinese.at(0).at("title") == "修改预留手机号操作规程");
    CHECK(chinese.at(0).at("version") == "2026-11-01");
    CHECK(chinese.at(0).at("document") == "phone-change.zh-CN.md");
    const auto english = library.findings({{"q", "customer cannot sign"}, {"language", "en"}});
    REQUIRE_FALSE(english.empty());
    CHECK(english.at(0).at("section") == "A customer who cannot sign");
    CHECK(library.findings({{"q", "mortgage"}}).empty());
}

TEST_CASE(
    "knowledge: who is not staff with customers is refused, and so is a question without words")
{
    Library library;
    CHECK(library.ask({{"q", "a"}}, {}).status == 401);
    CHECK(library.ask({{"q", "a"}}, library.hub.terminal).status == 403);
    CHECK(library.ask({{"q", "a"}}, library.hub.login("auditor")).status == 403);
    CHECK(library.ask({{"q", "a"}}, library.hub.login("teller")).status == 200);
    CHECK(fieldOf(library.ask({{"language", "en"}}, library.agent)) == "q");
    CHECK(fieldOf(library.ask({{"q", std::string(201, 'a')}}, library.agent)) == "q");
    CHECK(fieldOf(library.ask({{"q", "\xFF"}}, library.agent)) == "q");
    CHECK(fieldOf(library.ask({{"q", "a"}, {"language", std::string(36, 'a')}}, library.agent)) ==
          "language");
}

TEST_CASE("knowledge: a file that is changed is read again, one that is wrong is left out")
{
    Folder folder;
    const auto put = [&folder](const std::string& name, const std::string& text) {
        std::filesystem::create_directories(folder.path() / "knowledge");
        std::ofstream(folder.path() / "knowledge" / name) << text;
    };
    const std::string head = "---\ntitle: T\nversion: 2026-11-01\nlanguage: en\n---\n";
    Knowledge knowledge(folder.path() / "knowledge");
    CHECK(knowledge.articles() == 0);
    put("a.md", head + "# One\nold words\n");
    put("b.md", "no head");
    put("c.txt", head + "# Three\nold words\n");
    knowledge.refresh();
    CHECK(knowledge.articles() == 1);
    CHECK(knowledge.find("old", "en", 8).size() == 1);
    put("a.md", head + "# One\nnewer words\n");
    knowledge.refresh();
    CHECK(knowledge.find("old", "en", 8).empty());
    CHECK(knowledge.find("newer", "", 8).size() == 1);
    CHECK(knowledge.find("newer", "zh-CN", 8).empty());
    CHECK(knowledge.find("words", "en", 0).empty());
}

TEST_CASE("knowledge: the API document describes what is served, and for whom")
{
    Library library;
    std::set<std::string> described;
    const auto document = json::parse(queue::api::openApiDocument());
    for (const auto& [path, item] : document.at("paths").items()) {
        for (const auto& [method, operation] : item.items()) {
            if (operation.value("x-part", "") == "knowledge") {
                described.insert(path);
                for (const auto& role : operation.at("x-roles")) {
                    INFO(role);
                    CHECK(library.ask({{"q", "a"}}, library.hub.login(role)).status == 200);
                }
            }
        }
    }
    CHECK(described == std::set<std::string>{"/v1/knowledge"});
}
