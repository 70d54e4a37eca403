// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "peripherals/xfs/messages.h"

namespace guichet::net {
class Socket;
struct SocketCallbacks;
} // namespace guichet::net

namespace guichet::xfs {

enum class StopReason { None, Cancelled, TimedOut, Disconnected };

/// One device command while it runs. Thread-safe; shared by the service and whoever performs it.
class Job {
public:
    virtual ~Job() = default;
    [[nodiscard]] virtual const Command& command() const = 0;
    /// Tells the client that sent the command: "CardReader.InsertCardEvent".
    virtual void event(std::string_view name, const nlohmann::json& payload) = 0;
    /// Ends the command; only the first call counts. CompletionCode::Canceled becomes timeOut if
    /// it was the command's time that ran out.
    virtual void complete(Completion completion) = 0;
    /// Called at most once, at once if the reason is already there: the job should end soon.
    virtual void onStop(std::function<void(StopReason)> callback) = 0;
};

/// One connection of a client; never used again for another one.
using ClientId = std::uint64_t;

struct CommandOffer {
    std::string name;
    std::string version;
    std::string completionVersion;
    /// Set for what is answered at once, even while a device command runs.
    std::function<Completion(const nlohmann::json& payload)> immediate = {};
    /// As `immediate`, for commands whose answer depends on who asks.
    std::function<Completion(ClientId client, const nlohmann::json& payload)> immediateFor = {};
};

struct EventOffer {
    std::string name;
    std::string version;
};

/// What a service says about itself. Common's own commands and events are added by the service.
struct ServiceDescription { // NOLINT(bugprone-exception-escape): json moves without throwing
    std::string name;       ///< last part of its URI
    std::vector<CommandOffer> commands;
    std::vector<EventOffer> events;
    nlohmann::json capabilities; ///< members common, cardReader, printer ...
    nlohmann::json status;       ///< the same members, as they stand at the start
    std::size_t maximumRequests = 100;
    /// A client's connection has ended; its commands were told to stop.
    std::function<void(ClientId client)> onGone = {};
};

/// The service side of one device: acknowledges, one queue over all clients, time-outs from
/// receipt, cancel, status broadcast. Thread-safe. `perform` is called on the service's own thread,
/// one command at a time, and must return soon; the next command waits until the job is complete.
/// Logs each refusal of a field, so a description names the field and never its value.
class Service {
public:
    using Perform = std::function<void(std::shared_ptr<Job>)>;

    Service(ServiceDescription description, Perform perform);
    /// As stop().
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    [[nodiscard]] const std::string& name() const;
    /// Takes a client's connection in; its commands and its end come through what is returned.
    [[nodiscard]] net::SocketCallbacks accept(std::shared_ptr<net::Socket> socket);
    /// Merges `change` (members as in `status`) and tells every client what really changed.
    void updateStatus(const nlohmann::json& change);
    [[nodiscard]] nlohmann::json status() const;
    /// To every client, as a message of type unsolicited.
    void broadcast(std::string_view name, const nlohmann::json& payload);
    /// To one client, as a message of type unsolicited; nothing if it is gone.
    void tell(ClientId client, std::string_view name, const nlohmann::json& payload);
    /// Closes the clients, stops the running job and joins; later calls do nothing.
    void stop();

private:
    class Core;
    std::shared_ptr<Core> m_core; ///< shared with jobs and sockets, which may outlive the service
};

} // namespace guichet::xfs
