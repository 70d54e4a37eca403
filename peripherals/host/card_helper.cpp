// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/card_helper.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <strings.h>

#include "drivers/emv/emv_reader.h"
#include "peripherals/base/clock.h"
#include "peripherals/base/random.h"
#include "peripherals/host/data_group_reading.h"
#include "peripherals/host/secret_json.h"
#include "peripherals/host/watched_channel.h"

namespace guichet::host {

using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr auto kApduBudget = 5s;
/// A chip in the field of an antenna computes slowly, and asks for time while it does.
constexpr auto kPassportApduBudget = 16s;
/// PC/SC answers these at once unless its service or a driver below hangs.
constexpr auto kStateBudget = 3s;
constexpr auto kPowerBudget = 6s;
/// A wait is announced in slices, so that a hanging PC/SC service is noticed in the middle of it.
constexpr std::chrono::milliseconds kWaitSlice = 5s;
constexpr auto kForever = std::chrono::hours(24 * 7);

void wipe(Bytes& bytes)
{
    explicit_bzero(bytes.data(), bytes.size());
}

std::string yearMonth(std::chrono::year_month_day date)
{
    const auto month = static_cast<unsigned>(date.month());
    return std::to_string(static_cast<int>(date.year())) + (month < 10 ? "-0" : "-") +
           std::to_string(month);
}

std::string lastFour(const emv::CardData& card)
{
    const std::string_view digits = card.number.reveal();
    return std::string(digits.substr(digits.size() - std::min<std::size_t>(4, digits.size())));
}

/// What the bank gets, and nobody between.
Secret<std::string> sealedContent(const emv::CardData& card)
{
    SecretJson content;
    content.add("pan", card.number.reveal());
    content.add("expiry", yearMonth(card.expiry));
    return std::move(content).take();
}

json proof(const emv::CardData& card)
{
    const auto& fact = card.authentication;
    return {{"method", emv::name(fact.method)},
            {"verdict", emv::name(fact.verdict)},
            {"reason", fact.reason}};
}

const char* device(const Error& error)
{
    return error.code == Errc::Disconnected ? "offline" : "hardwareError";
}

} // namespace

CardHelper::CardHelper(std::unique_ptr<CardReader> reader, std::optional<SealingKey> key,
                       CardKnowledge knowledge)
    : m_reader(std::move(reader))
    , m_key(std::move(key))
    , m_knowledge(std::move(knowledge))
{
    if (auto own = OpeningKey::generate()) {
        m_zoneKey.emplace(std::move(*own));
    }
}

Result<json> CardHelper::perform(const std::string& operation, const json& arguments,
                                 HelperLine& line, std::stop_token stop)
{
    if (operation == "readRawData") {
        return readRawData(line, stop);
    }
    if (operation == "chipIo") {
        return chipIo(arguments, line);
    }
    if (operation == "chipPower") {
        return chipPower(arguments, line);
    }
    if (operation == "release" || operation == "reset") {
        return release(line);
    }
    if (operation == "readCard") {
        return readCard(arguments, line, stop);
    }
    if (operation == "readPassport") {
        return readPassport(arguments, line, stop);
    }
    if (operation == "readDataGroups") {
        return readDataGroups(arguments, line, stop);
    }
    return fail(Errc::Unsupported, "card reader: unknown operation");
}

Result<CardState> CardHelper::readerState(HelperLine& line)
{
    const Step step(line, "state", kStateBudget);
    return m_reader->state();
}

void CardHelper::tellZoneKey(HelperLine& line)
{
    if (m_zoneKeyTold || !m_zoneKey) {
        return;
    }
    if (auto pem = m_zoneKey->publicPem()) {
        line.signal("zoneRecipient", {{"publicKey", std::move(*pem)}});
        m_zoneKeyTold = true;
    }
}

void CardHelper::watch(HelperLine& line)
{
    tellZoneKey(line);
    const auto state = readerState(line);
    if (!state) {
        if (m_state.presence != CardPresence::Absent) {
            seen({CardPresence::Absent, m_state.changes + 1}, line);
        }
        return reportStatus(line, device(state.error()));
    }
    seen(*state, line);
    reportStatus(line, "online");
}

/// Another count is another card, even if one is present both times.
void CardHelper::seen(CardState state, HelperLine& line)
{
    const bool changed = state != m_state;
    if (changed && m_state.presence != CardPresence::Absent) {
        drop(line);
        line.signal("cardRemoved", json::object());
    }
    m_state = state;
}

void CardHelper::reportStatus(HelperLine& line, const char* deviceState)
{
    const bool there = m_state.presence != CardPresence::Absent;
    const char* power = m_channel ? "online" : there ? "poweredOff" : "noCard";
    line.status(
        {{"common", {{"device", deviceState}}},
         {"cardReader", {{"media", there ? "present" : "notPresent"}, {"chipPower", power}}}});
}

