// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/secret_json.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace guichet::host;
using nlohmann::json;

TEST_CASE("secret json: any text comes back as it was", "[host]")
{
    const std::string odd = "\"\\/\b\n\x01 张·伟 𠮷 ";
    const std::string longText(5000, '"');
    SecretJson content;
    content.add("name", odd);
    content.add("nothing", "");
    content.add("address", longText);
    const auto text = std::move(content).take();
    CHECK(json::parse(text.reveal()) == json{{"name", odd}, {"address", longText}});
}

TEST_CASE("secret json: without members it is an empty object", "[host]")
{
    CHECK(SecretJson().take().reveal() == "{}");
}
