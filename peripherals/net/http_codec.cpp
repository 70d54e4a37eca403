// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/http_codec.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "peripherals/base/trimmed.h"

namespace guichet::net {
namespace {

constexpr std::size_t kMaxFields = 100;
constexpr std::size_t kMaxChunkLine = 256;

constexpr std::array<bool, 256> tokenCharacters()
{
    std::array<bool, 256> table{};
    for (const char letter : std::string_view("!#$%&'*+-.^_`|~0123456789"
                                              "abcdefghijklmnopqrstuvwxyz"
                                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
        table[static_cast<unsigned char>(letter)] = true;
    }
    return table;
}
constexpr auto kToken = tokenCharacters();

bool isToken(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char letter) {
        return kToken[static_cast<unsigned char>(letter)];
    });
}

bool isFieldValue(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char letter) {
        const auto byte = static_cast<unsigned char>(letter);
        return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
    });
}

char lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter;
}

template <typename Number> std::optional<Number> number(std::string_view text, int base = 10)
{
    Number value{};
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value, base);
    if (error != std::errc() || stop != end || text.empty() || text.front() == '-') {
        return std::nullopt;
    }
    return value;
}

/// Takes the next line off `rest`, without its CRLF. A bare CR or LF stays in it.
std::string_view nextLine(std::string_view& rest)
{
    const auto end = rest.find("\r\n");
    const auto line = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 2);
    return line;
}

/// Fields up to the empty line. The detail of a failure is a literal.
std::optional<std::string_view> parseFields(std::string_view rest, Headers& headers)
{
    for (auto line = nextLine(rest); !line.empty(); line = nextLine(rest)) {
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !isToken(line.substr(0, colon))) {
            return "a header field has no proper name";
        }
        const auto value = trimmed(line.substr(colon + 1));
        if (!isFieldValue(value)) {
            return "a header field contains control characters";
        }
        if (headers.size() == kMaxFields) {
            return "there are too many header fields";
        }
        headers.add(std::string(line.substr(0, colon)), std::string(value));
    }
    return std::nullopt;
}

bool parseTarget(std::string_view target, Request& request)
{
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (target.starts_with(scheme)) {
            const auto path = target.find('/', scheme.size());
            target = path == std::string_view::npos ? "/" : target.substr(path);
        }
    }
    if (!target.starts_with('/')) {
        return false;
    }
    const bool clean = std::all_of(target.begin(), target.end(), [](char letter) {
        return letter > 0x20 && letter < 0x7f && letter != '#';
    });
    const auto mark = target.find('?');
    auto path = percentDecode(target.substr(0, mark), false);
    if (!clean || !path) {
        return false;
    }
    request.path = std::move(*path);
    auto query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
    while (!query.empty()) {
        const auto end = query.find('&');
        const auto pair = query.substr(0, end);
        query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
        const auto equals = pair.find('=');
        auto key = percentDecode(pair.substr(0, equals), true);
        auto value = percentDecode(
            equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1), true);
        if (!key || !value) {
            return false;
        }
        if (!key->empty()) {
            request.query[std::move(*key)] = std::move(*value);
        }
    }
    return true;
}

std::optional<Refusal> parseFraming(RequestHead& head)
{
    const auto& headers = head.request.headers;
    const auto lengths = headers.count("Content-Length");
    const auto encodings = headers.count("Transfer-Encoding");
    if (lengths > 1 || encodings > 1 || (lengths > 0 && encodings > 0)) {
        return Refusal{400, "ambiguous-length", "the length of the body is given more than once",
                       "Content-Length"};
    }
    if (encodings == 1) {
        if (!equalNames(headers.get("Transfer-Encoding"), "chunked")) {
            return Refusal{501, "unknown-transfer-encoding",
                           "the only transfer encoding is chunked", "Transfer-Encoding"};
        }
        head.chunked = true;
    }
    if (lengths == 1) {
        const auto text = headers.get("Content-Length");
        const auto length = number<std::size_t>(text);
        if (!length || text.size() > 15) {
            return Refusal{400, "bad-content-length", "Content-Length is not a number",
                           "Content-Length"};
        }
        head.contentLength = *length;
    }
    return std::nullopt;
}

} // namespace

