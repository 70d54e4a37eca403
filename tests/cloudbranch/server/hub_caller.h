// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "cloudbranch/server/hub.h"
#include "peripherals/net/client.h"
#include "tests/support/folder.h"

namespace guichet::hub::test {

using guichet::test::Folder;
using nlohmann::json;

/// A hub in this process and whoever calls it. Every answer is held against the OpenAPI document:
/// its status must be described, its body must fit the schema.
class HubCaller {
public:
    /// `config`: text of an outlet file that adds to the demo.
    explicit HubCaller(const std::string& config = {});
    ~HubCaller();

    [[nodiscard]] net::Response send(net::Request request);
    [[nodiscard]] net::Response get(const std::string& path, const std::string& bearer = {},
                                    net::Headers headers = {});
    [[nodiscard]] net::Response post(const std::string& path, const std::string& bearer,
                                     const json& body, net::Headers headers = {});
    /// With a fresh Idempotency-Key.
    [[nodiscard]] net::Response create(const std::string& path, const std::string& bearer,
                                       const json& body);
    /// Commands a visit as the teller, with its present version.
    [[nodiscard]] net::Response command(const std::string& visit, const std::string& word,
                                        const json& body = json::object());
    [[nodiscard]] std::string login(const std::string& user);
    /// A visit for `service`, as the kiosk takes it.
    json take(const std::string& service = "cash");
    [[nodiscard]] std::string openSession(const std::string& bearer, const std::string& counter);
    [[nodiscard]] net::Response callNext(const std::string& session, const std::string& bearer);
    [[nodiscard]] json visit(const std::string& id);
    [[nodiscard]] std::string queueTag();
    void restart();
    [[nodiscard]] std::string url() const;

    Folder folder;
    ManualClock clock;
    std::string terminal = "demo-kiosk";
    std::string teller;
    std::string supervisor;

private:
    std::filesystem::path m_config;
    std::unique_ptr<Hub> m_hub;
    std::unique_ptr<net::Client> m_client;
};

[[nodiscard]] json parsed(const net::Response& response);
/// The `code` of a problem.
[[nodiscard]] std::string codeOf(const net::Response& response);
/// The `field` of a problem's first field.
[[nodiscard]] std::string fieldOf(const net::Response& response);
/// Holds a response against the OpenAPI document: its status must be described, its body must fit.
void isDescribed(const net::Request& request, const net::Response& response);
/// The OpenAPI document.
[[nodiscard]] const json& description();

} // namespace guichet::hub::test
