// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/control.h"

#include <charconv>
#include <functional>

#include <nlohmann/json.hpp>

#include "peripherals/virtual/control_body.h"
#include "peripherals/virtual/document_control.h"
#include "peripherals/virtual/io_control.h"
#include "peripherals/virtual/resident_control.h"

namespace guichet::virtualdevices {

namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr auto kInsertWait = 2500ms; ///< a swap's pause and pcscd's start
constexpr std::uint64_t kMostApdus = 10'000, kMostDelayMs = 60'000, kMostBytes = 1'000'000'000,
                        kMostMm = 100'000, kMostDegrees = 359, kMostCodeSize = 680;
constexpr std::size_t kDotsPerMm = 8;
constexpr std::size_t kLongestAtr = 33;

std::string_view nameOf(TicketEnd end)
{
    switch (end) {
    case TicketEnd::PartialCut:
        return "partialCut";
    case TicketEnd::FullCut:
        return "fullCut";
    case TicketEnd::Torn:
        return "torn";
    case TicketEnd::PaperEnd:
        return "paperEnd";
    }
    return "";
}

std::string_view nameOf(PaperPlace place)
{
    switch (place) {
    case PaperPlace::Hanging:
        return "hanging";
    case PaperPlace::Inside:
        return "inside";
    case PaperPlace::HeldOut:
        return "heldOut";
    case PaperPlace::Expelled:
        return "expelled";
    case PaperPlace::Retracted:
        return "retracted";
    }
    return "";
}

std::string_view nameOf(Relay::Line line)
{
    switch (line) {
    case Relay::Line::Whole:
        return "whole";
    case Relay::Line::Cut:
        return "cut";
    case Relay::Line::Silent:
        return "silent";
    }
    return "";
}

template <typename T> json orNull(const std::optional<T>& value)
{
    return value ? json(*value) : json(nullptr);
}

json cardState(const CardSlot::State& state)
{
    if (state.card.empty()) {
        return {{"inserted", nullptr}};
    }
    return {{"inserted", state.card},
            {"connected", state.connected},
            {"apdus", state.apdus},
            {"tearAfterApdu", orNull(state.tearAfter)},
            {"muteAtApdu", orNull(state.muteAt)},
            {"delayMs", state.delay.count()}};
}

json printerState(const PrinterServer::State& state)
{
    const auto& sensors = state.sensors;
    return {{"power", state.power},
            {"paper", sensors.paperOut   ? "out"
                      : sensors.paperLow ? "low"
                                         : "full"},
            {"coverOpen", sensors.coverOpen},
            {"offline", sensors.offline},
            {"jam", sensors.jam},
            {"connected", state.connected},
            {"bytesPerSecond", state.bytesPerSecond},
            {"cutAfterBytes", orNull(state.cutAfter)},
            {"receivedBytes", state.received},
            {"waiting", state.waiting},
            {"midTicket", state.midTicket},
            {"tickets", state.tickets},
            {"hanging", state.hanging},
            {"presenter", state.presenter},
            {"heldOut", state.heldOut}};
}

json cameraState(const CameraServer::State& state)
{
    return {{"plugged", state.plugged},
            {"shows", state.phone             ? "code"
                      : state.picture.empty() ? "nothing"
                                              : "picture"},
            {"text", state.phone ? json(state.phone->text) : json(nullptr)},
            {"frozen", state.frozen},
            {"dark", state.dark},
            {"viewers", state.viewers},
            {"frames", state.frames}};
}

json relayState(Relay* relay)
{
    if (!relay) {
        return nullptr;
    }
    const auto state = relay->state();
    return {{"line", nameOf(state.line)},
            {"port", relay->port()},
            {"connections", state.connections},
            {"bytes", state.bytes}};
}

json ticketJson(const Ticket& ticket)
{
    const auto number = std::to_string(ticket.number);
    return {{"number", ticket.number},       {"text", ticket.text},
            {"end", nameOf(ticket.end)},     {"width", ticket.width},
            {"height", ticket.height},       {"taken", ticket.taken},
            {"place", nameOf(ticket.place)}, {"picture", "/printer/tickets/" + number + ".png"}};
}

net::Response noCard()
{
    return net::problem(409, "no-card", "no card is in the slot");
}

class Control {
public:
    explicit Control(World& world)
        : m_world(world)
    {
    }