tl::expected<RequestHead, Refusal> parseRequestHead(std::string_view text)
{
    const auto refuse = [](int status, std::string_view code, std::string_view detail,
                           std::string_view field = "request line") {
        return tl::make_unexpected(Refusal{status, code, detail, field});
    };
    const auto line = nextLine(text);
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) {
        return refuse(400, "bad-request-line", "the request line has not three parts");
    }
    const auto method = line.substr(0, first);
    const auto version = line.substr(last + 1);
    if (!isToken(method) || method.size() > 32) {
        return refuse(400, "bad-request-line", "the method is not a token");
    }
    if (version != "HTTP/1.1" && version != "HTTP/1.0") {
        return version.starts_with("HTTP/")
                   ? refuse(505, "unsupported-version", "this server speaks HTTP/1.1")
                   : refuse(400, "bad-request-line", "the request line has no protocol version");
    }
    RequestHead head;
    head.request.method = method;
    if (!parseTarget(line.substr(first + 1, last - first - 1), head.request)) {
        return refuse(400, "bad-target", "the request target is not a path with proper escapes",
                      "path");
    }
    if (const auto reason = parseFields(text, head.request.headers)) {
        return refuse(400, "bad-header", *reason, "header fields");
    }
    if (const auto refusal = parseFraming(head)) {
        return tl::make_unexpected(*refusal);
    }
    const auto& headers = head.request.headers;
    const bool modern = version == "HTTP/1.1";
    if (headers.count("Host") > 1 || (modern && !headers.has("Host"))) {
        return refuse(400, "bad-host", "there must be one Host field", "Host");
    }
    if (head.chunked && !modern) {
        return refuse(400, "bad-header", "HTTP/1.0 knows no transfer encoding",
                      "Transfer-Encoding");
    }
    const auto connection = headers.get("Connection");
    head.keepAlive =
        modern ? !listContains(connection, "close") : listContains(connection, "keep-alive");
    if (const auto expect = headers.get("Expect"); !expect.empty()) {
        if (!equalNames(expect, "100-continue")) {
            return refuse(417, "unknown-expectation", "the only expectation is 100-continue",
                          "Expect");
        }
        head.expectContinue = modern;
    }
    return head;
}

Result<ResponseHead> parseResponseHead(std::string_view text, std::string_view method)
{
    const auto line = nextLine(text);
    if (line.size() < 12 || !line.starts_with("HTTP/1.") || line[8] != ' ' ||
        (line.size() > 12 && line[12] != ' ')) {
        return fail(Errc::Protocol, "response: no HTTP/1 status line");
    }
    const int status = number<int>(line.substr(9, 3)).value_or(0);
    if (status < 100) {
        return fail(Errc::Protocol, "response: no HTTP/1 status line");
    }
    ResponseHead head;
    head.response.status = status;
    if (const auto reason = parseFields(text, head.response.headers)) {
        return fail(Errc::Protocol, "response: " + std::string(*reason));
    }
    const auto& headers = head.response.headers;
    head.response.contentType = headers.get("Content-Type");
    const auto connection = headers.get("Connection");
    head.keepAlive = line[7] == '0' ? listContains(connection, "keep-alive")
                                    : !listContains(connection, "close");
    const auto lengths = headers.count("Content-Length");
    const auto encodings = headers.count("Transfer-Encoding");
    if (lengths > 1 || encodings > 1 || (lengths > 0 && encodings > 0)) {
        return fail(Errc::Protocol, "response: ambiguous length");
    }
    if (method == "HEAD" || status < 200 || status == 204 || status == 304) {
        return head;
    }
    if (encodings == 1) {
        if (!equalNames(headers.get("Transfer-Encoding"), "chunked")) {
            return fail(Errc::Protocol, "response: unknown transfer encoding");
        }
        head.bodyEnd = BodyEnd::Chunked;
    } else if (lengths == 1) {
        const auto length = number<std::size_t>(headers.get("Content-Length"));
        if (!length) {
            return fail(Errc::Protocol, "response: Content-Length is not a number");
        }
        head.bodyEnd = BodyEnd::Length;
        head.contentLength = *length;
    } else {
        head.bodyEnd = BodyEnd::Close;
        head.keepAlive = false;
    }
    return head;
}

