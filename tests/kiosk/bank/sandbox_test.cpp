// SPDX-License-Identifier: Apache-2.0
#include "kiosk/bank/sandbox/sandbox.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "kiosk/bank/bank_documents.h"
#include "kiosk/bank/http_bank_host.h"
#include "peripherals/base/random.h"
#include "peripherals/base/sealing.h"
#include "peripherals/net/client.h"
#include "tests/support/json_schema.h"

using namespace guichet;
using namespace guichet::bank;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr const char* kPrivateKey = R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgUV/Ac0kipOIQkt9s
PvLrtEZGYKrM4HCBPNqpK9CC7lShRANCAAQHpY3MnIZE1SbQGDiOKQpzxVqWcfD+
ar+KW5TF0CAqmbETr3Nfe5s4k6lNfYIKMgjrEaTaumAuLWp7ke9zYhs1
-----END PRIVATE KEY-----
)";
constexpr const char* kPublicKey = R"(-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEB6WNzJyGRNUm0Bg4jikKc8ValnHw
/mq/iluUxdAgKpmxE69zX3ubOJOpTX2CCjII6xGk2rpgLi1qe5Hvc2IbNQ==
-----END PUBLIC KEY-----
)";
constexpr const char* kAnotherPublicKey = R"(-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEU7kK3+GPgq8zGUQJShITP+K0qOB9
yTTOTVi0FoOqTmjVtJE9Qef9x+ffjEMAp205wmoFAC77GA7UoGR0I8L8bg==
-----END PUBLIC KEY-----
)";
constexpr const char* kCard = "4111111111111111";
constexpr const char* kNewPhone = "13911112222";

/// A sandbox with the demo's customers, and a terminal that talks to it.
class Bank {
public:
    Bank()
    {
        std::filesystem::create_directories(options.data);
        options.key = options.data / "key.pem";
        std::ofstream(options.key) << kPrivateKey;
        start();
    }
    ~Bank()
    {
        sandbox.reset();
        std::filesystem::remove_all(options.data);
    }
    Bank(const Bank&) = delete;
    Bank& operator=(const Bank&) = delete;

    void start()
    {
        sandbox.reset();
        auto started = Sandbox::start(options, clock);
        REQUIRE(started);
        sandbox = std::move(*started);
        host = std::make_unique<HttpBankHost>(
            HttpBankHost::Config{.url = url(), .bearer = "demo-kiosk"});
    }
    [[nodiscard]] std::string url() const
    {
        return "http://127.0.0.1:" + std::to_string(sandbox->port());
    }
    [[nodiscard]] net::Response send(net::Request request) const
    {
        auto client = net::Client::open({.baseUrl = url()});
        REQUIRE(client);
        if (!request.headers.has("Authorization")) {
            request.headers.set("Authorization", "Bearer demo-kiosk");
        }
        const auto answer = (*client)->send(request, 10s);
        REQUIRE(answer);
        return *answer;
    }

    static SealedIdentity card(const std::string& pan, const std::string& handle = randomUuid(),
                               const char* publicKey = kPublicKey)
    {
        const auto key = SealingKey::fromPem(publicKey);
        REQUIRE(key);
        const auto content = json{{"pan", pan}, {"expiry", "2030-12"}}.dump();
        const auto sealed = key->seal(Secret<std::string>(std::string(content)));
        REQUIRE(sealed);
        return {SealedIdentity::Kind::Card, handle, *sealed};
    }
    /// A customer who has shown a card, a face and a signature, and wants another number.
    PhoneChange prepared(const std::string& pan = kCard, const std::string& phone = kNewPhone)
    {
        const auto identity = card(pan);
        const auto lookup = host->lookUp(identity);
        REQUIRE(lookup);
        PhoneChange change{std::get<Customer>(*lookup).id, phone, {{"identity", identity.handle}}};
        for (const char* kind : {"face", "signature"}) {
            const EvidenceContent content{{kind, randomUuid()}, "image/png", *fromHex("89504e47")};
            REQUIRE(host->store(content));
            change.evidence.push_back(content.evidence);
        }
        return change;
    }
    [[nodiscard]] Customer lookedUp(const std::string& pan = kCard) const
    {
        const auto lookup = host->lookUp(card(pan));
        REQUIRE(lookup);
        return std::get<Customer>(*lookup);
    }

