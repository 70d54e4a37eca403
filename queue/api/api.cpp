// SPDX-License-Identifier: Apache-2.0
#include "queue/api/api.h"

#include <variant>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "peripherals/base/random.h"
#include "peripherals/net/http.h"
#include "peripherals/net/idempotency.h"
#include "queue/api/answers.h"
#include "queue/api/body.h"
#include "queue/api/booking_documents.h"
#include "queue/api/documents.h"
#include "queue/api/requests.h"

namespace guichet::queue::api {
namespace {

using domain::RefusalCode;
using domain::Trigger;

constexpr std::size_t kLongestReason = 200;
constexpr RateLimit kWrongCodes{10, std::chrono::minutes(1)};

net::Response unauthorized(std::string_view code, std::string_view detail)
{
    auto response = net::problem(401, code, detail);
    response.headers.set("WWW-Authenticate", "Bearer");
    return response;
}

net::Response later(std::string_view code, std::string_view detail, std::chrono::seconds wait)
{
    auto response = net::problem(429, code, detail);
    response.headers.set("Retry-After", std::to_string(wait.count()));
    return response;
}

net::Response refused(const LoginRefusal& refusal)
{
    switch (refusal.kind) {
    case LoginRefusal::Kind::Wrong:
        return unauthorized("login-refused", "unknown user, wrong password or wrong code");
    case LoginRefusal::Kind::CodeNeeded:
        return unauthorized("second-factor-needed", "send the code of the second factor too");
    case LoginRefusal::Kind::FactorMissing:
        return net::problem(403, "second-factor-missing",
                            "this role needs a second factor; set it up at the hub");
    case LoginRefusal::Kind::Locked:
        return later("login-locked", "too many failures; wait", refusal.wait);
    case LoginRefusal::Kind::TooMany:
        return later("too-many-logins", "too many at once; try again", std::chrono::seconds(1));
    case LoginRefusal::Kind::Unavailable:
        break;
    }
    return unavailable();
}

std::string encodeVisit(const domain::Branch& branch, const domain::Outcome& outcome)
{
    const auto* visit = branch.visit(outcome.visit);
    return visit == nullptr ? std::string()
                            : visitDocument(branch.settings(), *visit, branch.outlook(*visit));
}

std::string encodeSession(const domain::Branch& branch, const domain::Outcome& outcome)
{
    return sessionDocument(*branch.session(outcome.session));
}

std::int64_t versionIn(const std::string& document)
{
    return nlohmann::json::parse(document).at("version").get<std::int64_t>();
}

} // namespace

std::string dayLabel(const domain::BranchSettings& branch, Instant now)
{
    return toRfc3339(now, branch.timeZone).substr(0, 10);
}

Api::Api(Parts parts)
    : m_parts(std::move(parts))
    , m_operations({m_parts.staff, m_parts.visitTokens, m_parts.branch.id, m_parts.terminals,
                    m_parts.enrolled})
    , m_newcomers(m_parts.clock, m_parts.newcomers)
    , m_wrongCodes(m_parts.clock, kWrongCodes)
    , m_bookings({m_parts.store, m_parts.visitTokens, m_parts.clock, m_parts.branch, m_newcomers,
                  m_wrongCodes})
    , m_enrolment(m_parts.enrolled, m_parts.branch)
{
}

void Api::addTo(net::Router& router)
{
    const std::vector<Role> staff{Role::Teller, Role::Supervisor};
    const std::vector<Role> issuers{Role::Anonymous, Role::Terminal, Role::Teller,
                                    Role::Supervisor};
    const std::vector<Role> entitled{Role::Customer, Role::Terminal, Role::Teller,
                                     Role::Supervisor};
    const std::vector<Role> here{Role::Terminal, Role::Teller, Role::Supervisor};
    const std::vector<Role> customers{Role::Customer, Role::Teller, Role::Supervisor};
    const auto text = [](std::string body, std::string type) {
        net::Response response;
        response.contentType = std::move(type);
        response.body = std::move(body);
        return response;
    };

    m_operations.add(router, "GET", "/v1/branches", {}, [this](const auto&, const auto&) {
        return net::json(200,
                         branchesDocument(m_parts.branch, m_parts.store.published()->view.day));
    });
    m_operations.add(
        router, "GET", "/v1/branches/{b}", {},
        [this](const auto& request, const auto&) { return m_parts.documents.branch(request); });
    m_operations.add(
        router, "GET", "/v1/branches/{b}/queue", {},
        [this](const auto& request, const auto&) { return m_parts.documents.queue(request); });
    m_operations.events(
        router, "/v1/branches/{b}/events",
        [this](const net::Request& request,
               std::shared_ptr<net::EventStream> stream) -> std::optional<net::Response> {
            // A watcher's own clock may be wrong by days: ages are told against this one.
            stream->send({}, "time", timeDocument(m_parts.branch, m_parts.clock.now()));
            m_parts.documents.watch(request, std::move(stream));
            return std::nullopt;
        });
    m_operations.add(router, "GET", "/v1/branches/{b}/visits", staff,
                     [this](const auto& request, const auto&) { return listVisits(request); });
    m_operations.add(router, "GET", "/v1/branches/{b}/calls/{position}/voice.wav", {},
                     [this](const auto& request, const auto&) { return speakCall(request); });
    m_operations.add(
        router, "POST", "/v1/branches/{b}/visits", issuers,
        [this](const auto& request, const auto& caller) { return takeNumber(request, caller); });
    m_operations.add(
        router, "GET", "/v1/visits/{id}", entitled,
        [this](const auto& request, const auto& caller) { return readVisit(request, caller); });
    const std::vector<std::pair<std::string, Trigger>> commands{
        {"recall", Trigger::Recall}, {"arrive", Trigger::Arrive},   {"start", Trigger::Start},
        {"park", Trigger::Park},     {"requeue", Trigger::PutBack}, {"transfer", Trigger::Transfer},
        {"finish", Trigger::Finish}, {"no-show", Trigger::GiveUp},  {"cancel", Trigger::Cancel},
        {"undo", Trigger::Undo},     {"late", Trigger::Delay},      {"check-in", Trigger::CheckIn},
    };
    for (const auto& [word, trigger] : commands) {
        m_operations.add(router, "POST", "/v1/visits/{id}/" + word,
                         trigger == Trigger::Cancel    ? entitled
                         : trigger == Trigger::CheckIn ? here
                         : trigger == Trigger::Delay   ? customers
                                                       : staff,
                         [this, trigger = trigger](const auto& request, const auto& caller) {
                             return changeVisit(request, caller, trigger);
                         });
    }
    m_operations.add(
        router, "POST", "/v1/branches/{b}/sessions", staff,
        [this](const auto& request, const auto& caller) { return openSession(request, caller); });
    m_operations.add(
        router, "DELETE", "/v1/sessions/{s}", staff,
        [this](const auto& request, const auto& caller) { return endSession(request, caller); });
    m_operations.add(
        router, "POST", "/v1/sessions/{s}/call-next", staff,
        [this](const auto& request, const auto& caller) { return callNext(request, caller); });
    m_operations.add(
        router, "POST", "/v1/sessions/{s}/call", staff,
        [this](const auto& request, const auto& caller) { return callVisit(request, caller); });
    m_operations.add(
        router, "POST", "/v1/branches/{b}/business-day", {Role::Supervisor},
        [this](const auto& request, const auto& caller) { return businessDay(request, caller); });
    m_bookings.addTo(router, m_operations);
    m_operations.add(router, "POST", "/v1/login", {},
                     [this](const auto& request, const auto&) { return login(request); });
    m_operations.add(router, "GET", "/healthz", {}, [this](const auto&, const auto&) {
        return m_parts.store.read([](const domain::Branch&) {})
                   ? net::json(200, R"({"status":"ok"})")
                   : unavailable();
    });
    m_operations.add(router, "GET", "/metrics", {},
                     [this](const auto&, const auto&) { return metrics(); });
    m_operations.add(router, "GET", "/v1/openapi.json", {}, [text](const auto&, const auto&) {
        return text(openApiDocument(), "application/json");
    });
    addEnrolment(router);
}

void Api::addEnrolment(net::Router& router)
{
    m_operations.add(
        router, "POST", "/v1/enrolments", {},
        [this](const auto& request, const auto&) { return m_enrolment.enrol(request); });
    m_operations.add(router, "POST", "/v1/enrolments/renew", {Role::Terminal},
                     [this](const auto& request, const auto& caller) {
                         return m_enrolment.renew(request, caller.name);
                     });
    m_operations.add(router, "GET", "/v1/terminals", {Role::Supervisor},
                     [this](const auto&, const auto&) { return m_enrolment.list(); });
    m_operations.add(
        router, "POST", "/v1/terminals/{name}/revoke", {Role::Supervisor},
        [this](const auto& request, const auto&) { return m_enrolment.revoke(request); });
}

Result<std::optional<BookingApi::Known>> Api::appointmentOf(std::string_view token)
{
    const auto id = m_parts.visitTokens.visitOf(token);
    return id ? m_bookings.find(*id) : Result<std::optional<BookingApi::Known>>(std::nullopt);
}

std::string Api::checkInCode(const std::string& id) const
{
    return m_parts.visitTokens.makeCode(id);
}

net::Response Api::takeNumber(const net::Request& request, const Caller& caller)
{
    if (auto problem = refuseKey(request, caller)) {
        return *problem;
    }
    Body body(request.body);
    domain::TakeNumber command;
    command.service = body.text("service", kLongestId);
    command.language = body.text("language", 35);
    command.channel = body.text("channel", 16);
    command.remote = command.channel == "remote";
    if (!command.language.empty() && !isLanguageTag(command.language)) {
        body.complain("language", "must be a language tag like zh-CN");
    }
    if (!command.channel.empty() && command.channel != "kiosk" && command.channel != "staff" &&
        !command.remote) {
        body.complain("channel", "must be kiosk, staff or remote");
    }
    if (auto problem = body.refused()) {
        return *problem;
    }
    if (caller.role == Role::Anonymous && !command.remote) {
        auto response = net::problem(401, "bearer-needed", "only a remote number needs none");
        response.headers.set("WWW-Authenticate", "Bearer");
        return response;
    }
    if (auto problem = m_newcomers.refuse(request, caller)) {
        return *problem;
    }
    command.visit = randomUuid();
    command.chance = randomNumber();
    const bool remote = command.remote;
    auto answer = m_parts.store.execute(std::move(command), actor(caller), encodeVisit,
                                        requestKey(request, caller));
    if (!answer) {
        return refused(answer.error());
    }
    auto id = answer->outcome.visit;
    if (answer->repeated) {
        id = nlohmann::json::parse(answer->response).at("id").get<std::string>();
    }
    auto document = withToken(std::move(answer->response), m_parts.visitTokens.make(id));
    if (remote) {
        document = withCode(std::move(document), m_parts.visitTokens.makeCode(id));
    }
    auto response = versioned(201, std::move(document), 1);
    response.headers.set("Location", "/v1/visits/" + id);
    return response;
}

Result<std::optional<Api::Shown>> Api::find(const std::string& id)
{
    std::optional<Shown> shown;
    auto read = m_parts.store.read([&](const domain::Branch& branch) {
        if (const auto* visit = branch.visit(id)) {
            shown = Shown{*visit, branch.outlook(*visit)};
            if (const auto* appointment = branch.bookings().appointment(id)) {
                shown->form = appointment->form;
            }
        }
    });
    if (!read) {
        return tl::unexpected(read.error());
    }
    if (!shown) { // perhaps of an earlier day
        auto visit = m_parts.store.findVisit(id);
        if (!visit) {
            return tl::unexpected(visit.error());
        }
        if (*visit) {
            shown = Shown{std::move(**visit), std::nullopt};
        }
    }
    return shown;
}

Result<std::optional<Api::Shown>> Api::lookUp(std::string_view token)
{
    const auto id = m_parts.visitTokens.visitOf(token);
    return id ? find(*id) : Result<std::optional<Shown>>(std::nullopt);
}

net::Response Api::readVisit(const net::Request& request, const Caller& caller)
{
    const auto found = find(std::string(request.param("id")));
    if (!found) {
        return unavailable();
    }
    if (!*found) {
        return refused({RefusalCode::VisitUnknown, "there is no such visit"});
    }
    const auto& [visit, outlook, form] = **found;
    auto document = visitDocument(m_parts.branch, visit, outlook);
    const bool serves = caller.role == Role::Teller || caller.role == Role::Supervisor;
    if (serves && !form.journey.empty()) {
        document = withForm(std::move(document), form);
    }
    if (caller.role == Role::Customer && visit.state == domain::VisitState::Remote) {
        document = withCode(std::move(document), m_parts.visitTokens.makeCode(visit.id));
    }
    return versioned(200, std::move(document), visit.version);
}

net::Response Api::changeVisit(const net::Request& request, const Caller& caller, Trigger trigger)
{
    const auto version = expectedVersion(request);
    if (const auto* problem = std::get_if<net::Response>(&version)) {
        return *problem;
    }
    domain::ChangeVisit command{std::string(request.param("id")), trigger};
    command.version = std::get<std::int64_t>(version);
    Body body(request.body);
    switch (trigger) {
    case Trigger::Park:
        command.reason = body.text("reason", kLongestReason);
        break;
    case Trigger::Finish:
        command.outcome = body.text("outcome", kLongestId);
        break;
    case Trigger::PutBack:
        command.after = static_cast<std::size_t>(body.number("after", 0, 1000));
        break;
    case Trigger::Transfer:
        command.service = body.optionalText("service", kLongestId).value_or("");
        command.counter = body.optionalText("counter", kLongestId).value_or("");
        if (command.service.empty() == command.counter.empty()) {
            body.complain("service", "name either a service or a counter");
        }
        break;
    case Trigger::GiveUp:
        command.reason = body.optionalText("reason", kLongestReason).value_or("");
        break;
    case Trigger::Cancel:
        if (caller.role == Role::Teller || caller.role == Role::Supervisor) {
            command.reason = body.optionalText("reason", kLongestReason).value_or("");
        }
        if (!command.reason.empty()) {
            command.trigger = Trigger::Remove; // by staff, and they say why
        }
        break;
    default:
        break;
    }
    if (auto problem = body.refused()) {
        return *problem;
    }
    if (trigger == Trigger::PutBack) {
        // "Put back" of a parked visit returns it to its own place.
        bool parked = false;
        if (!m_parts.store.read([&](const domain::Branch& branch) {
                const auto* visit = branch.visit(command.visit);
                parked = visit != nullptr && visit->state == domain::VisitState::Parked;
            })) {
            return unavailable();
        }
        command.trigger = parked ? Trigger::Unpark : trigger; // the version still decides
    }
    auto answer = m_parts.store.execute(command, actor(caller), encodeVisit);
    if (!answer) {
        return refused(answer.error());
    }
    return versioned(200, answer->response, *command.version + 1);
}

net::Response Api::openSession(const net::Request& request, const Caller& caller)
{
    if (auto problem = refuseKey(request, caller)) {
        return *problem;
    }
    Body body(request.body);
    domain::OpenSession command;
    command.counter = body.text("counter", kLongestId);
    command.profile = body.optionalText("profile", kLongestId).value_or("default");
    if (auto problem = body.refused()) {
        return *problem;
    }
    command.session = randomUuid();
    auto answer = m_parts.store.execute(std::move(command), actor(caller), encodeSession,
                                        requestKey(request, caller));
    if (!answer) {
        return refused(answer.error());
    }
    return net::json(answer->repeated || answer->outcome.created ? 201 : 200, answer->response);
}

net::Response Api::endSession(const net::Request& request, const Caller& caller)
{
    auto answer = m_parts.store.execute(domain::EndSession{std::string(request.param("s"))},
                                        actor(caller), {});
    return answer ? net::Response{204} : refused(answer.error());
}

net::Response Api::callNext(const net::Request& request, const Caller& caller)
{
    if (auto problem = refuseKey(request, caller)) {
        return *problem;
    }
    Body body(request.body);
    if (auto problem = body.refused()) {
        return *problem;
    }
    return called(m_parts.store.execute(domain::CallNext{std::string(request.param("s"))},
                                        actor(caller), encodeVisit, requestKey(request, caller)));
}

net::Response Api::callVisit(const net::Request& request, const Caller& caller)
{
    const auto version = expectedVersion(request);
    if (const auto* problem = std::get_if<net::Response>(&version)) {
        return *problem;
    }
    Body body(request.body);
    domain::CallVisit command{std::string(request.param("s")), body.text("visit", kLongestId),
                              std::get<std::int64_t>(version)};
    if (auto problem = body.refused()) {
        return *problem;
    }
    return called(m_parts.store.execute(std::move(command), actor(caller), encodeVisit));
}

net::Response Api::called(storage::StoreAnswer answer)
{
    if (!answer) {
        return refused(answer.error());
    }
    if (answer->response.empty()) {
        return net::Response{204};
    }
    const auto version = versionIn(answer->response);
    return versioned(200, std::move(answer->response), version);
}

net::Response Api::businessDay(const net::Request& request, const Caller& caller)
{
    Body body(request.body);
    const auto state = body.text("state", 8);
    if (!state.empty() && state != "open" && state != "closed") {
        body.complain("state", "must be open or closed");
    }
    if (auto problem = body.refused()) {
        return *problem;
    }
    domain::Command command = domain::CloseDay{};
    if (state == "open") {
        command = domain::OpenDay{dayLabel(m_parts.branch, m_parts.clock.now())};
    }
    const auto answer = m_parts.store.execute(std::move(command), actor(caller), {});
    if (!answer && answer.error().code != RefusalCode::DayOpen &&
        answer.error().code != RefusalCode::DayClosed) {
        return refused(answer.error());
    }
    std::string document;
    const auto read = m_parts.store.read([&](const domain::Branch& branch) {
        document = dayDocument(branch.settings(), branch.day());
    });
    return read ? net::json(200, std::move(document)) : unavailable();
}

net::Response Api::login(const net::Request& request)
{
    Body body(request.body);
    const auto user = body.text("user", kLongestId);
    const auto password = body.text("password", 200);
    const auto code = body.optionalText("code", 16).value_or("");
    if (auto problem = body.refused()) {
        return *problem;
    }
    const auto login = m_parts.staff.login(user, password, code);
    if (!login) {
        return refused(login.error());
    }
    auto response = net::json(
        200, nlohmann::ordered_json{{"token", login->token},
                                    {"role", name(login->role)},
                                    {"expires", toRfc3339(login->expires, m_parts.branch.timeZone)}}
                 .dump());
    response.headers.set("Cache-Control", "no-store");
    return response;
}

net::Response Api::metrics() const
{
    const auto stats = m_parts.store.stats();
    const auto published = m_parts.store.published();
    std::string text;
    const auto single = [&](std::string_view metric, std::string_view type, auto value) {
        text += fmt::format("# TYPE {0} {1}\n{0} {2}\n", metric, type, value);
    };
    single("guichet_tickets_total", "counter", stats.tickets);
    single("guichet_commands_total", "counter", stats.commands);
    single("guichet_commands_refused_total", "counter", stats.refused);
    single("guichet_commits_total", "counter", stats.commits);
    single("guichet_commits_failed_total", "counter", stats.failedCommits);
    single("guichet_log_position", "gauge", published->view.position);
    single("guichet_business_day_open", "gauge", published->view.day.open ? 1 : 0);
    single("guichet_counters_open", "gauge", published->view.openSessions);
    single("guichet_event_watchers", "gauge", m_parts.documents.watchers());
    text += "# TYPE guichet_visits gauge\n";
    for (std::size_t state = 0; state < published->view.visits.size(); ++state) {
        text += fmt::format("guichet_visits{{state=\"{}\"}} {}\n",
                            name(static_cast<domain::VisitState>(state)),
                            published->view.visits.at(state));
    }
    net::Response response;
    response.contentType = "text/plain; version=0.0.4";
    response.body = std::move(text);
    return response;
}

} // namespace guichet::queue::api
