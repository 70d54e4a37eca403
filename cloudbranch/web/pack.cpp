// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/web/pack.h"

#include <string_view>

#include <fmt/format.h>

namespace guichet::web {
namespace {

constexpr std::size_t kBytesPerLine = 120;

bool isPlain(char letter)
{
    return letter >= ' ' && letter <= '~' && letter != '"' && letter != '\\' && letter != '?';
}

/// Three octal digits always: a digit that follows cannot become part of the escape.
void appendEscaped(std::string& out, char letter)
{
    if (isPlain(letter)) {
        out += letter;
        return;
    }
    out += fmt::format("\\{:03o}", static_cast<unsigned char>(letter));
}

void appendLiteral(std::string& out, std::string_view bytes)
{
    for (std::size_t i = 0; i < bytes.size() || i == 0; i += kBytesPerLine) {
        out += "        \"";
        for (const char letter : bytes.substr(i, kBytesPerLine)) {
            appendEscaped(out, letter);
        }
        out += "\"\n";
    }
}

} // namespace

std::string pack(const std::map<std::string, std::string>& contents)
{
    std::string out = "// Made from the files of cloudbranch/web.\n"
                      "#include <array>\n\n"
                      "#include \"cloudbranch/web/files.h\"\n\n"
                      "#pragma GCC diagnostic ignored \"-Woverlength-strings\" // no compiler of "
                      "ours has that limit\n\n"
                      "namespace guichet::web {\n\n"
                      "std::span<const File> files()\n{\n";
    out += fmt::format("    static const std::array<File, {}> all{{{{\n", contents.size());
    for (const auto& [name, bytes] : contents) {
        out += "        {\"";
        for (const char letter : name) {
            appendEscaped(out, letter);
        }
        out += "\",\n         std::string_view(\n";
        appendLiteral(out, bytes);
        out += fmt::format("        , {})}},\n", bytes.size());
    }
    out += "    }};\n    return all;\n}\n\n} // namespace guichet::web\n";
    return out;
}

} // namespace guichet::web
