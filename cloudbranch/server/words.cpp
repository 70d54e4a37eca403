// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/words.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "cloudbranch/web/files.h"

namespace guichet::hub {
namespace {

constexpr std::string_view kFolder = "words/";
constexpr std::string_view kEnding = ".json";
constexpr std::string_view kShared = "site";

std::string siteLanguage(std::string_view tag)
{
    if (tag.starts_with("zh") || tag.starts_with("ZH")) {
        return "zh-CN";
    }
    return tag.starts_with("en") || tag.starts_with("EN") ? "en" : "";
}

nlohmann::json read(std::string_view page)
{
    return nlohmann::json::parse(
        web::file(std::string(kFolder) + std::string(page) + std::string(kEnding)));
}

} // namespace

const Words& Words::of(std::string_view page, std::string_view language)
{
    using Key = std::pair<std::string, std::string>;
    static const auto all = [] {
        std::map<Key, Words, std::less<>> pages;
        const auto shared = read(kShared);
        for (const auto& file : web::files()) {
            if (!file.name.starts_with(kFolder)) {
                continue;
            }
            const auto name = file.name.substr(kFolder.size(),
                                               file.name.size() - kFolder.size() - kEnding.size());
            auto own = read(name);
            const auto more = own.value("with", "");
            own.erase("with");
            for (const auto& [tag, texts] : own.items()) {
                auto merged = shared.at(tag);
                if (!more.empty()) {
                    merged.update(read(more).at(tag));
                }
                merged.update(texts);
                Words words;
                words.m_language = tag;
                words.m_texts = merged.get<std::map<std::string, std::string>>();
                words.m_json = merged.dump();
                pages.emplace(Key(name, tag), std::move(words));
            }
        }
        return pages;
    }();
    return all.at(Key(page, language));
}

std::string Words::operator()(const std::string& key) const
{
    const auto found = m_texts.find(key);
    return found == m_texts.end() ? key : found->second;
}

std::string
Words::operator()(const std::string& key,
                  std::initializer_list<std::pair<std::string_view, std::string>> values) const
{
    auto text = (*this)(key);
    for (const auto& [name, value] : values) {
        const auto mark = "{" + std::string(name) + "}";
        for (auto at = text.find(mark); at != std::string::npos;
             at = text.find(mark, at + value.size())) {
            text.replace(at, mark.size(), value);
        }
    }
    return text;
}

std::string pageLanguage(std::string_view wish, std::string_view acceptLanguage)
{
    if (auto language = siteLanguage(wish); !language.empty()) {
        return language;
    }
    while (!acceptLanguage.empty()) { // browsers send them in order of preference
        const auto end = acceptLanguage.find(',');
        auto tag = acceptLanguage.substr(0, end);
        tag.remove_prefix(std::min(tag.find_first_not_of(' '), tag.size()));
        if (auto language = siteLanguage(tag); !language.empty()) {
            return language;
        }
        acceptLanguage = end == std::string_view::npos ? "" : acceptLanguage.substr(end + 1);
    }
    return "zh-CN";
}

} // namespace guichet::hub
