// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/identity_service.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "peripherals/host/own_message.h"
#include "peripherals/host/zone_handles.h"

namespace guichet::host {

using nlohmann::json;

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::string_view kOnline = "online";
constexpr std::int64_t kLongestRead = 10 * 60 * 1000;
/// A helper's events as the identity service says them; card readers speak XFS4IoT.
const char* identityEvent(std::string_view name)
{
    static constexpr std::array<std::pair<std::string_view, const char*>, 19> kEvents{
        {{"CardReader.InsertCardEvent", "insertCard"},
         {"CardReader.MediaInsertedEvent", "cardInserted"},
         {"CardReader.InvalidMediaEvent", "cardUnreadable"},
         {"insertCard", "insertCard"},
         {"showDocument", "showDocument"},
         {"moveCloser", "moveCloser"},
         {"holdStill", "holdStill"},
         {"tiltDocument", "tiltDocument"},
         {"reading", "reading"},
         {"showFace", "showFace"},
         {"onePerson", "onePerson"},
         {"comeCloser", "comeCloser"},
         {"stepBack", "stepBack"},
         {"moveToMiddle", "moveToMiddle"},
         {"moreLight", "moreLight"},
         {"lessLight", "lessLight"},
         {"evenLight", "evenLight"},
         {"lookStraight", "lookStraight"},
         {"showEyes", "showEyes"}}};
    const auto* const found = std::find_if(kEvents.begin(), kEvents.end(),
                                           [name](const auto& each) { return each.first == name; });
    return found == kEvents.end() ? nullptr : found->second;
}

} // namespace

class IdentityService::Core : public std::enable_shared_from_this<IdentityService::Core> {
public:
    Core()
        : m_watch([this](const std::stop_token& stop) { watchDeadlines(stop); })
    {
    }

    void add(IdentityReader reader)
    {
        const std::scoped_lock lock(m_mutex);
        m_readers.push_back(std::move(reader));
    }

    void stop()
    {
        m_watch.request_stop();
        if (m_watch.joinable()) {
            m_watch.join();
        }
    }

    net::SocketCallbacks accept(std::shared_ptr<net::Socket> socket)
    {
        auto caller = std::make_shared<Caller>();
        caller->socket = std::move(socket);
        const std::scoped_lock lock(m_mutex);
        m_callers.push_back(caller);
        auto self = shared_from_this();
        return {[self, caller](std::string_view text) { self->receive(caller, text); },
                [self, caller] { self->leave(caller); }};
    }

    void cardRemoved(const std::string& device)
    {
        const std::scoped_lock lock(m_mutex);
        tellAll({{"event", "cardRemoved"}, {"device", device}});
    }

    void zoneRecipient(const std::string& device, const std::string& publicKey)
    {
        const std::scoped_lock lock(m_mutex);
        m_zoneRecipients[device] = publicKey;
    }

    void deviceState(const std::string& device, const std::string& state)
    {
        const std::scoped_lock lock(m_mutex);
        auto& known = m_states[device];
        if (known != state) {
            known = state;
            tellAll({{"event", "deviceState"}, {"device", device}, {"state", state}});
        }
    }

private:
    struct Caller {
        std::shared_ptr<net::Socket> socket;
        std::int64_t reading = 0; ///< id of the running request, 0: none
        HelperProcess* reader = nullptr;
        std::uint64_t operation = 0; ///< its number there
        /// Until it is lifted: the operation may wait behind others at the helper.
        SteadyClock::time_point deadline = kNever;
        bool late = false;
        ZoneHandles zones;
        std::string usedHandle; ///< of the running readPassport; empty: it has another key
    };
    static constexpr auto kNever = SteadyClock::time_point::max();
    using CallerPtr = std::shared_ptr<Caller>;

    void receive(const CallerPtr& caller, std::string_view text)
    {
        const auto request = parseOwnRequest(text);
        if (!request) {
            return sendOwnError(*caller->socket, nullptr, request.error());
        }
        if (request->operation == "cancel") {
            return cancel(caller, *request);
        }
        if (request->operation == "forget") {
            return forget(caller, *request);
        }
        if (request->operation == "devices") {
            return sendOwn(*caller->socket, {{"id", request->id}, {"result", devices()}});
        }
        read(caller, *request);
    }

    void tellAll(const json& message) const
    {
        for (const auto& caller : m_callers) {
            sendOwn(*caller->socket, message);
        }
    }

    [[nodiscard]] std::string stateOf(const IdentityReader& reader) const
    {
        const auto known = m_states.find(reader.device);
        return known == m_states.end() ? "offline" : known->second;
    }