    ManualClock clock{*fromRfc3339("2026-11-27T02:00:00Z")};
    Sandbox::Options options{.port = 0,
                             .data = std::filesystem::temp_directory_path() /
                                     ("guichet-bank-" + randomUuid()),
                             .demo = true};
    std::unique_ptr<Sandbox> sandbox;
    std::unique_ptr<HttpBankHost> host;
};

bool describes(const char* schema, const std::string& body)
{
    const auto whole = json::parse(openApiDocument());
    return test::fitsSchema({{"$ref", std::string("#/components/schemas/") + schema},
                             {"components", whole.at("components")}},
                            json::parse(body));
}

Refusal refusalOf(const Result<Change>& answer)
{
    REQUIRE(answer);
    REQUIRE(std::holds_alternative<Refusal>(*answer));
    return std::get<Refusal>(*answer);
}

} // namespace

TEST_CASE("sandbox bank: a sealed card is a customer, masked")
{
    Bank bank;
    const auto customer = bank.lookedUp();
    CHECK(customer.name == "*******e");
    CHECK(customer.phone == "139****2345");
}

TEST_CASE("sandbox bank: a card of nobody leads to the counter")
{
    Bank bank;
    const auto lookup = bank.host->lookUp(Bank::card("6011000990139424"));
    REQUIRE(lookup);
    CHECK(std::get<Refusal>(*lookup).reason == "customer-unknown");
    CHECK(std::get<Refusal>(*lookup).way == Way::Counter);
}

TEST_CASE("sandbox bank: what the bank's key does not open is read again")
{
    Bank bank;
    auto identity = Bank::card(kCard);
    SECTION("made for another bank")
    {
        identity = Bank::card(kCard, randomUuid(), kAnotherPublicKey);
    }
    SECTION("changed on its way")
    {
        identity.sealed.back() = identity.sealed.back() == 'A' ? 'B' : 'A';
    }
    const auto lookup = bank.host->lookUp(identity);
    REQUIRE(lookup);
    CHECK(std::get<Refusal>(*lookup).way == Way::IdentifyAgain);
}

TEST_CASE("sandbox bank: a change is made and its receipt names it")
{
    Bank bank;
    const auto change = bank.host->changePhone(bank.prepared(), randomUuid());
    REQUIRE(change);
    const auto& receipt = std::get<Receipt>(*change);
    CHECK(receipt.reference == "P000001");
    CHECK(receipt.phone == "139****2222");
    CHECK(receipt.at == bank.clock.now());
    CHECK(bank.lookedUp().phone == "139****2222");
}

TEST_CASE("sandbox bank: a change asked twice under one key is one, also after a restart")
{
    Bank bank;
    const auto change = bank.prepared();
    const auto key = randomUuid();
    const auto first = bank.host->changePhone(change, key);
    REQUIRE(first);
    bank.clock.advance(1min);
    bank.start();
    const auto second = bank.host->changePhone(change, key);
    REQUIRE(second);
    CHECK(std::get<Receipt>(*second).reference == std::get<Receipt>(*first).reference);
    CHECK(std::get<Receipt>(*second).at == std::get<Receipt>(*first).at);
    const auto next = bank.host->changePhone(bank.prepared(kCard, "13933334444"), randomUuid());
    REQUIRE(next);
    CHECK(std::get<Receipt>(*next).reference == "P000002");
}

TEST_CASE("sandbox bank: a key with another body is refused, and changes nothing")
{
    Bank bank;
    auto change = bank.prepared();
    const auto key = randomUuid();
    REQUIRE(bank.host->changePhone(change, key));
    change.newPhone = "13955556666";
    net::Request request{.method = "POST",
                         .path = "/v1/customers/" + change.customer + "/phone-changes",
                         .body = encode(change)};
    request.headers.set("Idempotency-Key", key);
    CHECK(bank.send(request).status == 422);
    CHECK(bank.lookedUp().phone == "139****2222");
}

