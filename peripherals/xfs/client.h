// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "peripherals/base/error.h"

namespace guichet::xfs {

struct Completion; // peripherals/xfs/messages.h

/// Asks one publisher ("127.0.0.1", 5846) for its services and returns their URIs as it wrote them.
/// Blocks, at most for `timeout`. Fails with Errc::Disconnected, Timeout or Protocol.
[[nodiscard]] Result<std::vector<std::string>> discover(const std::string& host, std::uint16_t port,
                                                        std::chrono::milliseconds timeout);

/// The URI among `uris` whose last part is `service` ("cardreader"), in any case; empty if none is.
[[nodiscard]] std::string findService(const std::vector<std::string>& uris,
                                      std::string_view service);

/// One connection to one XFS4IoT service, kept up: it connects in its own thread, connects again
/// with back-off after a loss, asks for Common.Capabilities and Common.Status each time, and keeps
/// the status current by Common.StatusChangedEvent.
/// Thread-safe. Callbacks run on the client's own thread, one at a time; they must not block and
/// must not destroy the client. The destructor waits for a running callback, then drops the rest:
/// outstanding commands complete with Errc::Cancelled before it returns.
class Client {
public:
    struct Listener {
        /// true: connected and status known. false: lost, or the service closed.
        std::function<void(bool connected)> onConnected;
        /// The whole status ({"common":{...},"cardReader":{...}}) after each connect and change.
        std::function<void(const nlohmann::json& status)> onStatus;
        /// Unsolicited messages other than Common.StatusChangedEvent.
        std::function<void(std::string_view name, const nlohmann::json& payload)> onUnsolicited;
    };
    /// An event of a running command: "CardReader.InsertCardEvent", {}.
    using OnEvent = std::function<void(std::string_view name, const nlohmann::json& payload)>;
    /// Called exactly once. An Error says that no completion came: Errc::Disconnected (before
    /// sending, or the outcome is unknown because the connection broke), Errc::Invalid (the service
    /// refused the message), Errc::Busy (its queue is full), Errc::Cancelled (client destroyed).
    using OnDone = std::function<void(const Result<Completion>& completion)>;
    using RequestId = std::int64_t;

    /// `uri` as given by discover: "ws://127.0.0.1:5846/xfs4iot/v1.0/cardreader".
    /// Fails with Errc::Invalid for a URI that is not ws://.
    [[nodiscard]] static Result<std::unique_ptr<Client>> open(std::string uri, Listener listener);
    /// Without a URI: asks the publisher anew before each connect, so that the service may appear
    /// later or move to another port.
    [[nodiscard]] static std::unique_ptr<Client> find(std::string host, std::uint16_t port,
                                                      std::string service, Listener listener);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    [[nodiscard]] bool connected() const;
    /// Last known status and capabilities; empty objects before the first connect.
    [[nodiscard]] nlohmann::json status() const;
    [[nodiscard]] nlohmann::json capabilities() const;

    /// Sends a command and returns at once. `timeout` is the service's time for it, queueing
    /// included (0: none); the service, not the client, ends a command that takes longer.
    RequestId command(std::string name, const nlohmann::json& payload,
                      std::chrono::milliseconds timeout, OnDone done, OnEvent onEvent = {});
    /// The same, waiting for the end. Never call it from a callback or a GUI thread.
    [[nodiscard]] Result<Completion> call(std::string name, const nlohmann::json& payload,
                                          std::chrono::milliseconds timeout, OnEvent onEvent = {});
    /// Asks the service to cancel one of our commands; it then completes itself, as a rule with
    /// CompletionCode::Canceled.
    void cancel(RequestId request);

private:
    class Session;
    explicit Client(std::unique_ptr<Session> session);
    std::unique_ptr<Session> m_session;
};

} // namespace guichet::xfs
