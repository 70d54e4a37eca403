// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/diag/identity_question.h"

#include <future>
#include <mutex>
#include <optional>
#include <utility>

#include "peripherals/host/identity_service.h"
#include "peripherals/net/client.h"

namespace guichet::host::diag {

using nlohmann::json;

namespace {

/// What comes first: the answer, or the end of the connection.
class Answer {
public:
    void give(Result<json> result)
    {
        std::call_once(m_given, [&] { m_promise.set_value(std::move(result)); });
    }
    [[nodiscard]] Result<json> await(std::chrono::milliseconds timeout)
    {
        auto answer = m_promise.get_future();
        if (answer.wait_for(timeout) != std::future_status::ready) {
            return fail(Errc::Timeout, "no answer in time");
        }
        return answer.get();
    }

private:
    std::once_flag m_given;
    std::promise<Result<json>> m_promise;
};

Result<json> resultOf(const json& message)
{
    if (message.contains("error")) {
        const auto& error = message["error"];
        return fail(errcFromName(error.value("code", "")), error.value("detail", ""),
                    remedyFromName(error.value("remedy", "")));
    }
    if (!message.contains("result")) {
        return fail(Errc::Protocol, "an answer without a result");
    }
    return message["result"];
}

} // namespace

Result<json> askIdentity(const PublisherAddress& publisher, json question,
                         std::chrono::milliseconds timeout,
                         std::function<void(std::string_view event)> onEvent)
{
    Answer answer;
    const auto onText = [&](std::string_view text) {
        const auto message = json::parse(text, nullptr, false);
        if (!message.is_object()) {
            return answer.give(fail(Errc::Protocol, "an answer that is no JSON object"));
        }
        if (!message.contains("id")) {
            return; // to every connection
        }
        if (message.contains("event")) {
            if (onEvent) {
                onEvent(message.value("event", ""));
            }
            return;
        }
        answer.give(resultOf(message));
    };
    auto socket = net::WebSocketClient::connect(
        {.server = {.baseUrl = "ws://" + publisher.host + ":" + std::to_string(publisher.port)},
         .request = {.path = kIdentityPath}},
        {.onText = onText,
         .onClosed = [&](const Error& error) { answer.give(tl::unexpected(error)); }});
    if (!socket) {
        return tl::unexpected(notAnswering(publisher, std::move(socket.error())));
    }
    question["id"] = 1;
    return (*socket)->send(question.dump()).and_then([&]() -> Result<json> {
        return answer.await(timeout);
    });
}

} // namespace guichet::host::diag
