// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace guichet::hub {

/// What one page says in one language, those of "site" included; the page's script gets the same.
class Words {
public:
    /// Of cloudbranch/web/words/<page>.json. `language` is one of languages(). For the life of the
    /// program; thread-safe.
    [[nodiscard]] static const Words& of(std::string_view page, std::string_view language);

    /// The text; the key itself if there is none (a test reads every page for those).
    [[nodiscard]] std::string operator()(const std::string& key) const;
    /// The text with each "{name}" replaced.
    [[nodiscard]] std::string
    operator()(const std::string& key,
               std::initializer_list<std::pair<std::string_view, std::string>> values) const;
    [[nodiscard]] bool has(const std::string& key) const { return m_texts.contains(key); }
    /// All of them as a JSON object.
    [[nodiscard]] const std::string& json() const { return m_json; }
    [[nodiscard]] const std::string& language() const { return m_language; }

private:
    std::string m_language;
    std::map<std::string, std::string> m_texts;
    std::string m_json;
};

/// The language of the site's that a wish ("?lang=") or else Accept-Language asks for first;
/// zh-CN when neither names one.
[[nodiscard]] std::string pageLanguage(std::string_view wish, std::string_view acceptLanguage);

} // namespace guichet::hub
