// SPDX-License-Identifier: Apache-2.0
#include "drivers/receipt/receipt_text.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "drivers/receipt/receipt_property.h"

namespace guichet::receipt {
namespace {

constexpr std::size_t kMostLines = 1000;
constexpr std::string_view kBlanks = " \t";

bool blank(char c)
{
    return kBlanks.find(c) != std::string_view::npos;
}

/// What lies between two bars of a line, in bytes of the document.
struct Field {
    std::size_t begin, end;
    bool barBefore, barAfter;
};

/// Splits at bars that are neither escaped nor inside a property.
std::vector<Field> fieldsOf(std::string_view text, std::size_t begin, std::size_t end)
{
    std::vector<Field> fields{{begin, end, false, false}};
    bool inProperty = false;
    for (auto at = begin; at < end; ++at) {
        switch (text[at]) {
        case '\\':
            ++at;
            break;
        case '{':
            inProperty = true;
            break;
        case '}':
            inProperty = false;
            break;
        case '|':
            if (!inProperty) {
                fields.back().end = at;
                fields.back().barAfter = true;
                fields.push_back({at + 1, end, true, false});
            }
            break;
        default:
            break;
        }
    }
    return fields;
}

/// Blanks beside a bar decide; at the paper's edge, where no bar stands, the other side does.
Align alignOf(std::string_view text, const Field& field)
{
    const bool empty = field.begin == field.end;
    const bool blankBefore = field.barBefore && !empty && blank(text[field.begin]);
    const bool blankAfter = field.barAfter && !empty && blank(text[field.end - 1]);
    if (!field.barBefore && !field.barAfter) {
        return Align::Centre;
    }
    const bool left = field.barBefore ? !blankBefore : blankAfter;
    const bool right = field.barAfter ? !blankAfter : blankBefore;
    return left == right ? Align::Centre : left ? Align::Left : Align::Right;
}

/// Turns the text of one column into spans.
class Styling {
public:
    Styling(const SourceText& source, std::size_t begin, std::size_t end)
        : m_source(source)
        , m_text(source.text())
        , m_at(begin)
        , m_end(end)
    {
    }

    Result<std::vector<Span>> run()
    {
        while (m_at < m_end) {
            const char c = m_text[m_at];
            const auto count = std::min(m_text.find_first_not_of(c, m_at), m_end) - m_at;
            switch (c) {
            case '\\':
                if (auto done = escape(); !done) {
                    return tl::unexpected(done.error());
                }
                continue;
            case '"':
                change([](Span& look) { look.bold = !look.bold; });
                break;
            case '_':
                change([](Span& look) { look.underline = !look.underline; });
                break;
            case '`':
                change([](Span& look) { look.inverted = !look.inverted; });
                break;
            case '~':
                m_look.text += ' ';
                break;
            case '^':
                if (count > kSizes.size()) {
                    return failAt(m_source.position(m_at), fmt::format("{} times ^", count),
                                  "1 to 7");
                }
                resize(kSizes.at(count - 1));
                m_at += count;
                continue;
            case '{':
            case '}':
                return failAt(m_source.position(m_at), inQuotes(std::string_view(&c, 1)),
                              "a property alone on its line, or \\{ and \\}");
            default:
                m_look.text += c;
                break;
            }
            ++m_at;
        }
        change([](Span&) {});
        return std::move(m_spans);
    }

private:
    struct Size {
        int wide, high;
    };
    static constexpr std::array<Size, 7> kSizes{
        {{2, 1}, {1, 2}, {2, 2}, {3, 3}, {4, 4}, {5, 5}, {6, 6}}};

    template <typename Change> void change(const Change& how)
    {
        if (!m_look.text.empty()) {
            m_spans.push_back(m_look);
            m_look.text.clear();
        }
        how(m_look);
    }

    /// The same mark again goes back to the normal size.
    void resize(Size size)
    {
        change([size](Span& look) {
            const bool back = look.wide == size.wide && look.high == size.high;
            look.wide = back ? 1 : size.wide;
            look.high = back ? 1 : size.high;
        });
    }

    Result<void> escape()
    {
        constexpr std::string_view kMarks = "\\{|}~_\"`^;-=";
        const char c = m_at + 1 < m_end ? m_text[m_at + 1] : '\0';
        if (c != 'n' && kMarks.find(c) == std::string_view::npos) {
            return failAt(m_source.position(m_at),
                          inQuotes(std::string_view(m_text).substr(
                              m_at, std::min<std::size_t>(2, m_end - m_at))),
                          "one of \\n \\\\ \\| \\{ \\} \\~ \\_ \\\" \\` \\^ \\; \\- \\=");
        }
        m_look.text += c == 'n' ? '\n' : c;
        m_at += 2;
        return {};
    }

