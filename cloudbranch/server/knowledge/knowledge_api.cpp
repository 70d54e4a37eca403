// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/knowledge/knowledge_api.h"

#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "peripherals/net/websocket_codec.h"

namespace guichet::hub {

using nlohmann::json;
using queue::api::Caller;
using queue::api::Role;

namespace {

constexpr std::size_t kMostFindings = 8, kLongestQuestion = 200, kLongestLanguage = 35;

net::Response wrong(const char* field, const char* what)
{
    return net::problem(422, "invalid-fields", std::string(field) + " is missing or wrong",
                        {{field, what}});
}

} // namespace

KnowledgeApi::KnowledgeApi(const Knowledge& knowledge, queue::api::Operations::Parts operations)
    : m_knowledge(knowledge)
    , m_operations(std::move(operations))
{
}

void KnowledgeApi::addTo(net::Router& router)
{
    m_operations.add(
        router, "GET", "/v1/knowledge", {Role::Agent, Role::Teller, Role::Supervisor},
        [this](const net::Request& request, const Caller&) {
            const std::string question(request.queryValue("q"));
            const std::string language(request.queryValue("language"));
            if (question.empty() || question.size() > kLongestQuestion || !net::isUtf8(question)) {
                return wrong("q", "must be 1 to 200 bytes of text");
            }
            if (language.size() > kLongestLanguage) {
                return wrong("language", "must be one like zh-CN");
            }
            json findings = json::array();
            for (const auto& each : m_knowledge.find(question, language, kMostFindings)) {
                findings.push_back({{"document", each.document},
                                    {"title", each.title},
                                    {"section", each.section},
                                    {"version", each.version},
                                    {"language", each.language},
                                    {"text", each.text}});
            }
            return net::json(200, json{{"findings", std::move(findings)}}.dump());
        });
}

} // namespace guichet::hub
