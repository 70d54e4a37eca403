// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/web_push.h"

#include <array>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>

#include "tests/cloudbranch/server/hub_caller.h"

using namespace guichet;
using namespace guichet::hub;
using nlohmann::json;

namespace {

// RFC 8291 appendix A.
constexpr const char* kText = "When I grow up, I want to be a watermelon";
constexpr const char* kSenderPoint =
    "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAm"
    "S6TlzAC8wEqKK6PBru3jl7A8";
constexpr const char* kSenderScalar = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
constexpr const char* kReceiverPoint =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4b"
    "jyPjs7Vd8pZGH6SRpkNtoIAiw4";
constexpr const char* kReceiverSecret = "BTBZMqHH6r4Tts7J_aSIgg";
constexpr const char* kSalt = "DGv6ra1nlYgDCS1FRnbzlw";
constexpr const char* kBody =
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_"
    "c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzA"
    "C8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-"
    "fN";

Bytes bytesOf(const char* text)
{
    auto bytes = fromBase64Url(text);
    REQUIRE(bytes);
    return *bytes;
}

KeyHandle senderKey()
{
    const auto point = bytesOf(kSenderPoint);
    const auto scalar = bytesOf(kSenderScalar);
    BIGNUM* number = BN_bin2bn(reinterpret_cast<const unsigned char*>(scalar.data()),
                               static_cast<int>(scalar.size()), nullptr);
    OSSL_PARAM_BLD* builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, number);
    OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
    OSSL_PARAM* parameters = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr);
    EVP_PKEY* key = nullptr;
    EVP_PKEY_fromdata_init(context);
    EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, parameters);
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(builder);
    BN_free(number);
    REQUIRE(key != nullptr);
    return KeyHandle(key);
}

json subscription()
{
    return {{"endpoint", "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV"},
            {"expirationTime", nullptr},
            {"keys", {{"p256dh", kReceiverPoint}, {"auth", kReceiverSecret}}}};
}

} // namespace

TEST_CASE("push: a message is encrypted as the example of RFC 8291 says")
{
    const auto receiver = parseSubscription(subscription().dump());
    REQUIRE(receiver);
    const auto body = encryptPush(*receiver, kText, senderKey(), bytesOf(kSalt));
    REQUIRE(body);
    CHECK(toBase64Url(asBytes(*body)) == kBody);
}

TEST_CASE("push: the same text is never encrypted alike twice")
{
    const auto receiver = parseSubscription(subscription().dump());
    REQUIRE(receiver);
    const auto one = encryptPush(*receiver, kText);
    const auto other = encryptPush(*receiver, kText);
    REQUIRE(one);
    REQUIRE(other);
    CHECK(*one != *other);
    CHECK_FALSE(encryptPush(*receiver, std::string(4000, 'x')));
}

TEST_CASE("push: a subscription that lacks something says what")
{
    const auto refusedFor = [](const json& document) {
        const auto parsed = parseSubscription(document.dump());
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().code == Errc::Invalid);
        return parsed.error().detail;
    };
    auto document = subscription();
    document["endpoint"] = "push";
    CHECK(refusedFor(document) == "endpoint: must be a URL");
    document = subscription();
    document["keys"]["p256dh"] = std::string("B") + std::string(86, 'A'); // not on the curve
    CHECK(refusedFor(document).starts_with("keys.p256dh"));
    document = subscription();
    document["keys"].erase("auth");
    CHECK(refusedFor(document).starts_with("keys.auth"));
    CHECK(refusedFor(json::array()).starts_with("endpoint"));
}

TEST_CASE("push: the hub's key stays over a restart, and its token says for whom and until when")
{
    const hub::test::Folder folder;
    const auto key = PushKey::open(folder.path() / "push.key");
    REQUIRE(key);
    const auto again = PushKey::open(folder.path() / "push.key");
    REQUIRE(again);
    CHECK(key->publicKey() == again->publicKey());
    const auto header = key->authorization("https://push.example.net", "mailto:it@bank.example",
                                           Instant(std::chrono::seconds(1'453'341'205)));
    REQUIRE(header.starts_with("vapid t="));
    const auto token = header.substr(8, header.find(", k=") - 8);
    CHECK(header.substr(header.find(", k=") + 4) == key->publicKey());
    const auto first = token.find('.');
    const auto second = token.find('.', first + 1);
    const auto claims = fromBase64Url(token.substr(first + 1, second - first - 1));
    REQUIRE(claims);
    CHECK(json::parse(asText(*claims)) == json{{"aud", "https://push.example.net"},
                                               {"exp", 1'453'341'205 + 12 * 3600},
                                               {"sub", "mailto:it@bank.example"}});
    CHECK(fromBase64Url(token.substr(second + 1))->size() == 64);
}

TEST_CASE("push: a hub that is not told to do it offers nothing")
{
    hub::test::HubCaller caller;
    const auto visit = caller.take();
    const auto path = "/t/" + visit.at("token").get<std::string>();
    CHECK(caller.get(path).body.find("data-push") == std::string::npos);
    net::Request request{.method = "POST", .path = path + "/push", .body = subscription().dump()};
    CHECK(caller.send(std::move(request)).status == 404);
}
