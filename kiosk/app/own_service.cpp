// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/own_service.h"

#include <condition_variable>
#include <mutex>
#include <utility>

#include "peripherals/net/client.h"

namespace guichet::kiosk {
namespace {

constexpr int kRequestId = 1;

Result<nlohmann::json> parsed(std::string_view text)
{
    auto message = nlohmann::json::parse(text, nullptr, false);
    if (!message.is_object()) {
        return fail(Errc::Protocol, "the device program's answer is not a JSON object");
    }
    return message;
}

/// Waits until the peer has closed or we are to stop.
struct End {
    std::mutex mutex;
    std::condition_variable_any changed;
    bool closed = false;
};

} // namespace

OwnService::OwnService(std::string host, std::uint16_t port, std::string path, QObject* parent)
    : QObject(parent)
    , m_host(std::move(host))
    , m_port(port)
    , m_path(std::move(path))
{
}

OwnService::~OwnService() = default;

void OwnService::ask(const nlohmann::json& request, OnAnswer answer, OnEvent event)
{
    stop();
    m_answer = std::move(answer);
    m_event = std::move(event);
    auto message = request;
    message["id"] = kRequestId;
    m_thread =
        std::jthread([this, conversation = m_conversation, text = message.dump()](
                         const std::stop_token& stop) { converse(stop, conversation, text); });
}

void OwnService::stop()
{
    ++m_conversation; // what is still on its way belongs to nobody
    m_thread = {};
    m_answer = {};
    m_event = {};
}

void OwnService::converse(const std::stop_token& stop, std::uint64_t conversation,
                          const std::string& text)
{
    const auto tell = [this, conversation](Result<nlohmann::json> message) {
        QMetaObject::invokeMethod(
            this,
            [this, conversation, message = std::move(message)] { deliver(conversation, message); },
            Qt::QueuedConnection);
    };
    End end;
    auto client = net::WebSocketClient::connect(
        {.server = {.baseUrl = "ws://" + m_host + ":" + std::to_string(m_port)},
         .request = {.path = m_path}},
        {.onText = [&](std::string_view received) { tell(parsed(received)); },
         .onClosed =
             [&](const Error& error) {
                 tell(tl::unexpected(error));
                 const std::lock_guard lock(end.mutex);
                 end.closed = true;
                 end.changed.notify_all();
             }},
        stop);
    if (!client) {
        auto error = std::move(client.error());
        error.remedy = Remedy::CallStaff;
        return tell(tl::unexpected(std::move(error)));
    }
    if (auto sent = (*client)->send(text); !sent) {
        return tell(tl::unexpected(sent.error()));
    }
    std::unique_lock lock(end.mutex);
    end.changed.wait(lock, stop, [&] { return end.closed; });
}

void OwnService::deliver(std::uint64_t conversation, Result<nlohmann::json> message)
{
    if (conversation != m_conversation || !m_answer) {
        return;
    }
    if (message && message->contains("event")) {
        if (m_event) {
            m_event(message->value("event", std::string()));
        }
        return;
    }
    const auto answer = std::exchange(m_answer, {});
    if (message && message->contains("error")) {
        const auto& error = message->at("error");
        return answer(fail(errcFromName(error.value("code", std::string())),
                           error.value("detail", std::string()),
                           remedyFromName(error.value("remedy", std::string()))));
    }
    answer(message);
}

Result<CardMask> cardFrom(const Result<nlohmann::json>& answer)
{
    if (!answer) {
        return tl::unexpected(answer.error());
    }
    const auto result = answer->value("result", nlohmann::json());
    try {
        return CardMask{.scheme = result.at("scheme"),
                        .label = result.at("label"),
                        .maskedPan = result.at("maskedPan"),
                        .last4 = result.at("last4"),
                        .expiry = result.at("expiry"),
                        .handle = result.at("handle"),
                        .sealed = result.at("sealed")};
    } catch (const nlohmann::json::exception&) {
        return fail(Errc::Protocol, "readCard's result lacks a member", Remedy::CallStaff);
    }
}

} // namespace guichet::kiosk