    const SourceText& m_source;
    const std::string& m_text;
    std::size_t m_at, m_end;
    Span m_look;
    std::vector<Span> m_spans;
};

class Parsing {
public:
    explicit Parsing(const SourceText& source)
        : m_source(source)
        , m_text(source.text())
    {
    }

    Result<Receipt> run()
    {
        std::size_t lines = 0;
        for (std::size_t begin = 0; begin < m_text.size();) {
            const auto feed = std::min(m_text.find('\n', begin), m_text.size());
            auto end = feed;
            if (end > begin && m_text[end - 1] == '\r') {
                --end;
            }
            if (++lines > kMostLines) {
                return failAt(m_source.position(begin), "one more line",
                              fmt::format("at most {}", kMostLines));
            }
            if (auto done = line(begin, end); !done) {
                return tl::unexpected(done.error());
            }
            begin = feed + 1;
        }
        m_receipt.cut = m_properties.cut;
        m_receipt.minHeightMm = m_properties.minHeightMm;
        m_receipt.presentMm = m_properties.presentMm;
        return std::move(m_receipt);
    }

private:
    [[nodiscard]] std::string_view part(std::size_t begin, std::size_t end) const
    {
        return std::string_view(m_text).substr(begin, end - begin);
    }

    void trim(Field& field) const
    {
        while (field.begin < field.end && blank(m_text[field.begin])) {
            ++field.begin;
        }
        while (field.end > field.begin && blank(m_text[field.end - 1])) {
            --field.end;
        }
    }

    Result<void> line(std::size_t begin, std::size_t end)
    {
        Field whole{begin, end, false, false};
        trim(whole);
        auto fields = fieldsOf(m_text, whole.begin, whole.end);
        // A bar at the edge of the line aligns; it makes no column.
        if (fields.size() > 1 && fields.front().begin == fields.front().end) {
            fields.erase(fields.begin());
        }
        if (fields.size() > 1 && fields.back().begin == fields.back().end) {
            fields.pop_back();
        }
        if (fields.size() > kMostColumns) {
            return failAt(m_source.position(begin), fmt::format("{} columns", fields.size()),
                          fmt::format("at most {}", kMostColumns));
        }
        if (fields.size() == 1) {
            auto only = fields.front();
            const auto align = alignOf(m_text, only);
            trim(only);
            const auto text = part(only.begin, only.end);
            if (text.starts_with('{')) {
                return properties(only.begin, only.end, align);
            }
            if (!text.empty() && text.find_first_not_of('-') == std::string_view::npos) {
                return add(Rule{m_properties.settings}, begin);
            }
            if (!text.empty() && text.find_first_not_of('=') == std::string_view::npos) {
                return add(Cut{}, begin);
            }
        }
        return row(fields);
    }

    Result<void> row(const std::vector<Field>& fields)
    {
        TextRow row{{}, m_properties.settings};
        const auto& widths = row.settings.widths;
        if (!widths.empty() && fields.size() > widths.size()) {
            return failAt(m_source.position(fields[widths.size()].begin),
                          fmt::format("column {}", widths.size() + 1),
                          fmt::format("at most the {} of {{width:}}", widths.size()));
        }
        for (auto field : fields) {
            const auto align = alignOf(m_text, field);
            trim(field);
            auto spans = Styling(m_source, field.begin, field.end).run();
            if (!spans) {
                return tl::unexpected(spans.error());
            }
            row.columns.push_back({align, std::move(*spans)});
        }
        return add(std::move(row), fields.front().begin);
    }

    Result<void> properties(std::size_t begin, std::size_t end, Align align)
    {
        auto made = m_properties.take(m_source, begin, end, align);
        if (!made) {
            return tl::unexpected(made.error());
        }
        for (auto& element : *made) {
            m_receipt.elements.push_back(std::move(element));
        }
        return {};
    }

    Result<void> add(decltype(Element::content) content, std::size_t begin)
    {
        m_receipt.elements.push_back({std::move(content), m_source.position(begin)});
        return {};
    }

    const SourceText& m_source;
    const std::string& m_text;
    PropertyReader m_properties;
    Receipt m_receipt;
};

} // namespace

Result<Receipt> parseReceipt(const SourceText& source)
{
    return Parsing(source).run();
}

} // namespace guichet::receipt
