// SPDX-License-Identifier: Apache-2.0
#include "tests/cloudbranch/server/hub_caller.h"

#include <algorithm>
#include <fstream>

#include <catch2/catch.hpp>

#include "peripherals/base/random.h"
#include "queue/api/api.h"
#include "tests/support/json_schema.h"

namespace guichet::hub::test {
namespace {

constexpr std::chrono::seconds kTimeout{20};

std::vector<std::string> segments(const std::string& path)
{
    std::vector<std::string> parts;
    std::istringstream stream(path);
    for (std::string part; std::getline(stream, part, '/');) {
        parts.push_back(part);
    }
    return parts;
}

bool fits(const std::string& pattern, const std::string& path)
{
    const auto one = segments(pattern);
    const auto other = segments(path);
    return std::ranges::equal(one, other, [](const std::string& expected, const std::string& seen) {
        const auto end = expected.find('}');
        return expected.starts_with('{') ? seen.ends_with(expected.substr(end + 1))
                                         : expected == seen;
    });
}

/// What the document says about an operation; null for a page that is no part of the API.
json operation(const net::Request& request)
{
    std::string method = request.method;
    std::ranges::transform(method, method.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    json found;
    for (const auto& [pattern, item] : description().at("paths").items()) {
        const bool wins = found.is_null() || !pattern.ends_with('}'); // the more literal one
        if (fits(pattern, request.path) && wins) {
            found = item.value(method, json());
        }
    }
    return found;
}

bool valid(json schema, const json& body)
{
    schema["components"] = description().at("components"); // what its references mean
    return guichet::test::fitsSchema(schema, body);
}

/// What a response object says, itself or by its reference.
const json& meant(const json& response)
{
    const auto reference = response.value("$ref", "");
    return reference.empty() ? response : description().at(json::json_pointer(reference.substr(1)));
}

} // namespace

void isDescribed(const net::Request& request, const net::Response& response)
{
    const auto described = operation(request);
    if (described.is_null()) {
        return;
    }
    INFO(request.method << " " << request.path << " answered " << response.status << " "
                        << response.body);
    const auto& responses = described.at("responses");
    const auto status = std::to_string(response.status);
    const bool listed = responses.contains(status);
    REQUIRE((listed || response.status >= 400));
    const auto& answer = meant(responses.at(listed ? status : "default"));
    if (!answer.contains("content")) {
        REQUIRE(response.body.empty());
        return;
    }
    const auto type = std::string(response.header("Content-Type"));
    REQUIRE(answer.at("content").contains(type.substr(0, type.find(';'))));
    if (type.find("json") != std::string::npos && type.find("openapi") == std::string::npos) {
        const auto schema = answer.at("content").at(type).value("schema", json::object());
        REQUIRE(valid({{"allOf", {schema}}}, json::parse(response.body)));
    }
}

const json& description()
{
    static const json document = json::parse(queue::api::openApiDocument());
    return document;
}

HubCaller::HubCaller(const std::string& config)
    : clock(fromRfc3339("2026-11-25T09:00:00+08:00").value())
    , m_config(config.empty() ? std::filesystem::path() : folder.file("outlet.toml", config))
{
    restart();
    teller = login("teller");
    supervisor = login("supervisor");
}

HubCaller::~HubCaller() = default;

void HubCaller::restart()
{
    m_client.reset();
    m_hub.reset();
    auto hub =
        Hub::start({.demo = true, .data = folder.path() / "data", .config = m_config}, clock);
    REQUIRE(hub);
    m_hub = std::move(*hub);
    auto client = net::Client::open({.baseUrl = url()});
    REQUIRE(client);
    m_client = std::move(*client);
}

std::string HubCaller::url() const
{
    return "http://127.0.0.1:" + std::to_string(m_hub->port());
}

net::Response HubCaller::send(net::Request request)
{
    auto response = m_client->send(request, kTimeout);
    REQUIRE(response);
    isDescribed(request, *response);
    return std::move(*response);
}

net::Response HubCaller::get(const std::string& path, const std::string& bearer,
                             net::Headers headers)
{
    net::Request request{.path = path, .headers = std::move(headers)};
    if (!bearer.empty()) {
        request.headers.set("Authorization", "Bearer " + bearer);
    }
    return send(std::move(request));
}

net::Response HubCaller::post(const std::string& path, const std::string& bearer, const json& body,
                              net::Headers headers)
{
    net::Request request{
        .method = "POST", .path = path, .headers = std::move(headers), .body = body.dump()};
    if (!bearer.empty()) {
        request.headers.set("Authorization", "Bearer " + bearer);
    }
    return send(std::move(request));
}

net::Response HubCaller::create(const std::string& path, const std::string& bearer,
                                const json& body)
{
    return post(path, bearer, body, {{"Idempotency-Key", randomUuid()}});
}

net::Response HubCaller::command(const std::string& visit, const std::string& word,
                                 const json& body)
{
    const auto now = get("/v1/visits/" + visit, teller);
    return post("/v1/visits/" + visit + "/" + word, teller, body,
                {{"If-Match", std::string(now.header("ETag"))}});
}

std::string HubCaller::login(const std::string& user)
{
    const auto response = post("/v1/login", {}, {{"user", user}, {"password", "demo"}});
    REQUIRE(response.status == 200);
    return parsed(response).at("token");
}

json HubCaller::take(const std::string& service)
{
    const auto response = create("/v1/branches/demo/visits", terminal,
                                 {{"service", service}, {"language", "en"}, {"channel", "kiosk"}});
    REQUIRE(response.status == 201);
    return parsed(response);
}

std::string HubCaller::openSession(const std::string& bearer, const std::string& counter)
{
    const auto response = create("/v1/branches/demo/sessions", bearer, {{"counter", counter}});
    REQUIRE(response.status == 201);
    return parsed(response).at("id");
}

net::Response HubCaller::callNext(const std::string& session, const std::string& bearer)
{
    return create("/v1/sessions/" + session + "/call-next", bearer, json::object());
}

json HubCaller::visit(const std::string& id)
{
    return parsed(get("/v1/visits/" + id, teller));
}

std::string HubCaller::queueTag()
{
    return std::string(get("/v1/branches/demo/queue").header("ETag"));
}

json parsed(const net::Response& response)
{
    return json::parse(response.body);
}

std::string codeOf(const net::Response& response)
{
    return response.header("Content-Type").starts_with("application/problem+json")
               ? parsed(response).value("code", "")
               : std::string();
}

std::string fieldOf(const net::Response& response)
{
    const auto fields = parsed(response).value("fields", json::array());
    return fields.empty() ? std::string() : fields.front().value("field", "");
}

} // namespace guichet::hub::test
