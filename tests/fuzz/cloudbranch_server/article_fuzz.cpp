// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "cloudbranch/server/knowledge/article.h"
#include "cloudbranch/server/knowledge/search_index.h"

using namespace guichet::hub;

/// What is accepted is whole, and is found by what stands in it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    SearchIndex index;
    for (const char* id : {"a.md", "a.json"}) {
        const auto article = parseArticle(id, text);
        if (!article) {
            continue;
        }
        for (const auto& section : article->sections) {
            if (section.heading.empty() || section.text.empty()) {
                std::abort();
            }
            index.add(section.heading, section.text);
        }
        static_cast<void>(index.find(article->title));
    }
    static_cast<void>(index.find(text));
    return 0;
}
