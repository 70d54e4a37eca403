// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include <catch2/catch.hpp>

#include "tests/cloudbranch/server/assist_line.h"

namespace guichet::hub::test {

constexpr auto kCustomer = "Wang Secret Xiaoming";

/// A demo outlet where a customer needs somebody.
struct Desk {
    HubCaller hub;
    std::string agent = hub.login("agent");
    std::string expert = hub.login("expert");

    explicit Desk(const std::string& config = {})
        : hub(config)
    {
    }

    net::Response post(const json& body, const std::string& key = "one-press-of-help-0001")
    {
        return hub.post("/v1/assists", hub.terminal, body, {{"Idempotency-Key", key}});
    }
    std::string ask(const std::string& caseId = "case-1", const json& needs = json::object())
    {
        const auto answer =
            post({{"case", caseId},
                  {"needs", needs},
                  {"content", {{"customer", {{"name", kCustomer}}}, {"step", "form"}}}},
                 "press-" + caseId + "-000000000000");
        REQUIRE(answer.status == 201);
        return parsed(answer).at("id");
    }
    /// One that has said that it is ready; it may ring before it shows so.
    std::unique_ptr<AssistLine> seat(const std::string& token)
    {
        auto line = AssistLine::seat(hub, token);
        line->until("seat", "away");
        line->say({{"type", "ready"}});
        return line;
    }
    struct Call {
        std::string id;
        std::unique_ptr<AssistLine> terminal, seat;
    };
    /// A customer whom a member of staff has just answered.
    Call answered()
    {
        Call call{.seat = seat(agent)};
        call.id = ask();
        call.terminal = AssistLine::terminal(hub, call.id);
        call.seat->until("seat", "ringing");
        call.seat->say({{"type", "accept"}, {"assist", call.id}});
        call.terminal->until("assist", "joining");
        return call;
    }
    /// What the disk has of everything.
    std::string disk() const
    {
        std::string all;
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(hub.folder.path() / "data")) {
            if (entry.is_regular_file()) {
                std::ifstream file(entry.path(), std::ios::binary);
                all.append(std::istreambuf_iterator<char>(file), {});
            }
        }
        return all;
    }
};

} // namespace guichet::hub::test
