// SPDX-License-Identifier: Apache-2.0
#include "peripherals/xfs/ticket_form.h"

#include <charconv>
#include <utility>

#include <nlohmann/json.hpp>

namespace guichet::xfs {

using nlohmann::json;

namespace {

constexpr std::size_t kMaxText = 400;
constexpr std::size_t kMaxLines = 20;
constexpr std::int64_t kMaxPrintIndex = 99;
constexpr auto kLarge = "large", kStandard = "standard";

Result<std::string> text(const json& fields, const char* key)
{
    const auto found = fields.find(key);
    if (found == fields.end() || found->is_null()) {
        return std::string();
    }
    if (!found->is_string()) {
        return fail(Errc::Invalid, std::string("field ") + key + " is not a string");
    }
    auto value = found->get<std::string>();
    if (value.size() > kMaxText) {
        return fail(Errc::Invalid, std::string("field ") + key + " is too long");
    }
    return value;
}

Result<std::vector<std::string>> texts(const json& fields, const char* key)
{
    const auto found = fields.find(key);
    if (found == fields.end() || found->is_null()) {
        return std::vector<std::string>();
    }
    const json list = found->is_array() ? *found : json::array({*found});
    if (list.size() > kMaxLines) {
        return fail(Errc::Invalid, std::string("field ") + key + " has too many lines");
    }
    std::vector<std::string> values;
    for (const auto& item : list) {
        if (!item.is_string() || item.get_ref<const std::string&>().size() > kMaxText) {
            return fail(Errc::Invalid, std::string("field ") + key + " is not a list of lines");
        }
        values.push_back(item.get<std::string>());
    }
    return values;
}

Result<std::int64_t> printIndex(const std::string& value)
{
    std::int64_t index = 0;
    const char* end = value.data() + value.size();
    const auto [stop, failed] = std::from_chars(value.data(), end, index);
    if (failed != std::errc() || stop != end || index < 1 || index > kMaxPrintIndex) {
        return fail(Errc::Invalid, "field printIndex is not a number from 1 to 99");
    }
    return index;
}

} // namespace

json ticketFields(const TicketForm& form)
{
    json rows = json::array();
    for (const auto& [label, value] : form.rows) {
        auto row = label;
        rows.push_back(row.append("\t").append(value));
    }
    return {
        {"ticketId", form.ticketId},
        {"printIndex", std::to_string(form.printIndex)},
        {"outlet", form.outlet},
        {"service", form.service},
        {"number", form.number},
        {"rows", std::move(rows)},
        {"code", form.code},
        {"footer", form.footer},
        {"letters", form.large ? kLarge : kStandard},
        {"language", form.language},
    };
}

Result<TicketForm> ticketFromFields(const json& fields)
{
    if (!fields.is_object()) {
        return fail(Errc::Invalid, "fields is not an object");
    }
    TicketForm form;
    const std::pair<const char*, std::string*> places[] = {
        {"ticketId", &form.ticketId}, {"outlet", &form.outlet}, {"service", &form.service},
        {"number", &form.number},     {"code", &form.code},     {"language", &form.language},
    };
    for (const auto& [key, place] : places) {
        auto value = text(fields, key);
        if (!value) {
            return tl::unexpected(std::move(value).error());
        }
        *place = std::move(*value);
    }
    for (const auto& [key, value] :
         {std::pair("ticketId", &form.ticketId), std::pair("number", &form.number)}) {
        if (value->empty()) {
            return fail(Errc::Invalid, std::string("field ") + key + " is missing");
        }
    }
    const auto indexText = text(fields, "printIndex");
    const auto index = indexText ? printIndex(*indexText)
                                 : Result<std::int64_t>(tl::unexpected(indexText.error()));
    if (!index) {
        return tl::unexpected(index.error());
    }
    form.printIndex = *index;
    const auto letters = text(fields, "letters");
    if (!letters || (!letters->empty() && *letters != kLarge && *letters != kStandard)) {
        return fail(Errc::Invalid, "field letters is not \"standard\" or \"large\"");
    }
    form.large = *letters == kLarge;
    const auto rows = texts(fields, "rows");
    auto footer = texts(fields, "footer");
    if (!rows || !footer) {
        return tl::unexpected(rows ? footer.error() : rows.error());
    }
    for (const auto& row : *rows) {
        const auto tab = row.find('\t');
        form.rows.emplace_back(row.substr(0, tab),
                               tab == std::string::npos ? std::string() : row.substr(tab + 1));
    }
    form.footer = std::move(*footer);
    return form;
}

} // namespace guichet::xfs
