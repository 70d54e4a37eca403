// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "drivers/receipt/receipt_tree.h"

namespace guichet::receipt {

/// Receipts by name: ours are packed into the program, a bank's own come from a folder of
/// NAME.receipt files, with `texts.json` for {{t "KEY"}}: {"zh": {"KEY": "..."}, "en": {..},
/// "default": {..}}. What the folder lacks is ours.
class ReceiptForms {
public:
    /// Ours alone.
    [[nodiscard]] static ReceiptForms builtIn();
    /// Reads the whole folder once. Errc::NotFound: there is no such folder. Errc::Invalid names
    /// the file: over 256 KiB, or texts that are not JSON of that form.
    [[nodiscard]] static Result<ReceiptForms> fromFolder(const std::filesystem::path& folder);

    /// A filled in receipt on paper of that width. Texts are taken in the language (RFC 5646), its
    /// first part, or "default". Errc::NotFound: no form of that name. Errc::Invalid names the
    /// template, line and column: as fillIn, parseReceipt and setReceipt, and a cut before the
    /// end, since a form is one paper.
    [[nodiscard]] Result<ReceiptTree> set(std::string_view name, const nlohmann::json& data,
                                          std::string_view language, int widthDots) const;

private:
    using Texts = std::map<std::string, std::string, std::less<>>;
    [[nodiscard]] Result<void> addTexts(std::string_view text, const std::string& origin);

    struct Template {
        std::string text;
        std::string origin; ///< for errors
    };
    std::map<std::string, Template, std::less<>> m_templates;
    std::map<std::string, Texts, std::less<>> m_texts; ///< by language
};

} // namespace guichet::receipt