Result<void> ChunkedBody::readSize(std::string_view line, std::size_t soFar)
{
    const auto extension = line.find(';');
    const auto digits = trimmed(line.substr(0, extension));
    const auto size = digits.size() <= 8 ? number<std::size_t>(digits, 16) : std::nullopt;
    if (!size || !isFieldValue(line)) {
        return fail(Errc::Protocol, "chunk: bad size");
    }
    if (*size > m_maxBody || soFar > m_maxBody - *size) {
        return fail(Errc::Unsupported, "chunk: the body is too large");
    }
    m_left = *size;
    m_state = *size == 0 ? State::Trailer : State::Data;
    return {};
}

Result<std::size_t> ChunkedBody::feed(std::string_view input, std::string& body)
{
    std::size_t used = 0;
    while (m_state != State::Done) {
        const auto rest = input.substr(used);
        if (m_state == State::Data) {
            const auto part = rest.substr(0, m_left);
            if (part.empty()) {
                break;
            }
            body.append(part);
            used += part.size();
            m_left -= part.size();
            if (m_left == 0) {
                m_state = State::DataEnd;
            }
            continue;
        }
        const auto end = rest.find("\r\n");
        if (end == std::string_view::npos) {
            if (rest.size() > kMaxChunkLine || (m_state == State::DataEnd && rest.size() > 1)) {
                return fail(Errc::Protocol, "chunk: a line has no end");
            }
            break;
        }
        const auto line = rest.substr(0, end);
        used += end + 2;
        if (line.size() > kMaxChunkLine || (m_state == State::DataEnd && !line.empty())) {
            return fail(Errc::Protocol, "chunk: not where the next one should start");
        }
        if (m_state == State::DataEnd) {
            m_state = State::Size;
        } else if (m_state == State::Size) {
            if (auto size = readSize(line, body.size()); !size) {
                return tl::make_unexpected(std::move(size.error()));
            }
        } else if (line.empty()) {
            m_state = State::Done;
        } else if (++m_trailers > kMaxFields) {
            return fail(Errc::Protocol, "chunk: too many trailers");
        }
    }
    return used;
}

std::string encodeResponse(const Response& response, bool keepAlive, bool withBody)
{
    const bool bodyless = response.status < 200 || response.status == 204 || response.status == 304;
    std::string out;
    out.reserve(256 + (withBody ? response.body.size() : 0));
    out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
    out.append(reasonPhrase(response.status)).append("\r\n");
    if (!bodyless) {
        if (!response.body.empty() && !response.contentType.empty()) {
            out.append("Content-Type: ").append(response.contentType).append("\r\n");
        }
        out.append("Content-Length: ").append(std::to_string(response.body.size())).append("\r\n");
    }
    for (const auto& [name, value] : response.headers) {
        // A value with a line break could end the head early: such a field is our own mistake and
        // is not sent.
        if (isToken(name) && isFieldValue(value)) {
            out.append(name).append(": ").append(value).append("\r\n");
        }
    }
    if (!keepAlive && response.status != 101) {
        out.append("Connection: close\r\n");
    }
    out.append("\r\n");
    if (withBody && !bodyless) {
        out.append(response.body);
    }
    return out;
}

Result<std::string> encodeRequest(const Request& request, std::string_view host)
{
    if (!isToken(request.method) || !request.path.starts_with('/') || !isFieldValue(host)) {
        return fail(Errc::Invalid, "request: method, path or host");
    }
    std::string out = request.method + ' ' + percentEncode(request.path, "/:@!$&'()*+,;=");
    char separator = '?';
    for (const auto& [key, value] : request.query) {
        out += separator + percentEncode(key, "") + '=' + percentEncode(value, "");
        separator = '&';
    }
    out.append(" HTTP/1.1\r\nHost: ").append(host).append("\r\n");
    for (const auto& [name, value] : request.headers) {
        if (!isToken(name) || !isFieldValue(value)) {
            return fail(Errc::Invalid, "request: a header field");
        }
        out.append(name).append(": ").append(value).append("\r\n");
    }
    if (!request.body.empty() || (request.method != "GET" && request.method != "HEAD")) {
        out.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n");
        if (!request.body.empty() && !request.headers.has("Content-Type")) {
            out.append("Content-Type: application/json\r\n");
        }
    }
    return out.append("\r\n").append(request.body);
}

