// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "cloudbranch/server/web_push.h"
#include "peripherals/net/client.h"
#include "queue/storage/push_rows.h"
#include "queue/storage/store.h"

namespace guichet::hub {

struct PushSettings {
    bool on = false;
    std::string contact = {};   ///< whom a push service may write to, "mailto:..."
    std::string publicUrl = {}; ///< of the hub's pages as a phone reaches them
    /// Where messages may go: a page names an address, and the hub calls no other than these.
    std::vector<std::string> services = {"https://fcm.googleapis.com",
                                         "https://updates.push.services.mozilla.com",
                                         "https://web.push.apple.com"};
};

/// Tells browsers that asked for it when their visit is nearly called and when it is, once each.
/// Looks once a second. What a push service does not take is tried again while it is still true.
class PushWatch {
public:
    struct Parts {
        queue::storage::Store& store;
        const Clock& clock;
        queue::domain::BranchSettings branch;
        std::function<std::string(const std::string& visit)> link; ///< path of a visit's page
    };

    /// Reads or makes the hub's key in `file`. Fails as PushKey::open does. What it is given must
    /// outlive it.
    [[nodiscard]] static Result<std::unique_ptr<PushWatch>>
    start(Parts parts, PushSettings settings, const std::filesystem::path& file);
    ~PushWatch();
    PushWatch(const PushWatch&) = delete;
    PushWatch& operator=(const PushWatch&) = delete;

    [[nodiscard]] const std::string& publicKey() const { return m_key.publicKey(); }
    /// Any thread. Fails with Errc::Denied for a push service that is not among the settings',
    /// Errc::Conflict if the visit has enough browsers, Errc::Busy if it cannot be stored.
    [[nodiscard]] Result<void> subscribe(const std::string& visit,
                                         const PushSubscription& subscription);

private:
    struct News {
        std::string told;
        std::string text; ///< the message, JSON; empty: nothing to say now
        bool over = false;
    };
    PushWatch(Parts parts, PushSettings settings, PushKey key);
    void run(const std::stop_token& stop);
    void look(const std::stop_token& stop);
    [[nodiscard]] News newsFor(const queue::domain::Branch& branch,
                               const queue::storage::PushRow& row) const;
    /// The push service's status; 0 if it did not answer.
    [[nodiscard]] int send(const queue::storage::PushRow& row, const std::string& text,
                           const std::stop_token& stop);
    void store(const std::function<Result<void>(queue::storage::Database&)>& change);

    Parts m_parts;
    PushSettings m_settings;
    PushKey m_key;
    std::map<std::string, std::unique_ptr<net::Client>> m_clients; ///< by origin
    /// By endpoint, or by the origin of a push service that does not answer at all.
    std::map<std::string, Instant> m_notBefore;
    std::atomic<bool> m_subscribed = true; ///< somebody, as far as is known
    std::jthread m_thread;                 // last: joined first
};

} // namespace guichet::hub
