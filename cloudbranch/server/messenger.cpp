// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/messenger.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "cloudbranch/server/message_text.h"

namespace guichet::hub {
namespace {

using queue::storage::OutboxItem;

constexpr std::chrono::milliseconds kPace{250};
constexpr std::chrono::seconds kGatewayWait{10};
constexpr std::chrono::hours kGiveUp{24};
constexpr std::int64_t kMostAtOnce = 50;
constexpr std::array<std::chrono::seconds, 5> kPauses{
    std::chrono::seconds(5), std::chrono::seconds(30), std::chrono::minutes(2),
    std::chrono::minutes(10), std::chrono::hours(1)};

std::string idOf(const OutboxItem& item)
{
    return fmt::format("msg_{}_{}", item.epoch, item.sequence);
}

/// "https://host:port" and "/path" of a URL.
std::pair<std::string, std::string> split(const std::string& url)
{
    const auto host = url.find("://");
    const auto path = host == std::string::npos ? host : url.find('/', host + 3);
    return path == std::string::npos ? std::pair(url, std::string("/"))
                                     : std::pair(url.substr(0, path), url.substr(path));
}

} // namespace

Result<std::unique_ptr<Messenger>> Messenger::start(Parts parts, MessageSettings settings)
{
    if (settings.secrets.empty()) {
        return fail(Errc::Invalid, "messages.secrets: one is needed to sign what is sent");
    }
    auto [server, path] = split(settings.url);
    auto client = net::Client::open({.baseUrl = server});
    if (!client) {
        return fail(std::move(client).error(), "messages.url");
    }
    std::unique_ptr<Messenger> messenger(
        new Messenger(std::move(parts), std::move(settings), std::move(*client), std::move(path)));
    messenger->m_thread =
        std::jthread([raw = messenger.get()](const std::stop_token& stop) { raw->run(stop); });
    return messenger;
}

Messenger::Messenger(Parts parts, MessageSettings settings, std::unique_ptr<net::Client> client,
                     std::string path)
    : m_parts(std::move(parts))
    , m_settings(std::move(settings))
    , m_client(std::move(client))
    , m_path(std::move(path))
{
}

Messenger::~Messenger() = default;

void Messenger::run(const std::stop_token& stop)
{
    std::mutex mutex;
    std::condition_variable_any ends;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
        if (!deliver(stop)) {
            ends.wait_for(lock, stop, kPace, [] { return false; });
        }
    }
}

bool Messenger::deliver(const std::stop_token& stop)
{
    std::vector<OutboxItem> due;
    const auto read =
        m_parts.store.rewrite([&](queue::storage::Database& database) -> Result<void> {
            auto items = queue::storage::dueInOutbox(database, m_parts.branch.id,
                                                     m_parts.clock.now(), kMostAtOnce);
            if (!items) {
                return tl::unexpected(items.error());
            }
            due = std::move(*items);
            return {};
        });
    for (const auto& item : due) {
        auto body = bodyOf(item);
        if (body.empty()) {
            settle(item, true, {});
            continue;
        }
        const auto answer = m_client->send(webhookRequest(m_path, idOf(item), m_parts.clock.now(),
                                                          std::move(body), m_settings.secrets),
                                           kGatewayWait, stop);
        if (stop.stop_requested()) {
            return false; // comes again after the restart
        }
        const bool taken = answer && answer->status >= 200 && answer->status < 300;
        settle(item, taken,
               answer ? fmt::format("status {}", answer->status) : answer.error().detail);
    }
    return read && due.size() == static_cast<std::size_t>(kMostAtOnce);
}

/// Empty if there is nothing to tell any more.
std::string Messenger::bodyOf(const OutboxItem& item)
{
    std::string body;
    static_cast<void>(m_parts.store.read([&](const queue::domain::Branch& branch) {
        const auto* appointment = branch.bookings().appointment(item.subject);
        if (appointment == nullptr || appointment->phone.empty()) {
            return;
        }
        const auto link =
            m_settings.publicUrl.empty() ? "" : m_settings.publicUrl + m_parts.link(item.subject);
        const auto text = messageText(m_parts.branch, item.kind, *appointment, link);
        if (text) {
            body = nlohmann::ordered_json{{"type", item.kind},
                                          {"timestamp", toRfc3339(item.created)},
                                          {"data",
                                           {{"channel", m_settings.channel},
                                            {"to", appointment->phone},
                                            {"language", appointment->language},
                                            {"text", *text}}}}
                       .dump();
        }
    }));
    return body;
}

void Messenger::settle(const OutboxItem& item, bool taken, const std::string& why)
{
    const auto now = m_parts.clock.now();
    const bool over = !taken && now - item.created >= kGiveUp;
    if (over) {
        spdlog::error("messages: {} is given up after {} attempts: {}", idOf(item),
                      item.attempts + 1, why);
    } else if (!taken) {
        spdlog::warn("messages: {} is not taken, tried again later: {}", idOf(item), why);
    }
    const auto pause =
        kPauses.at(std::min(static_cast<std::size_t>(item.attempts), kPauses.size() - 1));
    const auto done = m_parts.store.rewrite([&](queue::storage::Database& database) {
        return taken || over ? queue::storage::removeFromOutbox(database, m_parts.branch.id, item)
                             : queue::storage::postponeInOutbox(database, m_parts.branch.id, item,
                                                                now + pause);
    });
    if (!done) {
        spdlog::warn("messages: {} will be sent again: {}", idOf(item), done.error().detail);
    }
}

} // namespace guichet::hub
