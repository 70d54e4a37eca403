// SPDX-License-Identifier: Apache-2.0
#include "drivers/receipt/receipt_template.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "peripherals/base/trimmed.h"

namespace guichet::receipt {
namespace {

using nlohmann::json;

constexpr std::size_t kMostText = 256 * 1024;
constexpr int kMostTags = 20'000; ///< filled in, repetitions counted
constexpr int kDeepestBlock = 16;
constexpr std::string_view kOpen = "{{", kClose = "}}";

/// One {{...}} of the template.
struct Tag {
    std::size_t begin, end;
    std::string_view body; ///< trimmed
    [[nodiscard]] bool block() const
    {
        return body.starts_with('#') || body.starts_with('/') || body == "else";
    }
};

std::string shown(const json& value)
{
    if (value.is_string()) {
        return value.get<std::string>();
    }
    if (value.is_number_integer() || value.is_number_float()) {
        return value.dump();
    }
    return value.is_boolean() ? (value.get<bool>() ? "true" : "false") : "";
}

bool holds(const json& value)
{
    return !(value.is_null() || value == json(false) || value == json("") || value == json(0) ||
             (value.is_structured() && value.empty()));
}

constexpr std::array<std::string_view, 6> kOperators{"==", "!=", "<=", ">=", "<", ">"};

bool compare(const json& left, std::string_view comparison, const json& right)
{
    if (comparison == "==") {
        return left == right;
    }
    if (comparison == "!=") {
        return left != right;
    }
    if (comparison == "<=") {
        return left <= right;
    }
    if (comparison == ">=") {
        return left >= right;
    }
    return comparison == "<" ? left < right : left > right;
}

class Filling {
public:
    Filling(std::string_view text, const json& data, const FindText& findText)
        : m_text(text)
        , m_findText(findText)
        , m_scopes{&data}
        , m_filled(SourceText::from(text))
    {
    }

    Result<SourceText> run()
    {
        auto end = fill(0, {}, true, 0);
        if (!end) {
            return tl::unexpected(end.error());
        }
        return std::move(m_filled);
    }

private:
    [[nodiscard]] tl::unexpected<Error> refuse(std::size_t at, std::string_view seen,
                                               std::string_view wanted) const
    {
        return failAt(positionAt(m_text, at), seen, wanted);
    }

    /// The next tag from `at` on; nothing: there is none.
    [[nodiscard]] Result<std::optional<Tag>> nextTag(std::size_t at) const
    {
        const auto begin = m_text.find(kOpen, at);
        if (begin == std::string_view::npos) {
            return std::nullopt;
        }
        const auto close = m_text.find(kClose, begin);
        const auto line = m_text.find('\n', begin);
        if (close == std::string_view::npos || line < close) {
            return refuse(begin, inQuotes(m_text.substr(begin, 20)), "}} on the same line");
        }
        return Tag{begin, close + kClose.size(),
                   trimmed(m_text.substr(begin + kOpen.size(), close - begin - kOpen.size()))};
    }

    void addLiteral(std::size_t begin, std::size_t end)
    {
        if (end > begin) {
            m_filled.addLiteral(begin, end);
        }
    }

    /// A block tag alone on its line takes the whole line with it.
    [[nodiscard]] std::pair<std::size_t, std::size_t> extent(const Tag& tag) const
    {
        if (!tag.block()) {
            return {tag.begin, tag.end};
        }
        const auto before = m_text.rfind('\n', tag.begin);
        const auto lineBegin = before == std::string_view::npos ? 0 : before + 1;
        const auto after = m_text.find('\n', tag.end);
        const auto lineEnd = after == std::string_view::npos ? m_text.size() : after;
        auto rest = m_text.substr(tag.end, lineEnd - tag.end);
        if (rest.ends_with('\r')) {
            rest.remove_suffix(1);
        }
        const bool alone = trimmed(m_text.substr(lineBegin, tag.begin - lineBegin)).empty() &&
                           trimmed(rest).empty();
        return alone ? std::pair(lineBegin, std::min(lineEnd + 1, m_text.size()))
                     : std::pair(tag.begin, tag.end);
    }

