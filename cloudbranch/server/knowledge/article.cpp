// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/knowledge/article.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "peripherals/net/websocket_codec.h"
#include "queue/domain/opening_hours.h"

namespace guichet::hub {

using nlohmann::json;

namespace {

constexpr std::size_t kLongestLine = 200, kMostSections = 200;
constexpr std::string_view kFence = "---", kByteOrderMark = "\xEF\xBB\xBF";

tl::unexpected<Error> wrong(const std::string& id, const std::string& what)
{
    return fail(Errc::Invalid, id + ": " + what);
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kSpace = " \t\r\n";
    const auto begin = text.find_first_not_of(kSpace);
    return begin == std::string_view::npos
               ? std::string_view()
               : text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

/// The next line of `text`, which is shortened by it.
std::string_view takeLine(std::string_view& text)
{
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

void takeTasks(std::string_view list, std::set<std::string>& tasks)
{
    while (!list.empty()) {
        const auto end = list.find(',');
        if (const auto task = trimmed(list.substr(0, end)); !task.empty()) {
            tasks.emplace(task);
        }
        list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
    }
}

/// "# Heading": what stands behind the signs; nothing for any other line.
std::string_view headingIn(std::string_view line)
{
    const auto level = line.find_first_not_of('#');
    const bool heading = level != std::string_view::npos && level > 0 && line[level] == ' ';
    return heading ? trimmed(line.substr(level)) : std::string_view();
}

Result<void> readHead(const std::string& id, std::string_view& text, Article& article)
{
    if (trimmed(takeLine(text)) != kFence) {
        return wrong(id, "line 1: want --- and then title, version and language");
    }
    for (int number = 2;; ++number) {
        if (text.empty()) {
            return wrong(id, "the --- that ends its head is missing");
        }
        const auto line = trimmed(takeLine(text));
        if (line == kFence) {
            return {};
        }
        const auto colon = line.find(':');
        const auto key = trimmed(line.substr(0, colon));
        const auto value =
            colon == std::string_view::npos ? std::string_view() : trimmed(line.substr(colon + 1));
        if (key == "title") {
            article.title = value;
        } else if (key == "version") {
            article.version = value;
        } else if (key == "language") {
            article.language = value;
        } else if (key == "tasks") {
            takeTasks(value, article.tasks);
        } else {
            return wrong(id, "line " + std::to_string(number) +
                                 ": want title, version, language or tasks, or --- at the end");
        }
    }
}

Result<Article> readMarkdown(const std::string& id, std::string_view text)
{
    Article article{.id = id};
    if (auto head = readHead(id, text, article); !head) {
        return tl::unexpected(head.error());
    }
    ArticleSection section{.heading = article.title};
    const auto end = [&] {
        section.text = trimmed(section.text);
        if (!section.text.empty()) {
            article.sections.push_back(std::move(section));
        }
        section = {};
    };
    while (!text.empty()) {
        const auto line = takeLine(text);
        if (const auto heading = headingIn(line); !heading.empty()) {
            end();
            section.heading = heading;
        } else {
            section.text += line;
            section.text += '\n';
        }
    }
    end();
    return article;
}

std::string textOf(const json& object, const char* member)
{
    const auto found = object.find(member);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<Article> readJson(const std::string& id, std::string_view text)
{
    const auto object = json::parse(text, nullptr, false);
    if (!object.is_object()) {
        return wrong(id, "want one JSON object");
    }
    Article article{.id = id,
                    .title = textOf(object, "title"),
                    .version = textOf(object, "version"),
                    .language = textOf(object, "language")};
    for (const auto& task : object.value("tasks", json::array())) {
        if (!task.is_string()) {
            return wrong(id, "tasks: want names of journeys");
        }
        article.tasks.insert(task.get<std::string>());
    }
    for (const auto& each : object.value("sections", json::array())) {
        ArticleSection section{each.is_object() ? textOf(each, "heading") : std::string(),
                               each.is_object() ? textOf(each, "text") : std::string()};
        if (section.heading.empty() || section.text.empty()) {
            return wrong(id, "sections: want {\"heading\", \"text\"}, both of text");
        }
        article.sections.push_back(std::move(section));
    }
    return article;
}

bool isShort(const std::string& text)
{
    return !text.empty() && text.size() <= kLongestLine;
}

Result<Article> checked(Article article)
{
    if (!isShort(article.title)) {
        return wrong(article.id, "title: want 1 to 200 bytes of text");
    }
    if (!queue::domain::dateFromText(article.version)) {
        return wrong(article.id, "version: want a date like 2026-11-01");
    }
    if (!isShort(article.language)) {
        return wrong(article.id, "language: want one like zh-CN");
    }
    if (article.sections.empty() || article.sections.size() > kMostSections) {
        return wrong(article.id, "want 1 to 200 sections with text");
    }
    const auto odd = std::ranges::find_if_not(article.sections, isShort, &ArticleSection::heading);
    if (odd != article.sections.end()) {
        return wrong(article.id, "a heading of more than 200 bytes");
    }
    return article;
}

} // namespace

Result<Article> parseArticle(const std::string& id, std::string_view text)
{
    if (text.size() > kLargestArticle) {
        return wrong(id, std::to_string(text.size()) + " bytes, at most " +
                             std::to_string(kLargestArticle));
    }
    if (!net::isUtf8(text)) {
        return wrong(id, "is not UTF-8");
    }
    if (text.starts_with(kByteOrderMark)) {
        text.remove_prefix(kByteOrderMark.size());
    }
    try {
        return (id.ends_with(".json") ? readJson(id, text) : readMarkdown(id, text))
            .and_then(checked);
    } catch (const json::exception& error) { // a member of another kind
        return wrong(id, error.what());
    }
}

} // namespace guichet::hub