Result<void> CardHelper::powerUp(HelperLine& line)
{
    {
        const Step step(line, "chip power", kPowerBudget);
        auto channel = m_reader->connect();
        if (!channel) {
            return tl::unexpected(std::move(channel).error());
        }
        m_channel = std::move(*channel);
    }
    reportStatus(line, "online");
    return {};
}

void CardHelper::drop(HelperLine& line)
{
    if (m_channel) {
        const Step step(line, "chip power off", kPowerBudget);
        m_channel->powerOff();
        m_channel.reset();
    }
}

Result<void> CardHelper::acceptCard(HelperLine& line, const std::stop_token& stop,
                                    std::chrono::milliseconds limit)
{
    const auto until = std::chrono::steady_clock::now() + limit;
    watch(line);
    if (m_state.presence == CardPresence::Absent) {
        line.event("CardReader.InsertCardEvent", json::object());
    }
    for (;;) {
        const auto accepted = tryCard(line);
        if (!accepted) {
            return tl::unexpected(accepted.error());
        }
        if (*accepted) {
            return {};
        }
        if (auto changed = awaitChange(line, stop, until); !changed) {
            return changed;
        }
    }
}

/// False if the slot is empty or its card is of no use.
Result<bool> CardHelper::tryCard(HelperLine& line)
{
    if (m_state.presence == CardPresence::Absent) {
        return false;
    }
    if (m_state.presence == CardPresence::Present) {
        auto powered = m_channel ? Result<void>() : powerUp(line);
        if (powered) {
            return true;
        }
        if (powered.error().code == Errc::NotFound) {
            return false;
        }
        if (powered.error().code != Errc::Protocol) {
            return tl::unexpected(std::move(powered).error());
        }
    }
    line.event("CardReader.InvalidMediaEvent", json::object());
    return false;
}

/// Until the reader says something else than it last did. A reader that is away is waited for.
Result<void> CardHelper::awaitChange(HelperLine& line, const std::stop_token& stop,
                                     std::chrono::steady_clock::time_point until)
{
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            until - std::chrono::steady_clock::now());
        if (left <= 0ms) {
            return fail(Errc::Timeout, "no card in time", Remedy::InsertCard);
        }
        const auto state = waitSlice(line, stop, std::min(left, kWaitSlice));
        if (!state && state.error().code == Errc::Cancelled) {
            return tl::unexpected(state.error());
        }
        reportStatus(line, state ? "online" : device(state.error()));
        if (!state && (state.error().code != Errc::Disconnected || left <= kWaitSlice)) {
            return tl::unexpected(state.error());
        }
        if (state && *state != m_state) {
            if (state->presence == CardPresence::Present) {
                line.event("CardReader.MediaInsertedEvent", json::object());
            }
            seen(*state, line);
            reportStatus(line, "online");
            return {};
        }
    }
}

Result<CardState> CardHelper::waitSlice(HelperLine& line, const std::stop_token& stop,
                                        std::chrono::milliseconds slice)
{
    const Step step(line, "wait", slice + kStateBudget);
    return m_reader->waitForChange(m_state, stop, slice);
}

Result<json> CardHelper::readRawData(HelperLine& line, const std::stop_token& stop)
{
    return acceptCard(line, stop, kForever).map([this] {
        return json{{"atr", toBase64(m_channel->atr())}};
    });
}

Result<void> CardHelper::needChannel() const
{
    if (m_channel) {
        return {};
    }
    return m_state.presence == CardPresence::Absent
               ? Result<void>(fail(Errc::NotFound, "no card in the reader", Remedy::InsertCard))
               : Result<void>(fail(Errc::Conflict, "the chip has no power", Remedy::Retry));
}

Result<json> CardHelper::chipIo(const json& arguments, HelperLine& line)
{
    if (auto ready = needChannel(); !ready) {
        return tl::unexpected(std::move(ready).error());
    }
    auto command = fromBase64(arguments.at("data").get_ref<const std::string&>());
    if (!command) {
        return tl::unexpected(std::move(command).error());
    }
    WatchedChannel watched(*m_channel, line, kApduBudget);
    auto answer = watched.transmit(*command, kApduBudget);
    wipe(*command);
    if (!answer) {
        if (answer.error().code == Errc::Disconnected) {
            drop(line);
        }
        return tl::unexpected(std::move(answer).error());
    }
    json result = {{"data", toBase64(*answer)}};
    wipe(*answer);
    return result;
}