std::optional<std::string> percentDecode(std::string_view text, bool plusIsSpace)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '+' && plusIsSpace) {
            out += ' ';
        } else if (text[at] != '%') {
            out += text[at];
        } else {
            const auto digits = text.substr(at + 1, 2);
            const auto value =
                digits.size() == 2 ? number<unsigned char>(digits, 16) : std::nullopt;
            if (!value || *value == 0) {
                return std::nullopt;
            }
            out += static_cast<char>(*value);
            at += 2;
        }
    }
    return out;
}

std::string percentEncode(std::string_view text, std::string_view alsoAllowed)
{
    constexpr std::string_view plain = "-._~0123456789abcdefghijklmnopqrstuvwxyz"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char letter : text) {
        if (plain.find(letter) != std::string_view::npos ||
            alsoAllowed.find(letter) != std::string_view::npos) {
            out += letter;
        } else {
            const auto byte = static_cast<unsigned char>(letter);
            out += '%';
            out += digits[byte >> 4U];
            out += digits[byte & 0xfU];
        }
    }
    return out;
}

bool equalNames(std::string_view left, std::string_view right)
{
    return left.size() == right.size() &&
           std::equal(left.begin(), left.end(), right.begin(),
                      [](char one, char other) { return lower(one) == lower(other); });
}

bool listContains(std::string_view list, std::string_view token)
{
    while (!list.empty()) {
        const auto comma = list.find(',');
        if (equalNames(trimmed(list.substr(0, comma)), token)) {
            return true;
        }
        list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    }
    return false;
}

std::string Url::authority() const
{
    auto text = host.find(':') == std::string::npos ? host : '[' + host + ']';
    if (port != (secure ? 443 : 80)) {
        text += ':' + std::to_string(port);
    }
    return text;
}

Result<Url> parseUrl(std::string_view text)
{
    Url url;
    const auto colon = text.find("://");
    const auto scheme = text.substr(0, colon);
    if (colon == std::string_view::npos ||
        (scheme != "http" && scheme != "https" && scheme != "ws" && scheme != "wss")) {
        return fail(Errc::Invalid, "URL: want http, https, ws or wss");
    }
    url.secure = scheme.back() == 's' && scheme != "ws";
    auto authority = text.substr(colon + 3);
    if (const auto slash = authority.find('/'); slash != std::string_view::npos) {
        url.path = authority.substr(slash);
        authority = authority.substr(0, slash);
        while (url.path.ends_with('/')) {
            url.path.pop_back();
        }
    }
    auto port = std::string_view();
    if (authority.starts_with('[')) {
        const auto close = authority.find(']');
        if (close == std::string_view::npos) {
            return fail(Errc::Invalid, "URL: no closing bracket");
        }
        url.host = authority.substr(1, close - 1);
        port = authority.substr(close + 1);
    } else {
        const auto mark = authority.find(':');
        url.host = authority.substr(0, mark);
        port = mark == std::string_view::npos ? std::string_view() : authority.substr(mark);
    }
    url.port = url.secure ? 443 : 80;
    if (!port.empty()) {
        const auto value =
            port.front() == ':' ? number<std::uint16_t>(port.substr(1)) : std::nullopt;
        if (!value) {
            return fail(Errc::Invalid, "URL: bad port");
        }
        url.port = *value;
    }
    const bool clean = std::all_of(url.host.begin(), url.host.end(), [](char letter) {
        return letter > 0x20 && letter < 0x7f && letter != '@';
    });
    if (url.host.empty() || !clean || url.path.find_first_of("?#\r\n ") != std::string::npos) {
        return fail(Errc::Invalid, "URL: bad host or path");
    }
    return url;
}

} // namespace guichet::net