    [[nodiscard]] net::Response insert(const net::Request& request) const
    {
        ControlBody body(request);
        const auto name = body.text("card");
        const auto atr = body.text("atr", false);
        Bytes atrBytes;
        if (atr) {
            auto bytes = fromHex(*atr);
            if (bytes && bytes->size() >= 2 && bytes->size() <= kLongestAtr) {
                atrBytes = std::move(*bytes);
            } else {
                body.wrong("atr", "want 2 to 33 bytes in hexadecimal");
            }
        }
        auto chosen = name ? makeSlotCard(*name, atrBytes) : std::nullopt;
        if (name && !chosen) {
            body.wrong("card", "no such card; GET /cards lists them");
        }
        if (auto refusal = body.refusal()) {
            return *refusal;
        }
        if (!m_world.slot().insert(std::move(*chosen), kInsertWait)) {
            return net::problem(409, "card-present", "a card is in the slot");
        }
        return card();
    }

    [[nodiscard]] net::Response tear(const net::Request& request) const
    {
        ControlBody body(request);
        const auto count = body.number("afterApdu", kMostApdus, false);
        const auto inside = body.boolean("inside", false);
        if (auto refusal = body.refusal()) {
            return *refusal;
        }
        const bool was =
            count ? m_world.slot().tearAfter(static_cast<unsigned>(*count), inside.value_or(false))
                  : m_world.slot().remove();
        return was ? card() : noCard();
    }

    [[nodiscard]] net::Response mute(const net::Request& request) const
    {
        ControlBody body(request);
        const auto on = body.boolean("on", false).value_or(true);
        const auto number = body.number("atApdu", kMostApdus, false).value_or(0);
        if (auto refusal = body.refusal()) {
            return *refusal;
        }
        const auto from = on ? std::optional(static_cast<unsigned>(number)) : std::nullopt;
        return m_world.slot().mute(from) ? card() : noCard();
    }

    [[nodiscard]] net::Response slowCard(const net::Request& request) const
    {
        ControlBody body(request);
        const auto delay = body.number("delayMs", kMostDelayMs);
        if (auto refusal = body.refusal()) {
            return *refusal;
        }
        return m_world.slot().delay(std::chrono::milliseconds(*delay)) ? card() : noCard();
    }

    [[nodiscard]] net::Response paper(const net::Request& request) const
    {
        ControlBody body(request);
        const auto state = body.oneOf("state", {"full", "low", "out"});
        const auto left = body.number("leftMm", kMostMm, false);
        if (auto refusal = body.refusal()) {
            return *refusal;
        }
        if (*state == "out") {
            m_world.printer().removePaper();
        } else {
            const auto rows =
                left ? std::optional(static_cast<std::size_t>(*left) * kDotsPerMm) : std::nullopt;
            m_world.printer().loadPaper(*state == "low", rows);
        }
        return printer();
    }

    [[nodiscard]] net::Response flag(const net::Request& request, const std::string& field,
                                     void (PrinterServer::*set)(bool)) const
    {
        ControlBody body(request);
        const auto on = body.boolean(field);
        if (auto refusal = body.refusal()) {
            return *refusal;
        }
        (m_world.printer().*set)(*on);
        return printer();
    }

    [[nodiscard]] net::Response slowPrinter(const net::Request& request) const
    {
        ControlBody body(request);
        const auto speed = body.number("bytesPerSecond", kMostBytes);
        if (auto refusal = body.refusal()) {
            return *refusal;
        }
        m_world.printer().setSpeed(static_cast<std::size_t>(*speed));
        return printer();
    }

    [[nodiscard]] net::Response cutAfter(const net::Request& request) const
    {
        ControlBody body(request);
        const auto never = body.boolean("never", false).value_or(false);
        const auto bytes = body.number("bytes", kMostBytes, !never);
        if (auto refusal = body.refusal()) {
            return *refusal;
        }
        m_world.printer().cutAfter(never ? std::nullopt
                                         : std::optional(static_cast<std::size_t>(*bytes)));
        return printer();
    }

