// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "drivers/receipt/source_text.h"

/// The thin layer above ReceiptLine: values, conditions, repetition, texts by language. Pure.
///
///     {{ticket.label}}                       a value
///     {{t "please_wait"}}                    a text in the customer's language
///     {{#if waiting > 3}}..{{else}}..{{/if}}     == != < <= > >=, or a value alone
///     {{#each services}}{{name}}{{/each}}    once for each; names are looked up inside first
///
/// A line with nothing but {{#..}}, {{else}} or {{/..}} leaves no line behind.
namespace guichet::receipt {

/// The text behind a key; nothing: there is none.
using FindText = std::function<std::optional<std::string>(std::string_view key)>;

/// Fills in a template. What comes from outside cannot become markup: it is escaped for the
/// ReceiptLine parser. Errc::Invalid names line and column, what was seen and what was wanted: a
/// name that the data lacks, a block that is not closed, more than 256 KiB of text.
[[nodiscard]] Result<SourceText> fillIn(std::string_view text, const nlohmann::json& data,
                                        const FindText& findText);

/// A value as text that means nothing but itself to the ReceiptLine parser, even alone on a line
/// or inside a property. Line ends become \n, other control characters vanish.
[[nodiscard]] std::string escaped(std::string_view value);

} // namespace guichet::receipt
