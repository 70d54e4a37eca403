// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include <fmt/format.h>

#include "cloudbranch/web/pack.h"

/// Packs folders at build time. usage: guichet-pack-web OUTPUT FOLDER=PREFIX...
int main(int argc, char* argv[])
{
    std::map<std::string, std::string> contents;
    for (int i = 2; i < argc; ++i) {
        const std::string word = argv[i];
        const auto equals = word.rfind('=');
        const std::filesystem::path folder = word.substr(0, equals);
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
            if (!entry.is_regular_file()) {
                continue;
            }
            std::ifstream file(entry.path(), std::ios::binary);
            const auto name = word.substr(equals + 1) + "/" +
                              entry.path().lexically_relative(folder).generic_string();
            contents[name] = {std::istreambuf_iterator<char>(file), {}};
        }
    }
    std::ofstream output(argc > 1 ? argv[1] : "", std::ios::binary);
    output << guichet::web::pack(contents);
    output.close();
    if (!output || contents.empty()) {
        fmt::print(stderr, "usage: guichet-pack-web OUTPUT FOLDER=PREFIX...\n");
        return 1;
    }
    return 0;
}
