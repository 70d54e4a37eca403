// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <map>
#include <set>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <stdlib.h>

#include "queue/api/api.h"

using namespace guichet;
using namespace guichet::queue;
using namespace guichet::queue::api;

TEST_CASE("openapi: the document has the router's operations with their roles, and no others")
{
    std::string folder = (std::filesystem::temp_directory_path() / "openapi.XXXXXX").string();
    REQUIRE(mkdtemp(folder.data()) != nullptr);
    const SystemClock clock;
    std::map<std::string, std::set<std::string>> served;
    {
        PublicDocuments documents(domain::demoBranch());
        auto store = storage::Store::open({folder, domain::demoBranch(), &clock});
        REQUIRE(store);
        auto staff = Staff::open(**store, clock);
        REQUIRE(staff);
        const VisitTokens tokens{Secret<Bytes>(Bytes(32))};
        Api api({**store, **staff, documents, tokens, clock, domain::demoBranch()});
        net::Router router;
        api.addTo(router);
        for (const auto& operation : api.operations()) {
            auto& roles = served[operation.method + " " + operation.pattern];
            for (const auto role : operation.roles) {
                roles.emplace(name(role));
            }
            if (operation.roles.empty()) {
                roles.insert("anonymous");
            }
        }
    }
    std::filesystem::remove_all(folder);

    std::map<std::string, std::set<std::string>> described;
    const auto document = nlohmann::json::parse(openApiDocument());
    CHECK(document.at("openapi") == "3.1.0");
    for (const auto& [path, item] : document.at("paths").items()) {
        for (const auto& [method, operation] : item.items()) {
            if (operation.contains("x-part")) {
                continue; // served by another part of the hub, which holds it against this
            }
            std::string verb = method;
            std::ranges::transform(verb, verb.begin(),
                                   [](unsigned char c) { return static_cast<char>(toupper(c)); });
            described[verb + " " + path] = operation.at("x-roles").get<std::set<std::string>>();
        }
    }
    for (const auto& [operation, roles] : served) {
        INFO(operation);
        CHECK(described[operation] == roles);
    }
    CHECK(described.size() == served.size());
}