Result<json> CardHelper::chipPower(const json& arguments, HelperLine& line)
{
    const auto& how = arguments.at("power").get_ref<const std::string&>();
    watch(line);
    if (m_state.presence == CardPresence::Absent) {
        return fail(Errc::NotFound, "no card in the reader", Remedy::InsertCard);
    }
    if (how == "off") {
        return release(line);
    }
    Result<void> done;
    if (how == "warm" && m_channel) {
        done = WatchedChannel(*m_channel, line, kApduBudget).reset();
    } else {
        drop(line);
        done = powerUp(line);
    }
    return done.map([this] { return json{{"atr", toBase64(m_channel->atr())}}; });
}

Result<json> CardHelper::release(HelperLine& line)
{
    drop(line);
    watch(line);
    return json{{"media", m_state.presence == CardPresence::Absent ? "notPresent" : "present"}};
}

Result<void> CardHelper::needSealingKey() const
{
    return m_key ? Result<void>()
                 : fail(Errc::Unsupported, "card reader: no sealing key is configured",
                        Remedy::CallStaff);
}

/// Whatever an earlier command left, the read begins with a fresh card.
Result<void> CardHelper::acceptFresh(const json& arguments, HelperLine& line,
                                     const std::stop_token& stop)
{
    drop(line);
    const std::chrono::milliseconds limit(arguments.value("timeoutMs", std::int64_t{0}));
    return acceptCard(line, stop, limit).map([&line] { line.event("reading", json::object()); });
}

Result<ShownDocument> CardHelper::shownDocument(const json& arguments) const
{
    const auto sealed = arguments.find("sealedZone");
    if (sealed == arguments.end()) {
        return documentOfKey(arguments.value("key", json::object()));
    }
    if (!m_zoneKey) {
        return fail(Errc::Internal, "card reader: it could make no key pair", Remedy::CallStaff);
    }
    auto zone = m_zoneKey->open(sealed->get_ref<const std::string&>());
    if (!zone) {
        return fail(Errc::NotFound, "the reader was started again since the zone was read",
                    Remedy::Retry);
    }
    return documentOfZone(std::move(*zone), localDay(SystemClock().now()));
}

Result<json> CardHelper::readPassport(const json& arguments, HelperLine& line,
                                      const std::stop_token& stop)
{
    const auto shown = shownDocument(arguments);
    if (!shown) {
        return tl::unexpected(shown.error());
    }
    if (auto accepted =
            needSealingKey().and_then([&] { return acceptFresh(arguments, line, stop); });
        !accepted) {
        return tl::unexpected(std::move(accepted).error());
    }
    WatchedChannel watched(*m_channel, line, kPassportApduBudget);
    auto passport = host::readPassport(
        watched, *shown, {*m_key, m_knowledge.countries, localDay(SystemClock().now())}, stop);
    drop(line);
    return passport;
}

Result<json> CardHelper::readDataGroups(const json& arguments, HelperLine& line,
                                        const std::stop_token& stop)
{
    const auto shown = shownDocument(arguments);
    if (!shown) {
        return tl::unexpected(shown.error());
    }
    const auto recipient =
        SealingKey::fromPem(arguments.at("recipient").get_ref<const std::string&>());
    if (!recipient) {
        return tl::unexpected(recipient.error());
    }
    if (auto accepted = acceptFresh(arguments, line, stop); !accepted) {
        return tl::unexpected(std::move(accepted).error());
    }
    WatchedChannel watched(*m_channel, line, kPassportApduBudget);
    auto groups =
        host::readDataGroups(watched, *shown, arguments.value("face", false), *recipient, stop);
    drop(line);
    return groups;
}

Result<json> CardHelper::readCard(const json& arguments, HelperLine& line,
                                  const std::stop_token& stop)
{
    if (auto accepted =
            needSealingKey().and_then([&] { return acceptFresh(arguments, line, stop); });
        !accepted) {
        return tl::unexpected(std::move(accepted).error());
    }
    WatchedChannel watched(*m_channel, line, kApduBudget);
    emv::ReadOptions options;
    options.today = localDay(SystemClock().now());
    options.apduTimeout = kApduBudget;
    options.schemeKeys = m_knowledge.schemes ? &*m_knowledge.schemes : nullptr;
    options.combinedAuthentication = m_knowledge.combinedAuthentication;
    options.applications = m_knowledge.applications;
    auto card = emv::readCard(watched, options);
    drop(line);
    if (!card) {
        return tl::unexpected(std::move(card).error());
    }
    auto sealed = m_key->seal(sealedContent(*card));
    if (!sealed) {
        return tl::unexpected(std::move(sealed).error());
    }
    return json{{"scheme", emv::name(card->scheme)},
                {"label", card->label},
                {"maskedPan", card->masked()},
                {"last4", lastFour(*card)},
                {"expiry", yearMonth(card->expiry)},
                {"authentication", proof(*card)},
                {"handle", randomUuid()},
                {"sealed", std::move(*sealed)}};
}

} // namespace guichet::host
