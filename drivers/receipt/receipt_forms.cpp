// SPDX-License-Identifier: Apache-2.0
#include "drivers/receipt/receipt_forms.h"

#include <algorithm>
#include <fstream>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "drivers/receipt/built_in_forms.h"
#include "drivers/receipt/receipt_template.h"

namespace guichet::receipt {
namespace {

using nlohmann::json;

constexpr std::string_view kEnding = ".receipt", kTexts = "texts.json", kDefault = "default";
constexpr std::size_t kLargestFile = 256 * 1024;

tl::unexpected<Error> refuse(const std::string& origin, std::string_view what)
{
    return fail(Errc::Invalid, fmt::format("{}: {}", origin, what), Remedy::CallStaff);
}

Result<std::string> contentOf(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    std::string text(kLargestFile + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (text.size() > kLargestFile) {
        return refuse(file.string(), "want at most 256 KiB");
    }
    return stream.eof() ? Result<std::string>(std::move(text))
                        : refuse(file.string(), "cannot be read");
}

/// "ticket" of "ticket.receipt"; nothing: no template.
std::optional<std::string> formName(const std::string& fileName)
{
    return fileName.ends_with(kEnding)
               ? std::optional(fileName.substr(0, fileName.size() - kEnding.size()))
               : std::nullopt;
}

} // namespace

ReceiptForms ReceiptForms::builtIn()
{
    ReceiptForms forms;
    for (const auto& file : kBuiltInFiles) {
        const std::string name(file.name);
        if (auto form = formName(name)) {
            forms.m_templates[*form] = {std::string(file.text), "built-in " + name};
        } else {
            static_cast<void>(forms.addTexts(file.text, "built-in " + name)); // a test reads them
        }
    }
    return forms;
}

Result<ReceiptForms> ReceiptForms::fromFolder(const std::filesystem::path& folder)
{
    auto forms = builtIn();
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
        const auto name = entry.path().filename().string();
        const auto form = formName(name);
        if (!form && name != kTexts) {
            continue;
        }
        auto text = contentOf(entry.path());
        if (!text) {
            return tl::unexpected(text.error());
        }
        if (form) {
            forms.m_templates[*form] = {std::move(*text), entry.path().string()};
        } else if (auto added = forms.addTexts(*text, entry.path().string()); !added) {
            return tl::unexpected(added.error());
        }
    }
    if (failed) {
        return fail(Errc::NotFound,
                    fmt::format("folder of templates {}: {}", folder.string(), failed.message()),
                    Remedy::CallStaff);
    }
    return forms;
}

Result<void> ReceiptForms::addTexts(std::string_view text, const std::string& origin)
{
    const auto languages = json::parse(text, nullptr, false);
    constexpr std::string_view kWanted = R"(want {"LANGUAGE": {"KEY": "TEXT"}})";
    if (!languages.is_object()) {
        return refuse(origin, kWanted);
    }
    for (const auto& [language, texts] : languages.items()) {
        if (!texts.is_object()) {
            return refuse(origin, kWanted);
        }
        for (const auto& [key, value] : texts.items()) {
            if (!value.is_string()) {
                return refuse(origin, kWanted);
            }
            m_texts[language][key] = value.get<std::string>();
        }
    }
    return {};
}

Result<ReceiptTree> ReceiptForms::set(std::string_view name, const json& data,
                                      std::string_view language, int widthDots) const
{
    const auto form = m_templates.find(name);
    if (form == m_templates.end()) {
        return fail(Errc::NotFound, fmt::format("no receipt form {}", inQuotes(name)));
    }
    const auto findText = [this, language](std::string_view key) -> std::optional<std::string> {
        for (const auto wanted : {language, language.substr(0, language.find('-')), kDefault}) {
            const auto texts = m_texts.find(wanted);
            if (texts == m_texts.end()) {
                continue;
            }
            if (const auto text = texts->second.find(key); text != texts->second.end()) {
                return text->second;
            }
        }
        return std::nullopt;
    };
    auto tree =
        fillIn(form->second.text, data, findText)
            .and_then(parseReceipt)
            .and_then(
                [widthDots](const Receipt& receipt) { return setReceipt(receipt, widthDots); })
            .and_then([](ReceiptTree&& set) -> Result<ReceiptTree> {
                const bool torn = std::any_of(set.cuts.begin(), set.cuts.end(),
                                              [&set](int cut) { return cut < set.height; });
                return torn ? fail(Errc::Invalid, "a cut before the end, want one at the end only",
                                   Remedy::CallStaff)
                            : Result<ReceiptTree>(std::move(set));
            });
    return std::move(tree).map_error(
        [&form](Error&& error) { return std::move(error).during(form->second.origin); });
}

} // namespace guichet::receipt
