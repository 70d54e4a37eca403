// SPDX-License-Identifier: Apache-2.0
#include "queue/api/booking_api.h"

#include <algorithm>
#include <utility>
#include <variant>

#include <nlohmann/json.hpp>

#include "peripherals/base/random.h"
#include "queue/api/answers.h"
#include "queue/api/body.h"
#include "queue/api/booking_documents.h"
#include "queue/api/calendar.h"
#include "queue/api/documents.h"
#include "queue/api/requests.h"
#include "queue/domain/check_in_number.h"

namespace guichet::queue::api {
namespace {

using domain::RefusalCode;

constexpr std::size_t kLongestCustomer = 400; ///< bytes: 100 characters of any script
constexpr std::size_t kLongestPhone = 32;
constexpr std::size_t kLongestFields = 4096;
constexpr std::size_t kLongestCode = 400;

/// Digits with + in front if it was given; nothing unless 6 to 15 digits are left (ITU-T E.164).
std::optional<std::string> phoneNumber(std::string_view text)
{
    std::string digits;
    for (const char letter : text) {
        if (letter >= '0' && letter <= '9') {
            digits += letter;
        } else if (letter == '+' && digits.empty()) {
            digits = "+";
        } else if (std::string_view(" -().").find(letter) == std::string_view::npos) {
            return std::nullopt;
        }
    }
    const auto count = digits.size() - (digits.starts_with('+') ? 1 : 0);
    return count >= 6 && count <= 15 ? std::optional(digits) : std::nullopt;
}

/// {"journey","fields"} of a body, or problems in it.
domain::PreparedForm formIn(const std::string& text, Body& body, std::string_view field)
{
    Body inner(text);
    domain::PreparedForm form;
    form.journey = inner.text("journey", kLongestId);
    form.fields = inner.optionalObject("fields", kLongestFields).value_or("{}");
    if (inner.refused()) {
        body.complain(field, "must be {\"journey\": name, \"fields\": object of at most 4 KB}");
    }
    return form;
}

std::string digitsOf(std::string_view text)
{
    std::string digits;
    std::ranges::copy_if(text, std::back_inserter(digits),
                         [](char c) { return c != ' ' && c != '-'; });
    return digits;
}

} // namespace

BookingApi::BookingApi(Parts parts)
    : m_parts(std::move(parts))
{
}

void BookingApi::addTo(net::Router& router, Operations& operations)
{
    const std::vector<Role> here{Role::Terminal, Role::Teller, Role::Supervisor};
    const std::vector<Role> entitled{Role::Customer, Role::Teller, Role::Supervisor};
    const std::vector<Role> anybody{Role::Anonymous, Role::Terminal, Role::Teller,
                                    Role::Supervisor};
    operations.add(router, "GET", "/v1/branches/{b}/slots", {},
                   [this](const auto& request, const auto&) { return slots(request); });
    operations.add(
        router, "POST", "/v1/branches/{b}/holds", anybody,
        [this](const auto& request, const auto& caller) { return hold(request, caller); });
    operations.add(
        router, "DELETE", "/v1/holds/{h}", anybody,
        [this](const auto& request, const auto& caller) { return release(request, caller); });
    operations.add(
        router, "POST", "/v1/holds/{h}/confirm", anybody,
        [this](const auto& request, const auto& caller) { return confirm(request, caller); });
    operations.add(router, "GET", "/v1/appointments/{id}", entitled,
                   [this](const auto& request, const auto&) { return readAppointment(request); });
    operations.add(router, "GET", "/v1/appointments/{code}.ics", {},
                   [this](const auto& request, const auto&) { return calendar(request); });
    operations.add(
        router, "POST", "/v1/appointments/{id}/move", entitled,
        [this](const auto& request, const auto& caller) { return move(request, caller); });
    operations.add(
        router, "POST", "/v1/appointments/{id}/cancel", entitled,
        [this](const auto& request, const auto& caller) { return cancel(request, caller); });
    operations.add(
        router, "POST", "/v1/branches/{b}/forms", anybody,
        [this](const auto& request, const auto& caller) { return prepareForm(request, caller); });
    operations.add(
        router, "POST", "/v1/branches/{b}/check-ins", here,
        [this](const auto& request, const auto& caller) { return checkIn(request, caller); });
}

net::Response BookingApi::slots(const net::Request& request)
{
    const auto* service = m_parts.branch.service(std::string(request.queryValue("service")));
    if (service == nullptr) {
        return net::problem(422, "unknown-service", "this branch has no such service",
                            {{"service", "is missing or unknown"}});
    }
    const std::string text(request.queryValue("date"));
    const auto date = domain::dateFromText(text);
    if (!date) {
        return net::problem(422, "invalid-fields", "the date is missing or wrong",
                            {{"date", "must be a date like 2026-11-26"}});
    }
    std::vector<domain::Slot> free;
    const auto now = m_parts.clock.now();
    const auto read = m_parts.store.read([&](const domain::Branch& branch) {
        if (service->seats > 0) {
            free = branch.bookings().slots(m_parts.branch, *service, *date, {now, now});
        }
    });
    if (!read) {
        return unavailable();
    }
    auto response = net::json(200, slotsDocument(m_parts.branch, *service, text, free));
    response.headers.set("Cache-Control", "max-age=1");
    return response;
}

net::Response BookingApi::hold(const net::Request& request, const Caller& caller)
{
    if (auto problem = refuseKey(request, caller)) {
        return *problem;
    }
    Body body(request.body);
    domain::HoldSeat command;
    command.service = body.text("service", kLongestId);
    const auto start = fromRfc3339(body.text("start", kLongestId));
    if (!start) {
        body.complain("start", "must be a time like 2026-11-26T10:30:00+08:00");
    }
    if (auto problem = body.refused()) {
        return *problem;
    }
    if (auto problem = m_parts.newcomers.refuse(request, caller)) {
        return *problem;
    }
    command.start = *start;
    command.appointment = randomUuid();
    const auto id = command.appointment;
    auto answer = m_parts.store.execute(
        std::move(command), actor(caller),
        [](const domain::Branch& branch, const domain::Outcome& outcome) {
            return holdDocument(branch.settings(),
                                *branch.bookings().appointment(outcome.appointment));
        },
        requestKey(request, caller));
    if (!answer) {
        return refused(answer.error());
    }
    auto response = net::json(201, std::move(answer->response));
    response.headers.set("Cache-Control", "no-store");
    return response;
}

net::Response BookingApi::release(const net::Request& request, const Caller& caller)
{
    const auto answer = m_parts.store.execute(domain::ReleaseHold{std::string(request.param("h"))},
                                              actor(caller), {});
    return answer ? net::Response{204} : refused(answer.error());
}

storage::Store::Encode BookingApi::encodeAppointment() const
{
    return [](const domain::Branch& branch, const domain::Outcome& outcome) {
        return appointmentDocument(branch.settings(),
                                   *branch.bookings().appointment(outcome.appointment));
    };
}

net::Response BookingApi::confirm(const net::Request& request, const Caller& caller)
{
    if (auto problem = refuseKey(request, caller)) {
        return *problem;
    }
    Body body(request.body);
    domain::ConfirmHold command;
    command.appointment = std::string(request.param("h"));
    command.customer = body.text("name", kLongestCustomer);
    const auto phone = phoneNumber(body.text("phone", kLongestPhone));
    command.language = body.optionalText("language", 35).value_or("zh-CN");
    if (!phone) {
        body.complain("phone", "must be a phone number of 6 to 15 digits");
    }
    if (!isLanguageTag(command.language)) {
        body.complain("language", "must be a language tag like zh-CN");
    }
    if (const auto form = body.optionalObject("form", kLongestFields + kLongestId + 64)) {
        command.form = formIn(*form, body, "form");
    }
    if (auto problem = body.refused()) {
        return *problem;
    }
    command.phone = *phone;
    command.chance = randomNumber();
    const auto id = command.appointment;
    auto answer = m_parts.store.execute(std::move(command), actor(caller), encodeAppointment(),
                                        requestKey(request, caller));
    if (!answer) {
        return refused(answer.error());
    }
    auto document = withToken(std::move(answer->response), m_parts.tokens.make(id));
    document = withCode(std::move(document), m_parts.tokens.makeCode(id));
    auto response = versioned(201, std::move(document), 2);
    response.headers.set("Location", "/v1/appointments/" + id);
    return response;
}

Result<std::optional<BookingApi::Known>> BookingApi::find(const std::string& id)
{
    std::optional<Known> known;
    const auto read = m_parts.store.read([&](const domain::Branch& branch) {
        const auto* found = branch.bookings().appointment(id);
        if (found != nullptr && !found->code.empty()) {
            known = Known{*found, appointmentDocument(branch.settings(), *found)};
        }
    });
    if (!read) {
        return tl::unexpected(read.error());
    }
    return known;
}

net::Response BookingApi::readAppointment(const net::Request& request)
{
    const auto known = find(std::string(request.param("id")));
    if (!known) {
        return unavailable();
    }
    if (!*known) {
        return refused({RefusalCode::AppointmentUnknown, "there is no such appointment"});
    }
    return versioned(200, (*known)->document, (*known)->appointment.version);
}

/// Ten digits can be guessed, so few wrong ones are allowed, and the answer names nobody.
net::Response BookingApi::calendar(const net::Request& request)
{
    const auto peer = callerOf(request.peer);
    if (!m_parts.wrongCodes.left(peer)) {
        return tooOften("too many wrong codes; wait", m_parts.wrongCodes);
    }
    std::string id;
    const auto read = m_parts.store.read([&](const domain::Branch& branch) {
        id = branch.bookings().idOf(std::string(request.param("code")));
    });
    const auto known = read ? find(id) : Result<std::optional<Known>>(tl::unexpected(read.error()));
    if (!known) {
        return unavailable();
    }
    if (!*known) {
        static_cast<void>(m_parts.wrongCodes.take(peer));
        return refused({RefusalCode::AppointmentUnknown, "there is no such appointment"});
    }
    net::Response response;
    response.contentType = "text/calendar; charset=utf-8";
    response.body = calendarText(m_parts.branch, (*known)->appointment, m_parts.clock.now());
    response.headers.set("Cache-Control", "no-store");
    response.headers.set("Content-Disposition", "attachment; filename=\"appointment.ics\"");
    return response;
}

net::Response BookingApi::move(const net::Request& request, const Caller& caller)
{
    const auto version = expectedVersion(request);
    if (const auto* problem = std::get_if<net::Response>(&version)) {
        return *problem;
    }
    Body body(request.body);
    domain::MoveAppointment command{std::string(request.param("id")), body.text("hold", kLongestId),
                                    std::get<std::int64_t>(version), randomNumber()};
    if (auto problem = body.refused()) {
        return *problem;
    }
    auto answer = m_parts.store.execute(std::move(command), actor(caller), encodeAppointment());
    return answer ? versioned(200, std::move(answer->response), std::get<std::int64_t>(version) + 1)
                  : refused(answer.error());
}

net::Response BookingApi::cancel(const net::Request& request, const Caller& caller)
{
    const auto version = expectedVersion(request);
    if (const auto* problem = std::get_if<net::Response>(&version)) {
        return *problem;
    }
    Body body(request.body);
    if (auto problem = body.refused()) {
        return *problem;
    }
    auto answer = m_parts.store.execute(domain::CancelAppointment{std::string(request.param("id")),
                                                                  std::get<std::int64_t>(version),
                                                                  randomNumber()},
                                        actor(caller), encodeAppointment());
    return answer ? versioned(200, std::move(answer->response), std::get<std::int64_t>(version) + 1)
                  : refused(answer.error());
}

net::Response BookingApi::prepareForm(const net::Request& request, const Caller& caller)
{
    if (auto problem = refuseKey(request, caller)) {
        return *problem;
    }
    Body body(request.body);
    domain::PrepareForm command{randomUuid(), {}, randomNumber()};
    command.form.journey = body.text("journey", kLongestId);
    command.form.fields = body.optionalObject("fields", kLongestFields).value_or("{}");
    if (auto problem = body.refused()) {
        return *problem;
    }
    if (auto problem = m_parts.newcomers.refuse(request, caller)) {
        return *problem;
    }
    auto answer = m_parts.store.execute(
        std::move(command), actor(caller),
        [](const domain::Branch& branch, const domain::Outcome& outcome) {
            return formDocument(branch.settings(), *branch.bookings().form(outcome.form));
        },
        requestKey(request, caller));
    if (!answer) {
        return refused(answer.error());
    }
    const auto id = nlohmann::json::parse(answer->response).at("id").get<std::string>();
    auto document = withToken(std::move(answer->response), m_parts.tokens.make(id));
    auto response = net::json(201, withCode(std::move(document), m_parts.tokens.makeCode(id)));
    response.headers.set("Cache-Control", "no-store");
    return response;
}

net::Response BookingApi::checkIn(const net::Request& request, const Caller& caller)
{
    if (auto problem = refuseKey(request, caller)) {
        return *problem;
    }
    Body body(request.body);
    const auto text = body.text("code", kLongestCode);
    if (auto problem = body.refused()) {
        return *problem;
    }
    domain::CheckIn command;
    command.channel = caller.role == Role::Terminal ? "kiosk" : "staff";
    const auto digits = digitsOf(text);
    const auto signedId = m_parts.tokens.visitOfCode(text);
    if (signedId) {
        command.id = *signedId;
    } else if (domain::isCheckInNumber(digits)) {
        command.code = digits;
    } else {
        return net::problem(422, "code-invalid", "neither a check-in number nor one of our codes",
                            {{"code", "must be ten digits with their check digit, or what the "
                                      "QR code of this branch says"}});
    }
    const auto who = std::string(name(caller.role)) + ":" + caller.name;
    if (!signedId && !m_parts.wrongCodes.left(who)) { // a signed code cannot be guessed
        return tooOften("too many wrong codes; wait", m_parts.wrongCodes);
    }
    std::string id = command.id;
    auto answer = m_parts.store.execute(
        command, actor(caller),
        [](const domain::Branch& branch, const domain::Outcome& outcome) {
            if (const auto* form = branch.bookings().form(outcome.form)) {
                return openedForm(form->form);
            }
            const auto* visit = branch.visit(outcome.visit);
            auto document = visitDocument(branch.settings(), *visit, branch.outlook(*visit));
            const auto* appointment = branch.bookings().appointment(outcome.visit);
            if (appointment != nullptr && !appointment->form.journey.empty()) {
                document = withForm(std::move(document), appointment->form);
            }
            return document;
        },
        requestKey(request, caller));
    if (!answer) {
        if (answer.error().code == RefusalCode::CodeUnknown) {
            static_cast<void>(m_parts.wrongCodes.take(who));
        }
        if (id.empty()) {
            static_cast<void>(m_parts.store.read(
                [&](const domain::Branch& branch) { id = branch.idOf(command.code); }));
        }
        return refusedCheckIn(answer.error(), id);
    }
    const auto document = nlohmann::json::parse(answer->response);
    if (!document.contains("id")) {
        return net::json(200, std::move(answer->response));
    }
    const bool fresh = answer->repeated || !answer->outcome.visits.empty();
    auto withIts = withToken(std::move(answer->response),
                             m_parts.tokens.make(document.at("id").get<std::string>()));
    return versioned(fresh ? 201 : 200, std::move(withIts),
                     document.at("version").get<std::int64_t>());
}

/// Says which service it was about and when to come, so that the terminal can go on from there.
net::Response BookingApi::refusedCheckIn(const domain::Refusal& refusal, const std::string& id)
{
    auto response = refused(refusal);
    std::string service;
    std::optional<Instant> from;
    static_cast<void>(m_parts.store.read([&](const domain::Branch& branch) {
        if (const auto* visit = branch.visit(id)) {
            service = visit->service;
        } else if (const auto* appointment = branch.bookings().appointment(id)) {
            service = appointment->service;
            from = appointment->start - m_parts.branch.booking.early;
        }
    }));
    if (!service.empty()) {
        auto document = nlohmann::ordered_json::parse(response.body);
        document["service"] = service;
        if (from && refusal.code == RefusalCode::TooEarly) {
            document["from"] = toRfc3339(*from, m_parts.branch.timeZone);
        }
        response.body = document.dump();
    }
    return response;
}

} // namespace guichet::queue::api