    [[nodiscard]] net::Response power(const net::Request& request) const
    {
        ControlBody body(request);
        const auto on = body.boolean("on");
        if (auto refusal = body.refusal()) {
            return *refusal;
        }
        if (auto done = m_world.printer().setPower(*on); !done) {
            return net::problem(409, "port-taken", done.error().detail);
        }
        return printer();
    }

    [[nodiscard]] net::Response tickets() const
    {
        auto list = json::array();
        for (const auto& ticket : m_world.printer().tickets()) {
            list.push_back(ticketJson(ticket));
        }
        return asJson({{"tickets", std::move(list)}});
    }

    [[nodiscard]] net::Response picture(const net::Request& request) const
    {
        const auto name = request.param("file");
        const auto dot = name.find(".png");
        unsigned number = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
        const bool whole = error == std::errc{} && dot != std::string_view::npos &&
                           dot + 4 == name.size() && end == name.data() + dot;
        const auto ticket = whole ? m_world.printer().ticket(number) : std::nullopt;
        if (!ticket) {
            return net::problem(404, "no-such-ticket", "want N.png of a ticket that is listed");
        }
        net::Response response;
        response.contentType = "image/png";
        response.body = asText(*ticket->png);
        return response;
    }

    [[nodiscard]] net::Response showCode(const net::Request& request) const
    {
        ControlBody body(request);
        const auto text = body.text("text");
        const auto inverted = body.boolean("inverted", false);
        const auto degrees = body.number("degrees", kMostDegrees, false);
        const auto size = body.number("size", kMostCodeSize, false);
        if (auto refusal = body.refusal()) {
            return *refusal;
        }
        PhoneCode phone{.text = *text};
        phone.inverted = inverted.value_or(phone.inverted);
        phone.degrees = static_cast<int>(degrees.value_or(0));
        phone.size = size && *size > 0 ? static_cast<int>(*size) : phone.size;
        if (auto shown = m_world.camera().showCode(phone); !shown) {
            body.wrong("text", shown.error().detail);
            return *body.refusal();
        }
        return camera();
    }

    [[nodiscard]] net::Response showPicture(const net::Request& request) const
    {
        ControlBody body(request);
        const auto file = body.text("file");
        if (auto refusal = body.refusal()) {
            return *refusal;
        }
        if (auto shown = m_world.camera().showPicture(*file); !shown) {
            body.wrong("file", shown.error().detail);
            return *body.refusal();
        }
        return camera();
    }

    [[nodiscard]] net::Response cameraFlag(const net::Request& request,
                                           void (CameraServer::*set)(bool)) const
    {
        ControlBody body(request);
        const auto on = body.boolean("on");
        if (auto refusal = body.refusal()) {
            return *refusal;
        }
        (m_world.camera().*set)(*on);
        return camera();
    }

    [[nodiscard]] net::Response plugCamera(const net::Request& request) const
    {
        return plugDevice(request, m_world.camera(),
                          [this] { return cameraState(m_world.camera().state()); });
    }

    [[nodiscard]] net::Response hub(const net::Request& request) const
    {
        ControlBody body(request);
        const auto cut = body.boolean("cut");
        const auto silent = body.boolean("silent", false).value_or(false);
        if (auto refusal = body.refusal()) {
            return *refusal;
        }
        auto* relay = m_world.relay();
        if (!relay) {
            return net::problem(409, "no-relay", "started without --relay");
        }
        const auto line = !*cut    ? Relay::Line::Whole
                          : silent ? Relay::Line::Silent
                                   : Relay::Line::Cut;
        if (auto done = relay->set(line); !done) {
            return net::problem(409, "port-taken", done.error().detail);
        }
        return asJson(relayState(relay));
    }

    [[nodiscard]] net::Response card() const { return asJson(cardState(m_world.slot().state())); }
    [[nodiscard]] net::Response printer() const
    {
        return asJson(printerState(m_world.printer().state()));
    }
    [[nodiscard]] net::Response camera() const
    {
        return asJson(cameraState(m_world.camera().state()));
    }
    [[nodiscard]] World& world() const { return m_world; }

private:
    World& m_world;
};

net::Response emptyCommand(const net::Request& request, const std::function<net::Response()>& then)
{
    ControlBody body(request);
    if (auto refusal = body.refusal()) {
        return *refusal;
    }
    return then();
}

} // namespace

