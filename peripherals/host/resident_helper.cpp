// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/resident_helper.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "peripherals/base/bytes.h"
#include "peripherals/base/random.h"
#include "peripherals/host/secret_json.h"

namespace guichet::host {

using nlohmann::json;
using namespace std::chrono_literals;
using residentid::ResidentCard;
using residentid::ResidentIdentity;

namespace {

/// Waiting is announced in slices, so that a hanging line is noticed in the middle of it.
constexpr std::chrono::milliseconds kResidentWaitSlice = 5s;
/// What a card may take that is found at a slice's end: three attempts to select and read it.
constexpr std::chrono::milliseconds kReadBudget = 20s;
constexpr std::chrono::milliseconds kResidentStateBudget = 10s;

std::string day(std::chrono::year_month_day date)
{
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

json dayOrNull(const std::optional<std::chrono::year_month_day>& date)
{
    return date ? json(day(*date)) : json(nullptr);
}

/// What the bank gets, and nobody between.
Secret<std::string> sealedContent(const ResidentCard& card,
                                  const std::optional<Secret<Bytes>>& photo)
{
    const auto& who = card.identity;
    SecretJson content;
    content.add("number", who.number.reveal());
    content.add("name", who.name.reveal());
    content.add("englishName", who.englishName.reveal());
    content.add("address", who.address.reveal());
    content.add("newAddress", card.newAddress.reveal());
    content.add("passNumber", who.passNumber.reveal());
    if (who.birth) {
        content.add("birth", day(*who.birth));
    }
    if (photo) {
        content.add("photo", toBase64(photo->reveal()));
    }
    return std::move(content).take();
}

bool isOver(const ResidentIdentity& who, std::chrono::year_month_day today)
{
    return !who.longTerm && who.validTo && *who.validTo < today;
}

} // namespace

ResidentHelper::ResidentHelper(ChannelOpener open, const Clock& clock,
                               std::optional<SealingKey> key,
                               std::optional<residentid::PhotoDecoder> photos)
    : m_reader(std::move(open), clock)
    , m_clock(clock)
    , m_key(std::move(key))
    , m_photos(std::move(photos))
{
}

Result<json> ResidentHelper::perform(const std::string& operation, const json& arguments,
                                     HelperLine& line, std::stop_token stop)
{
    if (operation != "readResident") {
        return fail(Errc::Unsupported, "resident card reader: unknown operation");
    }
    if (!m_key) {
        return fail(Errc::Unsupported, "resident card reader: no sealing key is configured",
                    Remedy::CallStaff);
    }
    const std::chrono::milliseconds limit(arguments.value("timeoutMs", std::int64_t{0}));
    line.event("insertCard", json::object());
    return awaitCard(line, stop, limit).and_then([this](const ResidentCard& card) {
        return describe(card);
    });
}

Result<ResidentCard> ResidentHelper::awaitCard(HelperLine& line, const std::stop_token& stop,
                                               std::chrono::milliseconds limit)
{
    const auto until = m_clock.ticks() + limit;
    for (;;) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - m_clock.ticks());
        const auto slice = std::clamp(left, 0ms, kResidentWaitSlice);
        const Step step(line, "wait", slice + kReadBudget);
        auto card = m_reader.read(stop, slice, [&line] { line.event("reading", json::object()); });
        const bool empty = !card && card.error().code == Errc::Timeout &&
                           card.error().remedy == Remedy::InsertCard;
        if (!empty || left <= kResidentWaitSlice) {
            return card;
        }
    }
}

Result<json> ResidentHelper::describe(const ResidentCard& card) const
{
    const auto& who = card.identity;
    const auto photo = photoOf(card);
    auto sealed = m_key->seal(sealedContent(card, photo));
    if (!sealed) {
        return tl::unexpected(std::move(sealed).error());
    }
    return json{{"kind", residentid::name(who.kind)},
                {"name", who.name.reveal()},
                {"englishName", who.englishName.reveal()},
                {"sex", residentid::name(who.sex)},
                {"ethnicGroup", residentid::ethnicGroupName(who.ethnicGroup)},
                {"birth", dayOrNull(who.birth)},
                {"maskedNumber", residentid::maskResidentNumber(who.number.reveal())},
                {"numberOk", who.numberOk},
                {"issuedBy", who.issuedBy},
                {"nationality", who.nationality},
                {"validFrom", dayOrNull(who.validFrom)},
                {"validTo", dayOrNull(who.validTo)},
                {"longTerm", who.longTerm},
                {"expired", isOver(who, localDay(m_clock.now()))},
                {"nameMayBeCut", who.nameMayBeCut},
                {"unreadable", who.unreadable},
                {"photo", photo                ? "sealed"
                          : card.photo.empty() ? "none"
                                               : "notDecoded"},
                {"handle", randomUuid()},
                {"sealed", std::move(*sealed)}};
}

std::optional<Secret<Bytes>> ResidentHelper::photoOf(const ResidentCard& card) const
{
    if (!m_photos || card.photo.empty()) {
        return std::nullopt;
    }
    auto photo = m_photos->decode(card.photo.reveal());
    if (!photo) {
        spdlog::warn("{}", photo.error().detail);
        return std::nullopt;
    }
    return std::move(*photo);
}

void ResidentHelper::watch(HelperLine& line)
{
    const Step step(line, "state", kResidentStateBudget);
    const auto number = m_reader.samNumber();
    const char* state = number                                            ? "online"
                        : number.error().remedy == Remedy::ReconnectCable ? "offline"
                                                                          : "hardwareError";
    line.status({{"common", {{"device", state}}}});
}

} // namespace guichet::host