TEST_CASE("sandbox bank: a change without a key is refused")
{
    Bank bank;
    const auto change = bank.prepared();
    const auto answer = bank.send({.method = "POST",
                                   .path = "/v1/customers/" + change.customer + "/phone-changes",
                                   .body = encode(change)});
    CHECK(answer.status == 400);
    CHECK(bank.lookedUp().phone == "139****2345");
}

TEST_CASE("sandbox bank: a signature that did not arrive is asked for again")
{
    Bank bank;
    auto change = bank.prepared();
    change.evidence.back().handle = randomUuid();
    const auto refused = refusalOf(bank.host->changePhone(change, randomUuid()));
    CHECK(refused.reason == "evidence-missing");
    CHECK(refused.way == Way::EvidenceAgain);
    CHECK(bank.lookedUp().phone == "139****2345");
}

TEST_CASE("sandbox bank: the card of another customer is no evidence")
{
    Bank bank;
    auto change = bank.prepared();
    const auto other = Bank::card("6205500000000000004");
    REQUIRE(bank.host->lookUp(other));
    change.evidence.front().handle = other.handle;
    CHECK(refusalOf(bank.host->changePhone(change, randomUuid())).reason == "evidence-missing");
}

TEST_CASE("sandbox bank: the number that the bank has leads back to the form")
{
    Bank bank;
    const auto refused =
        refusalOf(bank.host->changePhone(bank.prepared(kCard, "13900002345"), randomUuid()));
    CHECK(refused.reason == "phone-unchanged");
    CHECK(refused.way == Way::OtherNumber);
}

TEST_CASE("sandbox bank: evidence may come twice, and not with another content")
{
    Bank bank;
    EvidenceContent content{{"signature", randomUuid()}, "image/png", *fromHex("8950")};
    REQUIRE(bank.host->store(content));
    CHECK(bank.host->store(content));
    content.data.push_back(std::byte{1});
    const auto other = bank.host->store(content);
    REQUIRE_FALSE(other);
    CHECK(other.error().code == Errc::Conflict);
}

TEST_CASE("sandbox bank: nobody without a terminal's bearer is answered")
{
    Bank bank;
    net::Request request{
        .method = "POST", .path = "/v1/identifications", .body = encode(Bank::card(kCard))};
    request.headers.set("Authorization", "Bearer other");
    CHECK(bank.send(request).status == 401);
}

TEST_CASE("sandbox bank: a bank that is away is worth waiting for")
{
    HttpBankHost away({.url = "http://127.0.0.1:1"});
    const auto lookup = away.lookUp(Bank::card(kCard));
    REQUIRE_FALSE(lookup);
    CHECK(lookup.error().remedy == Remedy::Wait);
}

TEST_CASE("sandbox bank: it says what its document says")
{
    Bank bank;
    const auto identity = Bank::card(kCard);
    CHECK(describes("Identity", encode(identity)));
    const auto looked =
        bank.send({.method = "POST", .path = "/v1/identifications", .body = encode(identity)});
    REQUIRE(looked.status == 200);
    CHECK(describes("Customer", looked.body));
    const auto change = bank.prepared();
    CHECK(describes("PhoneChange", encode(change)));
    net::Request request{.method = "POST",
                         .path = "/v1/customers/" + change.customer + "/phone-changes",
                         .body = encode(change)};
    request.headers.set("Idempotency-Key", randomUuid());
    const auto made = bank.send(request);
    REQUIRE(made.status == 201);
    CHECK(describes("Receipt", made.body));
    request.headers.set("Idempotency-Key", randomUuid()); // the same number once more
    const auto refused = bank.send(request);
    CHECK(refused.status == 409);
    CHECK(refused.contentType == "application/problem+json");
    CHECK(describes("Problem", refused.body));
    CHECK_FALSE(describes("Receipt", refused.body));
}

TEST_CASE("sandbox bank: a book that is damaged is not opened")
{
    Bank bank;
    bank.sandbox.reset();
    std::ofstream(bank.options.data / "bank.sqlite", std::ios::trunc) << "no book at all, no book";
    std::filesystem::remove(bank.options.data / "bank.sqlite-wal");
    const auto started = Sandbox::start(bank.options, bank.clock);
    REQUIRE_FALSE(started);
    CHECK(started.error().code == Errc::Invalid);
}
