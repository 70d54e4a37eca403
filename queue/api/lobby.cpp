// SPDX-License-Identifier: Apache-2.0
// What counters and displays ask for beside the public documents.
#include <algorithm>
#include <charconv>
#include <set>

#include "peripherals/net/http.h"
#include "queue/api/api.h"
#include "queue/api/documents.h"

namespace guichet::queue::api {
namespace {

/// The states in "waiting,parked"; nothing if one is unknown.
std::optional<std::set<domain::VisitState>> statesIn(std::string_view text)
{
    std::set<domain::VisitState> states;
    while (!text.empty()) {
        const auto end = text.find(',');
        const auto state = domain::visitStateFromName(text.substr(0, end));
        if (!state) {
            return std::nullopt;
        }
        states.insert(*state);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
    return states;
}

} // namespace

net::Response Api::listVisits(const net::Request& request)
{
    const auto states = statesIn(request.queryValue("state"));
    if (!states || states->empty()) {
        return net::problem(422, "invalid-fields", "name one or more states, with commas",
                            {{"state", "must be states of visits like waiting,parked"}});
    }
    std::string document;
    const auto now = m_parts.clock.now();
    if (!m_parts.store.read([&](const domain::Branch& branch) {
            document = visitsDocument(branch, *states, now);
        })) {
        return net::problem(503, "storage-unavailable", "the hub cannot read now");
    }
    auto response = net::json(200, std::move(document));
    response.headers.set("Cache-Control", "no-store");
    return response;
}

net::Response Api::speakCall(const net::Request& request)
{
    const auto text = request.param("position");
    std::uint64_t position = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), position);
    const auto published = m_parts.store.published();
    const auto& calls = published->view.calls;
    const auto call = std::ranges::find(calls, position, &domain::Call::position);
    const bool known = parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() &&
                       call != calls.end() && m_parts.announce;
    if (!known) {
        return net::problem(404, "unknown-call", "there is no such recent call");
    }
    auto wave = m_parts.announce(*call, request.queryValue("language"));
    if (!wave) {
        return net::problem(404, "no-voice", "there is no voice in this language");
    }
    net::Response response{.contentType = "audio/wav", .body = std::move(*wave)};
    response.headers.set("Cache-Control", "no-store");
    return response;
}

} // namespace guichet::queue::api