    /// Goes on from `at` to the tag that ends the block of that kind ("if", "each"; empty: the
    /// end of the text), and returns where it stands. With `show` false nothing is added.
    Result<Tag> fill(std::size_t at, std::string_view kind, bool show, int depth)
    {
        for (;;) {
            auto next = nextTag(at);
            if (!next) {
                return tl::unexpected(next.error());
            }
            if (!*next) {
                if (!kind.empty()) {
                    return refuse(m_text.size(), "the end of the template",
                                  fmt::format("{{{{/{}}}}}", kind));
                }
                if (show) {
                    addLiteral(at, m_text.size());
                }
                return Tag{m_text.size(), m_text.size(), {}};
            }
            const auto& tag = **next;
            const auto [begin, end] = extent(tag);
            if (show) {
                addLiteral(at, std::max(at, begin));
            }
            if (m_filled.text().size() > kMostText || ++m_tags > kMostTags) {
                return refuse(tag.begin, "a longer text than paper", "a receipt");
            }
            if (tag.body == "else" || tag.body.starts_with('/')) {
                const bool ends = (tag.body == "else" && kind == "if") ||
                                  (!kind.empty() && tag.body.substr(1) == kind);
                return ends ? Result<Tag>(tag)
                            : refuse(tag.begin, inQuotes(tag.body),
                                     kind.empty() ? "an open block before it"
                                                  : fmt::format("{{{{/{}}}}}", kind));
            }
            at = end;
            if (tag.body.starts_with('#')) {
                auto after = block(tag, end, show, depth);
                if (!after) {
                    return tl::unexpected(after.error());
                }
                at = *after;
            } else if (show) {
                if (auto done = insert(tag); !done) {
                    return tl::unexpected(done.error());
                }
            }
        }
    }

    /// Returns where the text goes on behind the block.
    Result<std::size_t> block(const Tag& tag, std::size_t inside, bool show, int depth)
    {
        if (depth >= kDeepestBlock) {
            return refuse(tag.begin, inQuotes(tag.body), "at most 16 blocks inside one another");
        }
        if (tag.body.starts_with("#if ")) {
            return condition(tag, inside, show, depth);
        }
        if (tag.body.starts_with("#each ")) {
            return repetition(tag, inside, show, depth);
        }
        return refuse(tag.begin, inQuotes(tag.body), "#if CONDITION or #each LIST");
    }

    Result<std::size_t> condition(const Tag& tag, std::size_t inside, bool show, int depth)
    {
        Result<bool> yes = false;
        if (show) {
            yes = decide(tag);
            if (!yes) {
                return tl::unexpected(yes.error());
            }
        }
        auto end = fill(inside, "if", show && *yes, depth + 1);
        if (end && end->body == "else") {
            end = fill(extent(*end).second, "if", show && !*yes, depth + 1);
            if (end && end->body == "else") {
                return refuse(end->begin, "a second {{else}}", "{{/if}}");
            }
        }
        if (!end) {
            return tl::unexpected(end.error());
        }
        return extent(*end).second;
    }

    Result<std::size_t> repetition(const Tag& tag, std::size_t inside, bool show, int depth)
    {
        const json* list = nullptr;
        if (show) {
            const auto found = value(tag, trimmed(tag.body.substr(6)));
            if (!found) {
                return tl::unexpected(found.error());
            }
            if (!(*found)->is_array()) {
                return refuse(tag.begin, inQuotes(tag.body), "a list");
            }
            list = *found;
        }
        if (list == nullptr || list->empty()) {
            const auto end = fill(inside, "each", false, depth + 1);
            return end.map([this](const Tag& last) { return extent(last).second; });
        }
        std::size_t after = inside;
        for (const auto& item : *list) {
            m_scopes.push_back(&item);
            const auto end = fill(inside, "each", true, depth + 1);
            m_scopes.pop_back();
            if (!end) {
                return tl::unexpected(end.error());
            }
            after = extent(*end).second;
        }
        return after;
    }

    Result<void> insert(const Tag& tag)
    {
        if (tag.body.starts_with("t ")) {
            const auto key = trimmed(tag.body.substr(2));
            if (key.size() < 2 || key.front() != '"' || key.back() != '"') {
                return refuse(tag.begin, inQuotes(tag.body), "t \"KEY\"");
            }
            const auto text = m_findText ? m_findText(key.substr(1, key.size() - 2)) : std::nullopt;
            if (!text) {
                return refuse(tag.begin, "no text for " + std::string(key),
                              "a key of the texts in this language");
            }
            m_filled.addValue(escaped(*text), tag.begin);
            return {};
        }
        const auto found = value(tag, tag.body);
        if (!found) {
            return tl::unexpected(found.error());
        }
        if ((*found)->is_structured()) {
            return refuse(tag.begin, inQuotes(tag.body), "a single value, not a list or group");
        }
        m_filled.addValue(escaped(shown(**found)), tag.begin);
        return {};
    }

