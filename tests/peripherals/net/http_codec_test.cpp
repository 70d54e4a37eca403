// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/http_codec.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace guichet;
using namespace guichet::net;

TEST_CASE("net: a request head is taken apart and decoded", "[net]")
{
    const auto head = parseRequestHead("GET /v1/a%20b?x=1%2B1&y=a+b&empty HTTP/1.1\r\n"
                                       "hOsT: outlet\r\nX-Thing:  value \r\n\r\n");
    REQUIRE(head);
    CHECK(head->request.path == "/v1/a b");
    CHECK(head->request.queryValue("x") == "1+1");
    CHECK(head->request.queryValue("y") == "a b");
    CHECK(head->request.query.count("empty") == 1);
    CHECK(head->request.header("x-thing") == "value");
    CHECK(head->keepAlive);
}

TEST_CASE("net: a request whose length could be read in two ways is refused", "[net]")
{
    const std::string fields =
        GENERATE("Content-Length: 3\r\nContent-Length: 3\r\n",
                 "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 3, 3\r\n",
                 "Content-Length: +3\r\n", "Content-Length: -3\r\n", "Content-Length: 0x3\r\n",
                 "Content-Length: 99999999999999999999\r\n", "Content-Length : 3\r\n",
                 "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
                 "X: y\r\n Content-Length: 3\r\n", "X: y\nContent-Length: 3\r\n");
    const auto head = parseRequestHead("POST / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n");
    REQUIRE_FALSE(head);
    CHECK(head.error().status == 400);
}

TEST_CASE("net: a malformed request head is refused", "[net]")
{
    const std::string text = GENERATE(
        "", "\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET  HTTP/1.1\r\nHost: h\r\n\r\n",
        "G(T / HTTP/1.1\r\nHost: h\r\n\r\n", "GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n", "GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET a HTTP/1.1\r\nHost: h\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n",
        "GET / ftp\r\nHost: h\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\nnocolon\r\n\r\n");
    const auto head = parseRequestHead(text);
    REQUIRE_FALSE(head);
    CHECK(head.error().status == 400);
}

TEST_CASE("net: a response without a whole status line is refused", "[net]")
{
    for (const std::string line :
         {"", "HTTP/1.", "HTTP/1.1", "HTTP/1.1 ", "HTTP/1.1 20", "HTTP/1.1 2000", "HTTP/1.1 099"}) {
        CAPTURE(line);
        const auto head = parseResponseHead(line + "\r\n\r\n", "GET");
        REQUIRE_FALSE(head);
        CHECK(head.error().code == Errc::Protocol);
    }
}

TEST_CASE("net: a chunked body is joined, however it arrives", "[net]")
{
    const std::string wire = "5;x=y\r\nhello\r\n1\r\n!\r\n0\r\nTrailer: t\r\n\r\nNEXT";
    const std::size_t step = GENERATE(1U, 2U, 7U, 100U);
    ChunkedBody chunks(100);
    std::string buffer;
    std::string body;
    for (std::size_t at = 0; at < wire.size(); at += step) {
        buffer += wire.substr(at, step);
        const auto used = chunks.feed(buffer, body);
        REQUIRE(used);
        buffer.erase(0, *used);
    }
    CHECK(chunks.done());
    CHECK(body == "hello!");
    CHECK(buffer == "NEXT");
}

TEST_CASE("net: a malformed chunk is refused", "[net]")
{
    const std::string wire =
        GENERATE("x\r\n", "-1\r\n", "5\r\nhelloX\r\n", "123456789\r\n", "\r\n");
    ChunkedBody chunks(100);
    std::string body;
    const auto used = chunks.feed(wire, body);
    REQUIRE_FALSE(used);
    CHECK(used.error().code == Errc::Protocol);
}

TEST_CASE("net: a chunked body beyond its limit is refused before it is stored", "[net]")
{
    ChunkedBody chunks(10);
    std::string body;
    const auto used = chunks.feed("b\r\n", body);
    REQUIRE_FALSE(used);
    CHECK(used.error().code == Errc::Unsupported);
}

TEST_CASE("net: a request survives encoding and parsing", "[net]")
{
    Request request{.method = "POST",
                    .path = "/a b/\xe5\x8f\xb7",
                    .query = {{"t", "x&y=+%"}},
                    .headers = {{"X-A", "1"}},
                    .body = "{}"};
    const auto bytes = encodeRequest(request, "h:1");
    REQUIRE(bytes);
    const auto head = parseRequestHead(bytes->substr(0, bytes->find("\r\n\r\n") + 4));
    REQUIRE(head);
    CHECK(head->request.path == request.path);
    CHECK(head->request.query == request.query);
    CHECK(head->contentLength == 2);
}

TEST_CASE("net: a header value with a line break is never sent", "[net]")
{
    Request request;
    request.headers.add("X", "a\r\nEvil: 1");
    CHECK(encodeRequest(request, "h").error().code == Errc::Invalid);
    Response response;
    response.headers.add("X", "a\r\nEvil: 1");
    CHECK(encodeResponse(response, true, true).find("Evil") == std::string::npos);
}

TEST_CASE("net: a URL is taken apart", "[net]")
{
    const auto url = parseUrl("wss://[::1]:5848/xfs4iot/");
    REQUIRE(url);
    CHECK(url->secure);
    CHECK(url->host == "::1");
    CHECK(url->port == 5848);
    CHECK(url->path == "/xfs4iot");
    CHECK(url->authority() == "[::1]:5848");
    CHECK(parseUrl("http://outlet")->authority() == "outlet");
    CHECK_FALSE(parseUrl("ws://outlet")->secure);
}

TEST_CASE("net: a URL that we cannot connect to is refused", "[net]")
{
    const std::string text = GENERATE("", "outlet:80", "ftp://outlet", "http://", "http://a:99999",
                                      "http://u@h", "http://a/?q");
    const auto url = parseUrl(text);
    REQUIRE_FALSE(url);
    CHECK(url.error().code == Errc::Invalid);
}

TEST_CASE("net: a problem says what, why and whether to retry", "[net]")
{
    const auto response = problem(422, "bad-service", "no such service", {{"service", "unknown"}});
    CHECK(response.contentType == "application/problem+json");
    const auto body = nlohmann::json::parse(response.body);
    CHECK(body["type"] == "urn:guichet:problem:bad-service");
    CHECK(body["title"] == "Unprocessable Content");
    CHECK(body["status"] == 422);
    CHECK(body["retryable"] == false);
    CHECK(body["fields"][0]["field"] == "service");
    CHECK(nlohmann::json::parse(problem(503, "busy", "").body)["retryable"] == true);
}

TEST_CASE("net: the bearer token is read from Authorization only", "[net]")
{
    CHECK(bearerToken({.headers = {{"authorization", "bearer  abc"}}}) == "abc");
    CHECK(bearerToken({.headers = {{"Authorization", "Basic abc"}}}).empty());
    CHECK(bearerToken({.query = {{"t", "abc"}}}).empty());
}

TEST_CASE("net: If-None-Match is compared weakly, tag by tag", "[net]")
{
    const Request request{.headers = {{"If-None-Match", "\"1\", W/\"2\""}}};
    CHECK(matchesNone(request, "\"2\""));
    CHECK_FALSE(matchesNone(request, "\"3\""));
    CHECK_FALSE(matchesNone({}, "\"1\""));
}
