// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/dispatch.h"

#include <exception>
#include <utility>

#include <spdlog/spdlog.h>

namespace guichet::net {
namespace {

Answer guarded(const std::function<Answer()>& call)
{
    try {
        return call();
    } catch (const std::exception& exception) {
        spdlog::error("net: a handler threw: {}", exception.what());
    } catch (...) {
        spdlog::error("net: a handler threw what is no std::exception");
    }
    return problem(500, "internal", "the request could not be completed");
}

} // namespace

Dispatch::Dispatch(Workers& workers, std::shared_ptr<Mailbox> mailbox, std::size_t maxQueued,
                   const std::atomic<bool>& stopping)
    : m_workers(workers)
    , m_mailbox(std::move(mailbox))
    , m_maxQueued(maxQueued)
    , m_stopping(stopping)
{
}

bool Dispatch::call(ConnectionId caller, const Handler& handler, SharedRequest request)
{
    return post(caller, [&handler, request = std::move(request)] { return handler(*request); });
}

bool Dispatch::call(ConnectionId caller, const EventHandler& handler, SharedRequest request,
                    std::shared_ptr<EventStream> events)
{
    return post(caller,
                [&handler, request = std::move(request), events = std::move(events)]() -> Answer {
                    auto refusal = handler(*request, events);
                    return refusal ? Answer(std::move(*refusal)) : std::monostate();
                });
}

bool Dispatch::call(ConnectionId caller, const SocketHandler& handler, SharedRequest request,
                    std::shared_ptr<Socket> socket)
{
    return post(
        caller, [&handler, request = std::move(request), socket = std::move(socket)]() -> Answer {
            auto accepted = handler(*request, socket);
            return std::visit([](auto& either) { return Answer(std::move(either)); }, accepted);
        });
}

bool Dispatch::post(ConnectionId caller, std::function<Answer()> call)
{
    return m_workers.post(
        [this, caller, call = std::move(call)] {
            if (!m_stopping) {
                m_mailbox->post({caller, guarded(call)});
            }
        },
        m_maxQueued);
}

} // namespace guichet::net