    Result<bool> decide(const Tag& tag)
    {
        const auto expression = trimmed(tag.body.substr(4));
        for (const auto comparison : kOperators) {
            const auto at = expression.find(comparison);
            if (at == std::string_view::npos) {
                continue;
            }
            const auto left = operand(tag, trimmed(expression.substr(0, at)));
            const auto right = operand(tag, trimmed(expression.substr(at + comparison.size())));
            if (!left || !right) {
                return tl::unexpected(!left ? left.error() : right.error());
            }
            if (left->is_number() != right->is_number() ||
                (!left->is_primitive() || !right->is_primitive())) {
                return comparison == "!=" ? Result<bool>(true)
                       : comparison == "=="
                           ? Result<bool>(false)
                           : refuse(tag.begin, inQuotes(tag.body), "two numbers or two texts");
            }
            return compare(*left, comparison, *right);
        }
        return operand(tag, expression).map(holds);
    }

    /// A number, a text in quotes, true, false, or a name.
    Result<json> operand(const Tag& tag, std::string_view text)
    {
        if (text == "true" || text == "false") {
            return json(text == "true");
        }
        if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
            return json(std::string(text.substr(1, text.size() - 2)));
        }
        double number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc() && end == text.data() + text.size()) {
            return json(number);
        }
        return value(tag, text).map([](const json* found) { return *found; });
    }

    /// What a dotted name stands for: innermost scope first.
    [[nodiscard]] Result<const json*> value(const Tag& tag, std::string_view name) const
    {
        if (name == "this") {
            return m_scopes.back();
        }
        for (auto scope = m_scopes.rbegin(); scope != m_scopes.rend(); ++scope) {
            const json* at = *scope;
            auto rest = name;
            while (at != nullptr && !rest.empty()) {
                const auto dot = std::min(rest.find('.'), rest.size());
                const auto found = at->find(std::string(rest.substr(0, dot))); // end(): no object
                at = found != at->end() ? &*found : nullptr;
                rest.remove_prefix(std::min(dot + 1, rest.size()));
            }
            if (at != nullptr && !name.empty()) {
                return at;
            }
        }
        std::string names;
        if (m_scopes.front()->is_object()) {
            for (const auto& item : m_scopes.front()->items()) {
                names += (names.empty() ? "" : ", ") + item.key();
            }
        }
        return refuse(tag.begin, inQuotes(name) + " is not in the data",
                      "one of: " + names.substr(0, 200));
    }

    std::string_view m_text;
    const FindText& m_findText;
    std::vector<const json*> m_scopes;
    SourceText m_filled;
    int m_tags = 0;
};

} // namespace

std::string escaped(std::string_view value)
{
    constexpr std::string_view kMarks = "|{}\\~_\"^`;";
    std::string kept;
    std::copy_if(value.begin(), value.end(), std::back_inserter(kept), [](char c) {
        return c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
    });
    std::string text;
    for (std::size_t i = 0; i < kept.size(); ++i) {
        const char c = kept[i];
        if (c == '\n') {
            text += "\\n";
        } else if (c == ' ' && (i == 0 || i + 1 == kept.size())) {
            text += '~'; // else it would decide the alignment
        } else {
            text += kMarks.find(c) != std::string_view::npos ? "\\" : "";
            text += c;
        }
    }
    // Alone on a line it would be a rule or a cut.
    if (!text.empty() && (text.find_first_not_of('-') == std::string::npos ||
                          text.find_first_not_of('=') == std::string::npos)) {
        text.insert(0, "\\");
    }
    return text;
}

Result<SourceText> fillIn(std::string_view text, const json& data, const FindText& findText)
{
    if (text.size() > kMostText) {
        return failAt({}, fmt::format("{} bytes", text.size()),
                      fmt::format("a template of at most {}", kMostText));
    }
    return Filling(text, data, findText).run();
}

} // namespace guichet::receipt
