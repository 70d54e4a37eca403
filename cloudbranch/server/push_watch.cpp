// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/push_watch.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "cloudbranch/server/words.h"
#include "peripherals/base/random.h"
#include "queue/api/tokens.h"

namespace guichet::hub {
namespace {

using queue::domain::VisitState;
using queue::storage::PushRow;

constexpr std::chrono::seconds kPace{1};
constexpr std::chrono::seconds kPatience{5};
constexpr std::chrono::seconds kPause{30}; ///< after a push service did not take it
constexpr std::size_t kMostBrowsers = 3;   ///< of one visit
constexpr int kSoon = 2;                   ///< so many ahead: time to come back
constexpr int kGone = 410, kNotFound = 404;

std::string message(const std::string& title, const std::string& body, const std::string& link,
                    const std::string& language)
{
    return nlohmann::json{{"title", title}, {"body", body}, {"url", link}, {"lang", language}}
        .dump();
}

} // namespace

Result<std::unique_ptr<PushWatch>> PushWatch::start(Parts parts, PushSettings settings,
                                                    const std::filesystem::path& file)
{
    auto key = PushKey::open(file);
    if (!key) {
        return tl::unexpected(key.error());
    }
    std::unique_ptr<PushWatch> watch(
        new PushWatch(std::move(parts), std::move(settings), std::move(*key)));
    watch->m_thread =
        std::jthread([raw = watch.get()](const std::stop_token& stop) { raw->run(stop); });
    return watch;
}

PushWatch::PushWatch(Parts parts, PushSettings settings, PushKey key)
    : m_parts(std::move(parts))
    , m_settings(std::move(settings))
    , m_key(std::move(key))
{
}

PushWatch::~PushWatch() = default;

Result<void> PushWatch::subscribe(const std::string& visit, const PushSubscription& subscription)
{
    const auto origin = originOf(subscription.endpoint);
    if (std::ranges::find(m_settings.services, origin) == m_settings.services.end()) {
        return fail(Errc::Denied, "push: " + origin + " is not a push service of push.services");
    }
    bool full = false;
    const auto done =
        m_parts.store.rewrite([&](queue::storage::Database& database) -> Result<void> {
            const auto rows = queue::storage::pushRows(database, m_parts.branch.id);
            if (!rows) {
                return tl::unexpected(rows.error());
            }
            full = std::ranges::count(*rows, visit, &PushRow::visit) >=
                   static_cast<std::ptrdiff_t>(kMostBrowsers);
            return full ? Result<void>()
                        : putPush(database, m_parts.branch.id,
                                  {visit,
                                   subscription.endpoint,
                                   toBase64Url(subscription.key),
                                   toBase64Url(subscription.secret),
                                   {}});
        });
    m_subscribed = true;
    if (!done) {
        return fail(Errc::Busy, done.error().detail);
    }
    return full ? fail(Errc::Conflict, "push: this visit has enough browsers") : Result<void>();
}

void PushWatch::run(const std::stop_token& stop)
{
    std::mutex mutex;
    std::condition_variable_any ends;
    std::unique_lock lock(mutex);
    while (!ends.wait_for(lock, stop, kPace, [] { return false; }) && !stop.stop_requested()) {
        look(stop);
    }
}

void PushWatch::store(const std::function<Result<void>(queue::storage::Database&)>& change)
{
    if (const auto done = m_parts.store.rewrite(change); !done) {
        spdlog::warn("push: not stored: {}", done.error().detail);
    }
}

void PushWatch::look(const std::stop_token& stop)
{
    if (!m_subscribed.exchange(false)) {
        return;
    }
    std::vector<PushRow> rows;
    bool none = false; // unless the store says so, they are looked for again
    store([&](queue::storage::Database& database) -> Result<void> {
        auto read = queue::storage::pushRows(database, m_parts.branch.id);
        if (!read) {
            return tl::unexpected(read.error());
        }
        none = read->empty();
        rows = std::move(*read);
        return {};
    });
    if (!none) {
        m_subscribed = true;
    }
    std::vector<std::pair<PushRow, News>> all;
    static_cast<void>(m_parts.store.read([&](const queue::domain::Branch& branch) {
        for (auto& row : rows) {
            auto news = newsFor(branch, row);
            all.emplace_back(std::move(row), std::move(news));
        }
    }));
    for (auto& each : all) {
        auto& row = each.first;
        const auto& news = each.second;
        const auto origin = originOf(row.endpoint);
        const auto now = m_parts.clock.now();
        const bool waits = std::ranges::any_of(std::array{row.endpoint, origin}, [&](auto& whom) {
            const auto later = m_notBefore.find(whom);
            return later != m_notBefore.end() && later->second > now;
        });
        if (stop.stop_requested() || (!news.over && (news.text.empty() || waits))) {
            continue;
        }
        const int status = news.over ? kGone : send(row, news.text, stop);
        if (status == kGone || status == kNotFound) {
            m_notBefore.erase(row.endpoint);
            store([&](auto& database) { return dropPush(database, m_parts.branch.id, row); });
        } else if (status >= 200 && status < 300) {
            row.told = news.told;
            store([&](auto& database) { return tellPush(database, m_parts.branch.id, row); });
        } else {
            spdlog::warn("push: {} does not take a message now: {}", origin, status);
            m_notBefore[status == 0 ? origin : row.endpoint] = now + kPause;
        }
    }
}

PushWatch::News PushWatch::newsFor(const queue::domain::Branch& branch, const PushRow& row) const
{
    const auto* visit = branch.visit(row.visit);
    if (visit == nullptr || isTerminal(visit->state)) {
        return {.told = {}, .text = {}, .over = true};
    }
    const auto language = pageLanguage(visit->language, "en");
    const auto& words = Words::of("visit", language);
    const auto link = m_settings.publicUrl + m_parts.link(row.visit);
    const auto label = visit->ticket.label();
    if (visit->state == VisitState::Called) {
        auto told = fmt::format("called:{}", visit->calls);
        if (told == row.told) {
            return {};
        }
        return {std::move(told),
                message(label + ": " + words("called.go", {{"counter", visit->counter}}),
                        words("called.note"), link, language)};
    }
    const auto outlook = branch.outlook(*visit);
    if (visit->state != VisitState::Waiting || !outlook || outlook->ahead > kSoon ||
        row.told == "soon") {
        return {};
    }
    const auto ahead = std::to_string(outlook->ahead);
    return {"soon", message(outlook->ahead == 0 ? label + ": " + words("next")
                                                : label + ": " + words("ahead") + " " +
                                                      words("ahead.n", {{"n", ahead}}),
                            words("push.soon"), link, language)};
}

int PushWatch::send(const PushRow& row, const std::string& text, const std::stop_token& stop)
{
    const auto key = fromBase64Url(row.key);
    const auto secret = fromBase64Url(row.secret);
    const auto origin = originOf(row.endpoint);
    if (!key || !secret ||
        std::ranges::find(m_settings.services, origin) == m_settings.services.end()) {
        return kGone;
    }
    auto body = encryptPush({row.endpoint, *key, *secret}, text);
    if (!body) {
        return kGone;
    }
    auto& client = m_clients[origin];
    if (!client) {
        auto opened = net::Client::open({.baseUrl = origin});
        if (!opened) {
            spdlog::warn("push: {}", opened.error().detail);
            return 0;
        }
        client = std::move(*opened);
    }
    net::Request request{
        .method = "POST", .path = row.endpoint.substr(origin.size()), .body = std::move(*body)};
    request.headers.set("Content-Type", "application/octet-stream");
    request.headers.set("Content-Encoding", "aes128gcm");
    request.headers.set("TTL", "600");
    request.headers.set("Urgency", "high");
    request.headers.set("Topic", queue::api::tokenHash(row.visit).substr(0, 32)); // replaces
    // So it may be sent once more when the service has closed the kept connection meanwhile.
    request.headers.set("Idempotency-Key", randomUuid());
    request.headers.set("Authorization",
                        m_key.authorization(origin, m_settings.contact, m_parts.clock.now()));
    const auto answer = client->send(request, kPatience, stop);
    return answer ? answer->status : 0;
}

} // namespace guichet::hub
