// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>

#include <nlohmann/json.hpp>

#include "peripherals/base/error.h"

namespace guichet::kiosk {

/// What may be shown and passed on of a bank card: a mask and a handle, never its number.
struct CardMask {
    std::string scheme;
    std::string label;
    std::string maskedPan;
    std::string last4;
    std::string expiry; ///< "2030-12"
    std::string handle;
    std::string sealed; ///< JWE for the bank
};

/// One conversation with one of the device program's own services (JSON over WebSocket): a request,
/// events, one answer. A new connection each time, in a thread of its own; destroying the object
/// ends it. Callbacks come on the owner's thread.
class OwnService : public QObject {
    Q_OBJECT

public:
    OwnService(std::string host, std::uint16_t port, std::string path, QObject* parent = nullptr);
    ~OwnService() override;

    using OnEvent = std::function<void(const std::string& event)>;
    using OnAnswer = std::function<void(const Result<nlohmann::json>& answer)>;
    /// Sends `request` (an object without "id"). A running conversation ends unanswered.
    void ask(const nlohmann::json& request, OnAnswer answer, OnEvent event = {});
    void stop();

private:
    void converse(const std::stop_token& stop, std::uint64_t conversation, const std::string& text);
    void deliver(std::uint64_t conversation, Result<nlohmann::json> message);

    std::string m_host;
    std::uint16_t m_port;
    std::string m_path;
    OnAnswer m_answer;
    OnEvent m_event;
    std::uint64_t m_conversation = 0;
    std::jthread m_thread; // last
};

/// The answer of the identity service to readCard. Fails with its error, or with Errc::Protocol.
[[nodiscard]] Result<CardMask> cardFrom(const Result<nlohmann::json>& answer);

} // namespace guichet::kiosk
