// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "cloudbranch/server/webhook.h"
#include "peripherals/net/client.h"
#include "queue/storage/outbox.h"
#include "queue/storage/store.h"

namespace guichet::hub {

/// Where messages to customers go: the bank's adapter of an SMS gateway or a chat app.
struct MessageSettings {
    std::string url = {}; ///< of the webhook; empty: nobody is told anything
    std::string channel = "sms";
    std::vector<Secret<Bytes>> secrets = {};
    std::string publicUrl = {}; ///< of the hub's pages as a phone reaches them; empty: no links
};

/// Delivers what the outbox holds, in order, at least once; the receiver knows repeats by their
/// webhook-id. What is not taken with 2xx is tried again after 5 s, 30 s, 2 min, 10 min, then
/// hourly, and given up after a day with an error in the log. A thread of its own.
class Messenger {
public:
    struct Parts {
        queue::storage::Store& store;
        const Clock& clock;
        queue::domain::BranchSettings branch;
        std::function<std::string(const std::string& id)> link; ///< path of an appointment's page
    };

    /// Fails with Errc::Invalid (URL, secrets). What it is given must outlive it.
    [[nodiscard]] static Result<std::unique_ptr<Messenger>> start(Parts parts,
                                                                  MessageSettings settings);
    ~Messenger();
    Messenger(const Messenger&) = delete;
    Messenger& operator=(const Messenger&) = delete;

private:
    Messenger(Parts parts, MessageSettings settings, std::unique_ptr<net::Client> client,
              std::string path);
    void run(const std::stop_token& stop);
    /// Whether more may be due at once.
    bool deliver(const std::stop_token& stop);
    [[nodiscard]] std::string bodyOf(const queue::storage::OutboxItem& item);
    void settle(const queue::storage::OutboxItem& item, bool taken, const std::string& why);

    Parts m_parts;
    MessageSettings m_settings;
    std::unique_ptr<net::Client> m_client;
    std::string m_path;
    std::jthread m_thread; // last: joined first
};

} // namespace guichet::hub
