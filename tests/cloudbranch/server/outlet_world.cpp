// SPDX-License-Identifier: Apache-2.0
#include "tests/cloudbranch/server/outlet_world.h"

#include <catch2/catch.hpp>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "cloudbranch/server/init.h"
#include "peripherals/base/random.h"
#include "peripherals/base/unique_handle.h"
#include "queue/api/totp.h"

namespace guichet::hub::test {
namespace {

constexpr std::chrono::seconds kPatience{20};

using Key = UniqueHandle<EVP_PKEY*, EVP_PKEY_free>;
using Bio = UniqueHandle<BIO*, BIO_free_all>;

std::string textOf(const Bio& memory)
{
    char* text = nullptr;
    const auto size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

} // namespace

OutletWorld::OutletWorld()
    : data(folder.path() / "data")
    , clock(SystemClock().now())
    , m_options{.data = data}
{
    const auto done = initOutlet({.data = data,
                                  .branch = "b7",
                                  .supervisor = "anna",
                                  .password = Secret<std::string>(std::string(kPassword))},
                                 clock);
    REQUIRE(done);
    const std::string key = "secret=";
    const auto at = done->supervisorUri.find(key) + key.size();
    m_totp = done->supervisorUri.substr(at, done->supervisorUri.find('&') - at);
    restart();
}

OutletWorld::~OutletWorld() = default;

void OutletWorld::stop()
{
    m_hub.reset();
}

void OutletWorld::restart()
{
    stop();
    auto hub = Hub::start(m_options, clock);
    REQUIRE(hub);
    m_hub = std::move(*hub);
    m_options.port = m_hub->port(); // a restarted hub is where it was
}

std::string OutletWorld::url() const
{
    return "https://127.0.0.1:" + std::to_string(m_options.port);
}

json OutletWorld::command(const json& line) const
{
    const auto answer = Hub::command(m_options, clock, line.dump());
    REQUIRE(answer);
    return json::parse(*answer);
}

std::string OutletWorld::code(const std::string& terminal) const
{
    return command({{"do", "enrol-code"}, {"terminal", terminal}}).at("code");
}

std::filesystem::path OutletWorld::folderOf(const std::string& name) const
{
    return folder.path() / ("terminal-" + name);
}

queue::TerminalIdentity OutletWorld::enrol(const std::string& name) const
{
    auto identity = queue::enrolTerminal(folderOf(name), url(), code(name));
    REQUIRE(identity);
    return std::move(*identity);
}

net::ClientTls OutletWorld::browser() const
{
    return {.caFile = data / "authority" / "authority.pem"};
}

Result<net::Response> OutletWorld::trySend(const net::ClientTls& tls,
                                           const net::Request& request) const
{
    const auto client = net::Client::open({.baseUrl = url(), .tls = tls});
    REQUIRE(client);
    return (*client)->send(request, kPatience);
}

net::Response OutletWorld::send(const net::ClientTls& tls, const net::Request& request) const
{
    auto response = trySend(tls, request);
    REQUIRE(response);
    isDescribed(request, *response);
    return std::move(*response);
}

net::Response OutletWorld::post(const net::ClientTls& tls, const std::string& path,
                                const json& body, const std::string& bearer) const
{
    net::Request request{.method = "POST", .path = path, .body = body.dump()};
    if (!bearer.empty()) {
        request.headers.set("Authorization", "Bearer " + bearer);
    }
    return send(tls, request);
}

std::string OutletWorld::secondFactor() const
{
    return queue::api::totpCode(m_totp, queue::api::totpStep(clock.now()));
}

std::string OutletWorld::supervisor()
{
    const auto response =
        post(browser(), "/v1/login",
             {{"user", "anna"}, {"password", kPassword}, {"code", secondFactor()}});
    REQUIRE(response.status == 200);
    clock.advance(std::chrono::seconds(30));
    return parsed(response).at("token");
}

std::string OutletWorld::login(const std::string& user)
{
    const auto response = post(browser(), "/v1/login", {{"user", user}, {"password", kPassword}});
    REQUIRE(response.status == 200);
    return parsed(response).at("token");
}

void OutletWorld::addStaff(const std::string& user, const std::string& role) const
{
    const auto answer =
        command({{"do", "staff-add"}, {"user", user}, {"role", role}, {"password", kPassword}});
    REQUIRE_FALSE(answer.contains("error"));
}

net::ClientTls tlsOf(const queue::TerminalIdentity& identity)
{
    const auto file = identity.file.string();
    return {.caFile = file, .certificateFile = file, .keyFile = file};
}

MadeRequest certificateRequest(const std::string& name, const char* curve)
{
    const Key key(curve != nullptr ? EVP_EC_gen(curve) : EVP_RSA_gen(2048));
    const UniqueHandle<X509_REQ*, X509_REQ_free> request(X509_REQ_new());
    X509_REQ_set_pubkey(request.get(), key.get());
    X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(request.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_REQ_sign(request.get(), key.get(), EVP_sha256());
    const Bio requestText(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509_REQ(requestText.get(), request.get());
    const Bio keyText(BIO_new(BIO_s_mem()));
    PEM_write_bio_PKCS8PrivateKey(keyText.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return {textOf(requestText), textOf(keyText)};
}

net::Request numberRequest(const std::string& branch)
{
    net::Request request{.method = "POST",
                         .path = "/v1/branches/" + branch + "/visits",
                         .body = R"({"service":"cash","language":"en","channel":"kiosk"})"};
    request.headers.set("Idempotency-Key", randomUuid());
    return request;
}

} // namespace guichet::hub::test