std::string stateJson(World& world)
{
    const json state{{"card", cardState(world.slot().state())},
                     {"printer", printerState(world.printer().state())},
                     {"camera", cameraState(world.camera().state())},
                     {"resident", residentState(world.resident())},
                     {"document", documentState(world.document())},
                     {"io", ioState(world.io())},
                     {"hub", relayState(world.relay())}};
    return state.dump();
}

net::Router controlRoutes(World& world)
{
    using net::Request;
    const Control control(world);
    net::Router router;
    router.add("GET", "/state",
               [&world](const Request&) { return net::json(200, stateJson(world)); });
    router.add("GET", "/cards", [](const Request&) {
        auto list = json::array();
        for (const auto& card : slotCards()) {
            list.push_back({{"card", card.name}, {"en", card.titleEn}, {"zh", card.titleZh}});
        }
        return asJson({{"cards", std::move(list)}});
    });
    router.add("POST", "/card/insert", [control](const Request& r) { return control.insert(r); });
    router.add("POST", "/card/remove", [control](const Request& r) {
        return emptyCommand(
            r, [&] { return control.world().slot().remove() ? control.card() : noCard(); });
    });
    router.add("POST", "/card/tear", [control](const Request& r) { return control.tear(r); });
    router.add("POST", "/card/mute", [control](const Request& r) { return control.mute(r); });
    router.add("POST", "/card/slow", [control](const Request& r) { return control.slowCard(r); });
    router.add("POST", "/printer/paper", [control](const Request& r) { return control.paper(r); });
    router.add("POST", "/printer/cover", [control](const Request& r) {
        return control.flag(r, "open", &PrinterServer::setCover);
    });
    router.add("POST", "/printer/offline", [control](const Request& r) {
        return control.flag(r, "on", &PrinterServer::setOffline);
    });
    router.add("POST", "/printer/jam", [control](const Request& r) {
        return control.flag(r, "on", &PrinterServer::setJam);
    });
    router.add("POST", "/printer/presenter", [control](const Request& r) {
        return control.flag(r, "fitted", &PrinterServer::fitPresenter);
    });
    router.add("POST", "/printer/slow",
               [control](const Request& r) { return control.slowPrinter(r); });
    router.add("POST", "/printer/cut-after",
               [control](const Request& r) { return control.cutAfter(r); });
    router.add("POST", "/printer/power", [control](const Request& r) { return control.power(r); });
    router.add("POST", "/printer/take", [control](const Request& r) {
        return emptyCommand(r, [&] {
            return asJson({{"taken", control.world().printer().take()}});
        });
    });
    router.add("GET", "/printer/tickets", [control](const Request&) { return control.tickets(); });
    router.add("GET", "/printer/tickets/{file}",
               [control](const Request& r) { return control.picture(r); });
    router.add("POST", "/camera/code", [control](const Request& r) { return control.showCode(r); });
    router.add("POST", "/camera/picture",
               [control](const Request& r) { return control.showPicture(r); });
    router.add("POST", "/camera/clear", [control](const Request& r) {
        return emptyCommand(r, [&] {
            control.world().camera().clear();
            return control.camera();
        });
    });
    router.add("POST", "/camera/freeze", [control](const Request& r) {
        return control.cameraFlag(r, &CameraServer::freeze);
    });
    router.add("POST", "/camera/dark",
               [control](const Request& r) { return control.cameraFlag(r, &CameraServer::dark); });
    router.add("POST", "/camera/plug",
               [control](const Request& r) { return control.plugCamera(r); });
    router.add("GET", "/camera/picture.jpg", [control](const Request&) {
        net::Response response;
        response.contentType = "image/jpeg";
        response.body = asText(*control.world().camera().picture());
        return response;
    });
    addResidentRoutes(router, world.resident());
    addDocumentRoutes(router, world.document());
    addIoRoutes(router, world.io());
    router.add("POST", "/relay/hub", [control](const Request& r) { return control.hub(r); });
    return router;
}

} // namespace guichet::virtualdevices
