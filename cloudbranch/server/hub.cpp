// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/hub.h"

#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <thread>
#include <utility>

#include <spdlog/spdlog.h>

#include "cloudbranch/server/announcement.h"
#include "cloudbranch/server/assists/assist_api.h"
#include "cloudbranch/server/authority.h"
#include "cloudbranch/server/commands.h"
#include "cloudbranch/server/evidence/evidence_api.h"
#include "cloudbranch/server/knowledge/knowledge_api.h"
#include "cloudbranch/server/local_port.h"
#include "cloudbranch/server/messenger.h"
#include "cloudbranch/server/outlet.h"
#include "cloudbranch/server/pages.h"
#include "demo_script.h"
#include "peripherals/net/server.h"
#include "queue/api/api.h"

namespace guichet::hub {

using queue::api::Role;

namespace {

constexpr std::chrono::seconds kLapsePace{1};
constexpr std::chrono::minutes kTidyPause{1};

/// Everybody knows the demo's passwords, so its data never becomes an outlet's, nor the reverse.
Result<void> keepDemoApart(const Options& options)
{
    const auto mark = options.data / "demo";
    std::error_code error;
    const bool marked = std::filesystem::exists(mark, error);
    if (marked != options.demo && std::filesystem::exists(options.data / "queue.db", error)) {
        return fail(Errc::Invalid,
                    options.data.string() +
                        (marked ? ": is of a --demo; name another folder for the outlet"
                                : ": is of an outlet; name another folder for --demo"));
    }
    if (options.demo && !marked) {
        std::filesystem::create_directories(options.data, error);
        if (!std::ofstream(mark)) {
            return fail(Errc::Busy, mark.string() + ": cannot be written");
        }
    }
    return {};
}

std::filesystem::path outletFile(const Options& options)
{
    return options.config.empty() ? options.data / "outlet.toml" : options.config;
}

std::vector<std::string> serverNames(const Outlet& outlet)
{
    return outlet.serverNames.empty() ? usualServerNames() : outlet.serverNames;
}

} // namespace

struct Hub::Parts {
    // In order of use: what comes later uses what comes before, and goes first.
    Outlet outlet;
    std::unique_ptr<queue::api::PublicDocuments> documents;
    std::unique_ptr<queue::storage::Store> store;
    std::unique_ptr<queue::api::Staff> staff;
    std::unique_ptr<queue::api::VisitTokens> visitTokens;
    std::unique_ptr<Authority> authority; ///< none: http only
    std::unique_ptr<queue::api::Terminals> terminals;
    std::unique_ptr<queue::api::Api> api;
    std::unique_ptr<AssistDesk> desk;
    std::unique_ptr<AssistApi> assists;
    std::unique_ptr<EvidenceStore> evidence;
    std::unique_ptr<EvidenceApi> evidenceApi;
    std::unique_ptr<Knowledge> knowledge;
    std::unique_ptr<KnowledgeApi> knowledgeApi;
    std::unique_ptr<PushWatch> push; ///< none: off
    std::unique_ptr<Pages> pages;
    std::unique_ptr<net::Server> server;
    std::unique_ptr<Messenger> messenger; ///< none: customers are told nothing
    std::jthread lapses;                  ///< ends what has run out, once a second
    std::unique_ptr<LocalPort> localPort;
    std::mutex tidyMutex;
    std::condition_variable_any tidyWake;
    std::jthread tidier;

