// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/document_control.h"

#include "peripherals/virtual/control_body.h"

namespace guichet::virtualdevices {

namespace {

using nlohmann::json;

constexpr std::uint64_t kMostPageMs = 60'000;

auto now()
{
    return std::chrono::steady_clock::now();
}

const char* name(Tray tray)
{
    return tray == Tray::Full ? "full" : tray == Tray::Low ? "low" : "out";
}

const char* name(OfficePrinter::JobState state)
{
    using enum OfficePrinter::JobState;
    switch (state) {
    case Held:
        return "held";
    case Processing:
        return "processing";
    case Stopped:
        return "stopped";
    case Cancelled:
        return "cancelled";
    case Completed:
        break;
    }
    return "completed";
}

net::Response paper(const net::Request& request, DocumentServer& server)
{
    ControlBody body(request);
    const auto state = body.oneOf("state", {"full", "low", "out"});
    if (auto refusal = body.refusal()) {
        return *refusal;
    }
    server.printer().load(*state == "full"  ? Tray::Full
                          : *state == "low" ? Tray::Low
                                            : Tray::Out,
                          now());
    return asJson(documentState(server));
}

net::Response cover(const net::Request& request, DocumentServer& server)
{
    ControlBody body(request);
    const auto open = body.boolean("open");
    if (auto refusal = body.refusal()) {
        return *refusal;
    }
    server.printer().setCover(*open, now());
    return asJson(documentState(server));
}

net::Response slow(const net::Request& request, DocumentServer& server)
{
    ControlBody body(request);
    const auto time = body.number("pageMs", kMostPageMs);
    if (auto refusal = body.refusal()) {
        return *refusal;
    }
    server.printer().setPageTime(std::chrono::milliseconds(*time), now());
    return asJson(documentState(server));
}

} // namespace

json documentState(DocumentServer& server)
{
    const auto state = server.printer().state(now());
    auto jobs = json::array();
    for (const auto& job : state.jobs) {
        jobs.push_back({{"number", job.number},
                        {"name", job.name},
                        {"state", name(job.state)},
                        {"pages", job.pages},
                        {"pagesOut", job.pagesOut}});
    }
    return {{"plugged", server.plugged()},
            {"paper", name(state.tray)},
            {"coverOpen", state.coverOpen},
            {"pageMs", state.pageTime.count()},
            {"jobs", std::move(jobs)}};
}

void addDocumentRoutes(net::Router& router, DocumentServer& server)
{
    using net::Request;
    router.add("POST", "/document/paper", [&](const Request& r) { return paper(r, server); });
    router.add("POST", "/document/cover", [&](const Request& r) { return cover(r, server); });
    router.add("POST", "/document/slow", [&](const Request& r) { return slow(r, server); });
    router.add("POST", "/document/plug", [&](const Request& r) {
        return plugDevice(r, server, [&] { return documentState(server); });
    });
}

} // namespace guichet::virtualdevices
