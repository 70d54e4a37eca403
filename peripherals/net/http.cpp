// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/http.h"

#include <algorithm>

#include <nlohmann/json.hpp>
#include <openssl/crypto.h>

#include "peripherals/base/trimmed.h"
#include "peripherals/net/http_codec.h"

namespace guichet::net {
namespace {

std::string_view found(const std::map<std::string, std::string>& map, const std::string& name)
{
    const auto at = map.find(name);
    return at == map.end() ? std::string_view() : std::string_view(at->second);
}

bool worthRetrying(int status)
{
    return status == 408 || status == 425 || status == 429 || status == 502 || status == 503 ||
           status == 504;
}

} // namespace

void Headers::set(std::string_view name, std::string value)
{
    std::erase_if(m_fields, [name](const Field& field) { return equalNames(field.first, name); });
    m_fields.emplace_back(std::string(name), std::move(value));
}

void Headers::add(std::string name, std::string value)
{
    m_fields.emplace_back(std::move(name), std::move(value));
}

std::string_view Headers::get(std::string_view name) const
{
    for (const auto& [key, value] : m_fields) {
        if (equalNames(key, name)) {
            return value;
        }
    }
    return {};
}

bool Headers::has(std::string_view name) const
{
    return count(name) > 0;
}

std::size_t Headers::count(std::string_view name) const
{
    return static_cast<std::size_t>(
        std::count_if(m_fields.begin(), m_fields.end(),
                      [name](const Field& field) { return equalNames(field.first, name); }));
}

std::string_view Request::param(const std::string& name) const
{
    return found(params, name);
}

std::string_view Request::queryValue(const std::string& name) const
{
    return found(query, name);
}

Response json(int status, std::string text)
{
    return {.status = status, .contentType = "application/json", .body = std::move(text)};
}

Response problem(int status, std::string_view code, std::string_view detail,
                 const std::vector<FieldProblem>& fields, std::optional<bool> retryable)
{
    nlohmann::ordered_json body{
        {"type", "urn:guichet:problem:" + std::string(code)},
        {"title", reasonPhrase(status)},
        {"status", status},
        {"detail", detail},
        {"code", code},
        {"retryable", retryable.value_or(worthRetrying(status))},
        {"fields", nlohmann::ordered_json::array()},
    };
    for (const auto& field : fields) {
        body["fields"].push_back({{"field", field.field}, {"reason", field.reason}});
    }
    return {.status = status,
            .contentType = "application/problem+json",
            .body = body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)};
}

std::string_view reasonPhrase(int status)
{
    switch (status) {
    case 100:
        return "Continue";
    case 101:
        return "Switching Protocols";
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 202:
        return "Accepted";
    case 204:
        return "No Content";
    case 206:
        return "Partial Content";
    case 301:
        return "Moved Permanently";
    case 302:
        return "Found";
    case 303:
        return "See Other";
    case 304:
        return "Not Modified";
    case 307:
        return "Temporary Redirect";
    case 308:
        return "Permanent Redirect";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 406:
        return "Not Acceptable";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 410:
        return "Gone";
    case 411:
        return "Length Required";
    case 412:
        return "Precondition Failed";
    case 413:
        return "Content Too Large";
    case 414:
        return "URI Too Long";
    case 415:
        return "Unsupported Media Type";
    case 416:
        return "Range Not Satisfiable";
    case 417:
        return "Expectation Failed";
    case 422:
        return "Unprocessable Content";
    case 425:
        return "Too Early";
    case 426:
        return "Upgrade Required";
    case 428:
        return "Precondition Required";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    case 505:
        return "HTTP Version Not Supported";
    case 507:
        return "Insufficient Storage";
    default:
        return "Unknown";
    }
}

std::string_view bearerToken(const Request& request)
{
    constexpr std::string_view scheme = "bearer ";
    const auto value = request.header("Authorization");
    if (value.size() <= scheme.size() || !equalNames(value.substr(0, scheme.size()), scheme)) {
        return {};
    }
    return trimmed(value.substr(scheme.size()));
}

bool matchesNone(const Request& request, std::string_view etag)
{
    const auto strong = [](std::string_view tag) {
        return tag.starts_with("W/") ? tag.substr(2) : tag;
    };
    auto rest = request.header("If-None-Match");
    while (!rest.empty()) {
        const auto comma = rest.find(',');
        const auto tag = trimmed(rest.substr(0, comma));
        if (tag == "*" || (!tag.empty() && strong(tag) == strong(etag))) {
            return true;
        }
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    }
    return false;
}

bool equalSecrets(std::string_view left, std::string_view right)
{
    return left.size() == right.size() &&
           CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

} // namespace guichet::net