    json devices() const
    {
        auto list = json::array();
        const std::scoped_lock lock(m_mutex);
        for (const auto& reader : m_readers) {
            list.push_back(
                {{"device", reader.device}, {"op", reader.operation}, {"state", stateOf(reader)}});
        }
        return {{"devices", std::move(list)}};
    }

    /// The one that was asked for, else the first that is online, else the first.
    [[nodiscard]] Result<IdentityReader> readerFor(const OwnRequest& request) const
    {
        const auto device = request.body.value("device", json(nullptr));
        if (!device.is_null() && !device.is_string()) {
            return fail(Errc::Invalid, "device is not a string");
        }
        const IdentityReader* chosen = nullptr;
        const std::scoped_lock lock(m_mutex);
        for (const auto& reader : m_readers) {
            const bool meant = reader.operation == request.operation &&
                               (device.is_null() || device == reader.device);
            const bool better =
                chosen == nullptr || (stateOf(*chosen) != kOnline && stateOf(reader) == kOnline);
            chosen = meant && better ? &reader : chosen;
        }
        if (chosen == nullptr) {
            return fail(Errc::Unsupported, "op is no operation of a device of this terminal");
        }
        return *chosen;
    }

    void read(const CallerPtr& caller, const OwnRequest& request)
    {
        const auto received = SteadyClock::now();
        const auto reader = readerFor(request);
        if (!reader) {
            return sendOwnError(*caller->socket, request.id, reader.error());
        }
        const auto limit = request.body.value("timeoutMs", json(30'000));
        if (!limit.is_number_integer() || limit < 1 || limit > kLongestRead) {
            return sendOwnError(*caller->socket, request.id,
                                {Errc::Invalid, Remedy::None, "timeoutMs is not 1 to 600000"});
        }
        const std::scoped_lock lock(m_mutex);
        if (caller->reading != 0) {
            return sendOwnError(*caller->socket, request.id,
                                {Errc::Busy, Remedy::Wait, "a read is running on this connection"});
        }
        caller->reading = request.id;
        auto arguments = argumentsFor(*caller, *reader, request, received);
        if (!arguments) {
            caller->reading = 0;
            return sendOwnError(*caller->socket, request.id, arguments.error());
        }
        arguments->emplace("timeoutMs", limit);
        HelperProcess::Operation operation{request.operation, std::move(*arguments)};
        // A card that is in is read to its end. Who looks through a camera ends by itself, with the
        // best that it saw.
        const char* const counts = request.operation == "readMrz"    ? "showDocument"
                                   : request.operation == "takeFace" ? "showFace"
                                                                     : "reading";
        operation.onEvent = [self = shared_from_this(), caller, counts,
                             id = request.id](std::string_view name, const json&) {
            if (name == counts) {
                self->lift(*caller);
            }
            if (const char* event = identityEvent(name)) {
                sendOwn(*caller->socket, {{"id", id}, {"event", event}});
            }
        };
        operation.onDone = [self = shared_from_this(), caller](const Result<json>& result) {
            self->finished(caller, result);
        };
        caller->late = false;
        caller->deadline = received + std::chrono::milliseconds(limit.get<std::int64_t>());
        caller->reader = reader->helper;
        caller->operation = caller->reader->perform(std::move(operation));
        m_wake.notify_all();
    }

    /// Under the lock.
    Result<json> argumentsFor(Caller& caller, const IdentityReader& reader,
                              const OwnRequest& request, SteadyClock::time_point now) const
    {
        caller.usedHandle.clear();
        if (request.operation == "readMrz") {
            return json{{"recipients", m_zoneRecipients}};
        }
        if (request.operation == "checkFace" &&
            !request.body.value("handle", json(nullptr)).is_string()) {
            return fail(Errc::Invalid, "handle: want that of a document that was read");
        }
        const auto key = request.body.find("key");
        if (key == request.body.end()) {
            return json::object();
        }
        if (!key->is_object() || !key->contains("handle")) {
            return json{{"key", *key}};
        }
        const auto& handle = key->at("handle");
        if (!handle.is_string() || key->size() != 1) {
            return fail(Errc::Invalid, "key: want the handle of a readMrz alone");
        }
        caller.usedHandle = handle.get<std::string>();
        return caller.zones.sealedFor(caller.usedHandle, reader.device, now)
            .map([](std::string sealed) {
                return json{{"sealedZone", std::move(sealed)}};
            });
    }

    void forget(const CallerPtr& caller, const OwnRequest& request)
    {
        {
            const std::scoped_lock lock(m_mutex);
            caller->zones.forgetAll();
        }
        sendOwn(*caller->socket, {{"id", request.id}, {"result", json::object()}});
    }

    /// Takes out what only a reader's helper may see. Under the lock.
    static void keepZone(Caller& caller, json& result)
    {
        const auto sealed = result.find("zoneFor");
        if (sealed == result.end()) {
            return;
        }
        caller.zones.keep(result.at("handle").get<std::string>(),
                          sealed->get<std::map<std::string, std::string>>(), SteadyClock::now());
        result.erase(sealed);
    }

    void lift(Caller& caller)
    {
        const std::scoped_lock lock(m_mutex);
        caller.deadline = kNever;
    }

    /// Holds no caller beyond the lock: the last one to go would end this thread from within.
    void watchDeadlines(const std::stop_token& stop)
    {
        std::unique_lock lock(m_mutex);
        while (!stop.stop_requested()) {
            stopLate(SteadyClock::now());
            expireZones(SteadyClock::now());
            const auto next = nextDeadline();
            const auto sooner = [this, next] { return nextDeadline() < next; };
            if (next == kNever) {
                m_wake.wait(lock, stop, sooner);
            } else {
                m_wake.wait_until(lock, stop, next, sooner);
            }
        }
    }

    void stopLate(SteadyClock::time_point now)
    {
        for (const auto& caller : m_callers) {
            if (caller->deadline <= now) {
                caller->deadline = kNever;
                caller->late = true;
                caller->reader->stop(caller->operation);
            }
        }
    }

    void expireZones(SteadyClock::time_point now)
    {
        for (const auto& caller : m_callers) {
            caller->zones.expire(now);
        }
    }

    SteadyClock::time_point nextDeadline() const
    {
        auto next = kNever;
        for (const auto& caller : m_callers) {
            next = std::min({next, caller->deadline, caller->zones.nextExpiry()});
        }
        return next;
    }

    void finished(const CallerPtr& caller, const Result<json>& result)
    {
        std::int64_t id = 0;
        bool late = false;
        auto shown = result ? *result : json();
        {
            const std::scoped_lock lock(m_mutex);
            id = std::exchange(caller->reading, 0);
            late = caller->late;
            caller->deadline = kNever;
            if (result) {
                keepZone(*caller, shown);
                caller->zones.forget(caller->usedHandle);
            }
        }
        m_wake.notify_all();
        if (result) {
            sendOwn(*caller->socket, {{"id", id}, {"result", std::move(shown)}});
        } else if (late && result.error().code == Errc::Cancelled) {
            sendOwnError(*caller->socket, id,
                         {Errc::Timeout, Remedy::InsertCard, "no card in time"});
        } else {
            sendOwnError(*caller->socket, id, result.error());
        }
    }

    void cancel(const CallerPtr& caller, const OwnRequest& request)
    {
        const auto [reader, operation] = running(*caller);
        if (reader == nullptr) {
            return sendOwnError(*caller->socket, request.id,
                                {Errc::NotFound, Remedy::None, "nothing to cancel"});
        }
        sendOwn(*caller->socket, {{"id", request.id}, {"result", json::object()}});
        reader->stop(operation);
    }

    void leave(const CallerPtr& caller)
    {
        {
            const std::scoped_lock lock(m_mutex);
            std::erase(m_callers, caller);
            caller->zones.forgetAll();
        }
        if (const auto [reader, operation] = running(*caller); reader != nullptr) {
            reader->stop(operation);
        }
    }

    /// Where the caller's read runs and its number there; null: none does.
    [[nodiscard]] std::pair<HelperProcess*, std::uint64_t> running(const Caller& caller) const
    {
        const std::scoped_lock lock(m_mutex);
        return {caller.reading != 0 ? caller.reader : nullptr, caller.operation};
    }

    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::vector<IdentityReader> m_readers;
    std::map<std::string, std::string> m_states; ///< of devices, some known before they are added
    std::map<std::string, std::string> m_zoneRecipients; ///< public keys by device
    std::vector<CallerPtr> m_callers;
    std::jthread m_watch; ///< last: joined before the rest goes
};

IdentityService::IdentityService()
    : m_core(std::make_shared<Core>())
{
}

IdentityService::~IdentityService()
{
    stop();
}

void IdentityService::add(IdentityReader reader)
{
    m_core->add(std::move(reader));
}

void IdentityService::stop()
{
    m_core->stop();
}

net::SocketHandler IdentityService::handler()
{
    return [core = m_core](const net::Request&, std::shared_ptr<net::Socket> socket) {
        return core->accept(std::move(socket));
    };
}

void IdentityService::zoneRecipient(const std::string& device, const std::string& publicKey)
{
    m_core->zoneRecipient(device, publicKey);
}

void IdentityService::deviceState(const std::string& device, const std::string& state)
{
    m_core->deviceState(device, state);
}

void IdentityService::cardRemoved(const std::string& device)
{
    m_core->cardRemoved(device);
}

} // namespace guichet::host
