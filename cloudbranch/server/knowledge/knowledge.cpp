// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/knowledge/knowledge.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <utility>

#include <spdlog/spdlog.h>

#include "cloudbranch/server/knowledge/search_index.h"

namespace guichet::hub {

namespace {

constexpr std::size_t kMostFiles = 2000;

bool isArticle(const std::filesystem::directory_entry& entry)
{
    const auto ending = entry.path().extension();
    std::error_code unknown;
    return (ending == ".md" || ending == ".json") && entry.is_regular_file(unknown);
}

Result<std::string> content(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    std::string text(kLargestArticle + 1, '\0');
    if (!stream) {
        return fail(Errc::Busy, file.filename().string() + ": cannot be read");
    }
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return text;
}

} // namespace

/// All articles and what finds them, in each language and in all.
struct Knowledge::Shelf {
    struct Place {
        std::size_t article;
        std::size_t section;
    };
    struct Language {
        SearchIndex index;
        std::vector<Place> places; ///< by the index's numbers
    };
    std::vector<Article> articles;
    std::map<std::string, Language> languages; ///< "": all of them
};

Knowledge::Knowledge(std::filesystem::path folder)
    : m_folder(std::move(folder))
    , m_seen(look())
    , m_shelf(read(m_seen))
{
}

Knowledge::~Knowledge() = default;

Knowledge::Seen Knowledge::look() const
{
    Seen files;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(m_folder, error)) {
        if (isArticle(entry)) {
            std::error_code unknown;
            files.emplace_back(entry.path().filename().string(), entry.file_size(unknown),
                               entry.last_write_time(unknown).time_since_epoch().count());
        }
    }
    std::ranges::sort(files);
    return files;
}

std::shared_ptr<const Knowledge::Shelf> Knowledge::read(const Seen& files) const
{
    auto shelf = std::make_shared<Shelf>();
    for (const auto& [name, size, changed] : files) {
        if (shelf->articles.size() == kMostFiles) {
            spdlog::error("knowledge: more than {} articles; the rest is left out", kMostFiles);
            break;
        }
        auto article = content(m_folder / name).and_then([&name = name](const std::string& text) {
            return parseArticle(name, text);
        });
        if (!article) {
            spdlog::error("knowledge: {}", article.error().detail);
            continue;
        }
        const auto number = shelf->articles.size();
        for (std::size_t at = 0; at < article->sections.size(); ++at) {
            const auto& section = article->sections[at];
            for (const auto& language : {article->language, std::string()}) {
                auto& known = shelf->languages[language];
                known.index.add(article->title + "\n" + section.heading, section.text);
                known.places.push_back({number, at});
            }
        }
        shelf->articles.push_back(std::move(*article));
    }
    return shelf;
}

void Knowledge::refresh()
{
    auto seen = look();
    {
        const std::lock_guard lock(m_mutex);
        if (seen == m_seen) {
            return;
        }
    }
    auto shelf = read(seen);
    spdlog::info("knowledge: {} articles", shelf->articles.size());
    const std::lock_guard lock(m_mutex);
    m_seen = std::move(seen);
    m_shelf = std::move(shelf);
}

std::vector<Finding> Knowledge::find(const std::string& question, const std::string& language,
                                     std::size_t most) const
{
    const auto shelf = [this] {
        const std::lock_guard lock(m_mutex);
        return m_shelf;
    }();
    const auto known = shelf->languages.find(language);
    std::vector<Finding> findings;
    if (known == shelf->languages.end()) {
        return findings;
    }
    for (const auto number : known->second.index.find(question)) {
        if (findings.size() == most) {
            break;
        }
        const auto& place = known->second.places[number];
        const auto& article = shelf->articles[place.article];
        const auto& section = article.sections[place.section];
        findings.push_back({article.id, article.title, section.heading, article.version,
                            article.language, section.text});
    }
    return findings;
}

std::size_t Knowledge::articles() const
{
    const std::lock_guard lock(m_mutex);
    return m_shelf->articles.size();
}

} // namespace guichet::hub
