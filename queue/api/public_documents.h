// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "peripherals/net/server.h"
#include "queue/storage/store.h"

namespace guichet::queue::api {

/// The two documents that everybody may read, rendered once per change, and their live stream.
/// Thread-safe.
class PublicDocuments {
public:
    explicit PublicDocuments(domain::BranchSettings settings);
    ~PublicDocuments();
    PublicDocuments(const PublicDocuments&) = delete;
    PublicDocuments& operator=(const PublicDocuments&) = delete;

    /// Takes the state after a commit; never blocks for long. Watchers hear of it within 200 ms.
    void update(std::shared_ptr<const storage::Published> published);

    /// 200 with a strong ETag, or 304.
    [[nodiscard]] net::Response branch(const net::Request& request);
    [[nodiscard]] net::Response queue(const net::Request& request);

    /// Sends "queue" (the whole document, its id the log position) at once and after changes, and a
    /// "call" for each announcement, those after Last-Event-ID included.
    void watch(const net::Request& request, std::shared_ptr<net::EventStream> stream);
    [[nodiscard]] std::size_t watchers() const;

private:
    struct Document {
        std::string body;
        std::string etag;
    };
    struct Rendered {
        std::shared_ptr<const storage::Published> source;
        Document branch;
        Document queue;
    };

    [[nodiscard]] std::shared_ptr<const Rendered> rendered();
    void broadcast();
    struct Watcher {
        std::shared_ptr<net::EventStream> stream;
        std::uint64_t heard = 0; ///< position of the last call that it was sent
    };
    void sendCalls(Watcher& watcher, const domain::PublicView& view) const;
    void forget(const net::EventStream* stream);

    const domain::BranchSettings m_settings;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::shared_ptr<const storage::Published> m_latest;
    std::shared_ptr<const Rendered> m_rendered;
    bool m_stopping = false;

    mutable std::mutex m_streamsMutex;
    std::vector<Watcher> m_watchers;
    std::thread m_thread;
};

} // namespace guichet::queue::api