    Result<void> open(const Options& options, const Clock& clock);
    Result<void> prepareDemo(const Clock& clock);
    Result<void> openAuthority(const Options& options, const Clock& clock);
    Result<void> openEvidence(const Options& options, const Clock& clock);
    Result<void> serve(const Options& options, const Clock& clock);
    [[nodiscard]] net::ServerTls tls() const;
    [[nodiscard]] std::string perform(const std::string& line) const;
    void tidy() const;
    void tidyAgainAndAgain(const std::stop_token& stop);
};

Result<void> Hub::Parts::open(const Options& options, const Clock& clock)
{
    if (options.demo) {
        outlet.branch = queue::domain::demoBranch();
        outlet.terminals = {{queue::api::tokenHash("demo-kiosk"), "demo-kiosk"}};
        outlet.seats = {{"agent", {"小美 May", "remote", {{"zh", "en"}, {"*"}, 1}, {"fund-sales"}}},
                        {"expert", {"林深 Lin", "remote", {{"zh", "en", "csl"}, {"*"}, 2}}}};
        outlet.approvals = {{.task = "phone-change", .steps = {"review"}, .authority = 2}};
    }
    if (options.demo) {
        if (auto script = guided::parseScript(kDemoScript)) {
            outlet.scripts = {std::move(*script)};
        } else {
            return tl::unexpected(script.error());
        }
    }
    if (!options.demo || !options.config.empty()) {
        auto read = readOutlet(outletFile(options), std::move(outlet));
        if (!read) {
            return tl::unexpected(read.error());
        }
        outlet = std::move(*read);
    }
    if (auto kept = keepDemoApart(options); !kept) {
        return kept;
    }
    documents = std::make_unique<queue::api::PublicDocuments>(outlet.branch);
    queue::storage::StoreOptions storeOptions{options.data, outlet.branch, &clock};
    storeOptions.keepsOutbox = !outlet.messages.url.empty();
    storeOptions.published = [this](auto published) { documents->update(std::move(published)); };
    auto opened = queue::storage::Store::open(std::move(storeOptions));
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    store = std::move(*opened);
    auto tokens = queue::api::VisitTokens::open(options.data / "visit-tokens.key");
    if (!tokens) {
        return tl::unexpected(tokens.error());
    }
    visitTokens = std::make_unique<queue::api::VisitTokens>(std::move(*tokens));
    auto members = queue::api::Staff::open(*store, clock, outlet.secondFactor);
    if (!members) {
        return tl::unexpected(members.error());
    }
    staff = std::move(*members);
    return openAuthority(options, clock);
}

Result<void> Hub::Parts::openAuthority(const Options& options, const Clock& clock)
{
    auto opened = Authority::open(options.data / "authority", clock);
    if (!opened) {
        return opened.error().code == Errc::NotFound ? Result<void>()
                                                     : tl::unexpected(opened.error());
    }
    authority = std::move(*opened);
    auto known = queue::api::Terminals::open(*store, clock, *authority);
    if (!known) {
        return tl::unexpected(known.error());
    }
    terminals = std::move(*known);
    return {};
}

net::ServerTls Hub::Parts::tls() const
{
    return {.certificateFile = authority->serverFile(),
            .keyFile = authority->serverFile(),
            .clientCaFile = authority->certificateFile(),
            .timesByHandler = true};
}

std::string Hub::Parts::perform(const std::string& line) const
{
    return performCommand({*staff, terminals.get(), outlet.branch.id, outlet.branch.timeZone},
                          line);
}

void Hub::Parts::tidy() const
{
    evidence->tidy();
    knowledge->refresh();
    if (!authority) {
        return;
    }
    const auto renewed = authority->renewServer(serverNames(outlet));
    if (!renewed) {
        spdlog::error("hub: its certificate is not renewed: {}", renewed.error().detail);
    } else if (*renewed) {
        if (const auto done = server->renewTls(tls()); !done) {
            spdlog::error("hub: its new certificate is not used: {}", done.error().detail);
        }
    }
    if (const auto done = terminals->tidy(); !done) {
        spdlog::warn("hub: the terminals are not stored: {}", done.error().detail);
    }
}

void Hub::Parts::tidyAgainAndAgain(const std::stop_token& stop)
{
    std::unique_lock lock(tidyMutex);
    while (!tidyWake.wait_for(lock, stop, kTidyPause, [&] { return stop.stop_requested(); })) {
        if (stop.stop_requested()) {
            return;
        }
        tidy();
    }
}

Result<void> Hub::Parts::prepareDemo(const Clock& clock)
{
    const std::pair<const char*, Role> people[] = {
        {"teller", Role::Teller},   {"supervisor", Role::Supervisor}, {"engineer", Role::Engineer},
        {"auditor", Role::Auditor}, {"agent", Role::Agent},           {"expert", Role::Agent}};
    for (const auto& [name, role] : people) {
        if (auto added = staff->add(name, role, "demo"); !added) {
            return added;
        }
    }
    const auto opened =
        store->execute(queue::domain::OpenDay{queue::api::dayLabel(outlet.branch, clock.now())},
                       {"demo", true}, {});
    if (!opened && opened.error().code != queue::domain::RefusalCode::DayOpen) {
        return fail(Errc::Busy, "open the business day: " + opened.error().detail);
    }
    return {};
}

Result<void> Hub::Parts::openEvidence(const Options& options, const Clock& clock)
{
    EvidenceStore::Parts parts{*store, clock, outlet.branch.id, options.data / "evidence",
                               outlet.evidence};
    if (terminals) {
        parts.certificates = [this](const std::string& terminal) {
            return terminals->certificates(terminal);
        };
    }
    auto opened = EvidenceStore::open(std::move(parts));
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    evidence = std::move(*opened);
    evidenceApi = std::make_unique<EvidenceApi>(
        *evidence, clock,
        queue::api::Operations::Parts{*staff, *visitTokens, outlet.branch.id, outlet.terminals,
                                      terminals.get()});
    return {};
}

Result<void> Hub::Parts::serve(const Options& options, const Clock& clock)
{
    api = std::make_unique<queue::api::Api>(
        queue::api::Api::Parts{*store, *staff, *documents, *visitTokens, clock, outlet.branch,
                               outlet.terminals, terminals.get(), outlet.newcomers,
                               [](const queue::domain::Call& call, std::string_view language) {
                                   return announcement(call.ticket, call.counter, language);
                               }});
    auto cases = caseKey(options.data / "cases.key");
    if (!cases) {
        return tl::unexpected(cases.error());
    }
    auto openedDesk =
        AssistDesk::open({*store, clock, outlet.branch.id, outlet.routing, outlet.seats,
                          std::move(outlet.turn), std::move(outlet.scripts), outlet.approvals},
                         std::move(*cases));
    if (!openedDesk) {
        return tl::unexpected(openedDesk.error());
    }
    desk = std::move(*openedDesk);
    assists = std::make_unique<AssistApi>(
        *desk, *staff, clock,
        queue::api::Operations::Parts{*staff, *visitTokens, outlet.branch.id, outlet.terminals,
                                      terminals.get()});
    if (auto opened = openEvidence(options, clock); !opened) {
        return opened;
    }
    knowledge = std::make_unique<Knowledge>(outletFile(options).parent_path() / "knowledge");
    knowledgeApi = std::make_unique<KnowledgeApi>(
        *knowledge, queue::api::Operations::Parts{*staff, *visitTokens, outlet.branch.id,
                                                  outlet.terminals, terminals.get()});
    const auto link = [this](const std::string& id) { return "/t/" + visitTokens->make(id); };
    if (outlet.push.on) {
        auto watch = PushWatch::start({*store, clock, outlet.branch, link}, outlet.push,
                                      options.data / "push.key");
        if (!watch) {
            return tl::unexpected(watch.error());
        }
        push = std::move(*watch);
    }
    pages = std::make_unique<Pages>(Pages::Parts{*api, *store, clock, outlet.branch, push.get()});
    net::Router router;
    api->addTo(router);
    assists->addTo(router);
    evidenceApi->addTo(router);
    knowledgeApi->addTo(router);
    pages->addTo(router);
    net::ServerConfig config;
    config.host = options.host == "localhost" ? "127.0.0.1" : options.host;
    config.port = options.port;
    config.workers = static_cast<unsigned>(outlet.workers);
    config.maxConnectionsPerPeer = static_cast<std::size_t>(outlet.connectionsPerPeer);
    if (authority) {
        if (auto renewed = authority->renewServer(serverNames(outlet)); !renewed) {
            return tl::unexpected(renewed.error());
        }
        config.tls = tls();
    }
    auto started = net::Server::start(config, std::move(router));
    if (!started) {
        return tl::unexpected(started.error());
    }
    server = std::move(*started);
    if (!outlet.messages.url.empty()) {
        auto messages =
            Messenger::start({*store, clock, outlet.branch, link}, std::move(outlet.messages));
        if (!messages) {
            return tl::unexpected(messages.error());
        }
        messenger = std::move(*messages);
    }
    lapses = std::jthread([this](const std::stop_token& stop) {
        std::mutex mutex;
        std::condition_variable_any wake;
        std::unique_lock lock(mutex);
        while (!wake.wait_for(lock, stop, kLapsePace, [] { return false; }) &&
               !stop.stop_requested()) {
            static_cast<void>(store->execute(queue::domain::Lapse{}, {"hub", true}, {}));
            desk->tick();
            assists->tick();
        }
    });
    auto local =
        LocalPort::open(options.data, [this](const std::string& line) { return perform(line); });
    if (!local) {
        return tl::unexpected(local.error());
    }
    localPort = std::move(*local);
    tidier = std::jthread([this](const std::stop_token& stop) { tidyAgainAndAgain(stop); });
    return {};
}

Hub::Hub(std::unique_ptr<Parts> parts)
    : m_parts(std::move(parts))
{
}

Hub::~Hub()
{
    m_parts->tidier = {};
    m_parts->localPort.reset();
    if (m_parts->server) {
        m_parts->server->stop();
    }
    m_parts->server.reset();
    m_parts->lapses = {};
    m_parts->messenger.reset();
    m_parts->pages.reset();
    m_parts->push.reset();
    m_parts->knowledgeApi.reset();
    m_parts->knowledge.reset();
    m_parts->evidenceApi.reset();
    m_parts->evidence.reset();
    m_parts->assists.reset();
    m_parts->desk.reset();
    m_parts->api.reset();
    if (m_parts->terminals) {
        static_cast<void>(m_parts->terminals->tidy()); // when each was seen last
    }
    m_parts->terminals.reset();
    m_parts->staff.reset();
    m_parts->store.reset(); // its last commits still reach the documents
}

Result<std::unique_ptr<Hub>> Hub::start(const Options& options, const Clock& clock)
{
    std::unique_ptr<Hub> hub(new Hub(std::make_unique<Parts>()));
    auto done = hub->m_parts->open(options, clock);
    if (done && options.demo) {
        done = hub->m_parts->prepareDemo(clock);
    }
    if (done) {
        done = hub->m_parts->serve(options, clock);
    }
    if (!done) {
        return tl::unexpected(done.error());
    }
    return hub;
}

Result<std::string> Hub::command(const Options& options, const Clock& clock,
                                 const std::string& line)
{
    auto answer = askHub(options.data, line);
    if (answer || answer.error().code != Errc::NotFound) {
        return answer;
    }
    Hub closed(std::make_unique<Parts>());
    if (auto opened = closed.m_parts->open(options, clock); !opened) {
        return tl::unexpected(opened.error());
    }
    return closed.m_parts->perform(line);
}

void Hub::tidy()
{
    m_parts->tidy();
}

bool Hub::secure() const
{
    return m_parts->authority != nullptr;
}

std::uint16_t Hub::port() const
{
    return m_parts->server->port();
}

} // namespace guichet::hub
