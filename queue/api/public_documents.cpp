// SPDX-License-Identifier: Apache-2.0
#include "queue/api/public_documents.h"

#include <charconv>

#include "queue/api/documents.h"
#include "queue/api/tokens.h"

namespace guichet::queue::api {
namespace {

constexpr std::chrono::milliseconds kPace{200};

std::string etagOf(const std::string& body)
{
    return '"' + tokenHash(body).substr(0, 24) + '"';
}

net::Response conditional(const net::Request& request, const std::string& body,
                          const std::string& etag)
{
    const bool known = net::matchesNone(request, etag);
    net::Response response = known ? net::Response{304} : net::json(200, body);
    response.headers.set("ETag", etag);
    response.headers.set("Cache-Control", "no-cache");
    return response;
}

} // namespace

PublicDocuments::PublicDocuments(domain::BranchSettings settings)
    : m_settings(std::move(settings))
    , m_thread([this] { broadcast(); })
{
}

PublicDocuments::~PublicDocuments()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_changed.notify_all();
    m_thread.join();
}

void PublicDocuments::update(std::shared_ptr<const storage::Published> published)
{
    {
        const std::lock_guard lock(m_mutex);
        m_latest = std::move(published);
    }
    m_changed.notify_all();
}

std::shared_ptr<const PublicDocuments::Rendered> PublicDocuments::rendered()
{
    const std::lock_guard lock(m_mutex);
    if (!m_rendered || m_rendered->source != m_latest) {
        auto fresh = std::make_shared<Rendered>();
        fresh->source = m_latest;
        fresh->branch.body = branchDocument(m_settings, m_latest->view.day);
        fresh->branch.etag = etagOf(fresh->branch.body);
        fresh->queue.body = queueDocument(m_settings, m_latest->view, m_latest->epoch);
        fresh->queue.etag = etagOf(fresh->queue.body);
        m_rendered = std::move(fresh);
    }
    return m_rendered;
}

net::Response PublicDocuments::branch(const net::Request& request)
{
    const auto documents = rendered();
    return conditional(request, documents->branch.body, documents->branch.etag);
}

net::Response PublicDocuments::queue(const net::Request& request)
{
    const auto documents = rendered();
    return conditional(request, documents->queue.body, documents->queue.etag);
}

void PublicDocuments::sendCalls(Watcher& watcher, const domain::PublicView& view) const
{
    for (auto call = view.calls.rbegin(); call != view.calls.rend(); ++call) {
        if (call->position > watcher.heard) {
            watcher.stream->send({}, "call", callDocument(m_settings, *call));
        }
    }
    watcher.heard = view.position;
}

void PublicDocuments::forget(const net::EventStream* stream)
{
    const std::lock_guard lock(m_streamsMutex);
    std::erase_if(m_watchers,
                  [stream](const auto& watcher) { return watcher.stream.get() == stream; });
}

void PublicDocuments::watch(const net::Request& request, std::shared_ptr<net::EventStream> stream)
{
    const auto last = request.header("Last-Event-ID");
    std::uint64_t heard = 0;
    const auto parsed = std::from_chars(last.data(), last.data() + last.size(), heard);
    const bool resumes =
        !last.empty() && parsed.ec == std::errc() && parsed.ptr == last.data() + last.size();
    auto& events = *stream;
    {
        const std::lock_guard lock(m_streamsMutex);
        const auto documents = rendered();
        const auto& view = documents->source->view;
        stream->send(std::to_string(view.position), "queue", documents->queue.body);
        m_watchers.push_back({std::move(stream), resumes ? heard : view.position});
        sendCalls(m_watchers.back(), view);
    }
    events.onClosed([this, gone = &events] { forget(gone); });
}

std::size_t PublicDocuments::watchers() const
{
    const std::lock_guard lock(m_streamsMutex);
    return m_watchers.size();
}

void PublicDocuments::broadcast()
{
    std::shared_ptr<const storage::Published> sent;
    std::unique_lock lock(m_mutex);
    while (!m_stopping) {
        m_changed.wait(lock, [&] { return m_stopping || m_latest != sent; });
        if (m_stopping) {
            return;
        }
        lock.unlock();
        {
            const std::lock_guard streamsLock(m_streamsMutex);
            const auto documents = rendered();
            const auto& view = documents->source->view;
            sent = documents->source;
            const auto id = std::to_string(view.position);
            for (auto& watcher : m_watchers) {
                sendCalls(watcher, view);
                watcher.stream->send(id, "queue", documents->queue.body);
            }
        }
        lock.lock();
        m_changed.wait_for(lock, kPace, [this] { return m_stopping; });
    }
}

} // namespace guichet::queue::api
