// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/assists/assist_documents.h"

#include <algorithm>
#include <vector>

namespace guichet::hub {

using namespace signalling;
using nlohmann::json;

namespace {

std::int64_t milliseconds(Instant instant)
{
    return instant.time_since_epoch().count();
}
Instant instant(const json& stamp)
{
    return Instant(std::chrono::milliseconds(stamp.get<std::int64_t>()));
}

json optionalStamp(const std::optional<Instant>& value)
{
    return value ? json(milliseconds(*value)) : json();
}
std::optional<Instant> optionalInstant(const json& value)
{
    return value.is_null() ? std::nullopt : std::optional(instant(value));
}

/// Runs `read`; what it throws about its document becomes an error.
template <typename Read> auto reading(const char* what, Read read) -> Result<decltype(read())>
{
    try {
        return read();
    } catch (const json::exception& error) {
        return fail(Errc::Invalid, std::string(what) + ": " + error.what());
    }
}

Needs storedNeeds(const json& stored)
{
    Needs needs{.language = stored.at("language"),
                .product = stored.at("product"),
                .authority = stored.at("authority")};
    if (stored.contains("signLanguage")) {
        needs.signLanguage = stored.at("signLanguage").get<std::string>();
    }
    return needs;
}

json briefly(const Switchboard& board, const Assist& assist)
{
    json brief{{"id", assist.id},
               {"state", name(assist.state)},
               {"mode", name(assist.mode)},
               {"terminal", assist.terminal},
               {"visit", assist.visit},
               {"needs", needsDocument(assist.needs)},
               {"class", assist.customerClass},
               {"asked", toRfc3339(assist.asked)},
               {"transfers", assist.transfers},
               {"terminalLost", assist.lostSince.has_value()}};
    if (const auto wait = board.wait(assist)) {
        brief["wait"] = wait->count();
    }
    return brief;
}

} // namespace

json needsDocument(const Needs& needs)
{
    json document{
        {"language", needs.language}, {"product", needs.product}, {"authority", needs.authority}};
    if (needs.signLanguage) {
        document["signLanguage"] = *needs.signLanguage;
    }
    return document;
}

Result<Needs> needsFrom(const json& object)
{
    constexpr int kMostAuthority = 9;
    constexpr std::size_t kLongest = 64;
    Needs needs;
    if (!object.is_object()) {
        return fail(Errc::Invalid, "needs: want an object");
    }
    for (const auto& [key, value] : object.items()) {
        const bool isText =
            value.is_string() && value.get_ref<const std::string&>().size() <= kLongest;
        if (key == "language" && isText && !value.get_ref<const std::string&>().empty()) {
            needs.language = value;
        } else if (key == "signLanguage" && isText) {
            needs.signLanguage = value.get<std::string>();
        } else if (key == "product" && isText) {
            needs.product = value;
        } else if (key == "authority" && value.is_number_unsigned() && value <= kMostAuthority) {
            needs.authority = value;
        } else {
            return fail(Errc::Invalid,
                        "needs." + key.substr(0, kLongest) +
                            ": want language, signLanguage, product (text of at most "
                            "64 bytes) or authority (0 to 9)");
        }
    }
    return needs;
}

json storedAssist(const Assist& assist)
{
    json passed = json::object();
    for (const auto& [seat, since] : assist.passedBy) {
        passed[seat] = milliseconds(since);
    }
    return {{"id", assist.id},
            {"case", assist.caseId},
            {"terminal", assist.terminal},
            {"visit", assist.visit},
            {"needs", needsDocument(assist.needs)},
            {"class", assist.customerClass},
            {"mode", name(assist.mode)},
            {"state", name(assist.state)},
            {"version", assist.version},
            {"sequence", assist.sequence},
            {"asked", milliseconds(assist.asked)},
            {"place", milliseconds(assist.place)},
            {"since", milliseconds(assist.since)},
            {"seat", assist.seat},
            {"consultant", assist.consultant},
            {"passedBy", passed},
            {"transfers", assist.transfers},
            {"contact", assist.contact},
            {"lostSince", optionalStamp(assist.lostSince)},
            {"outcome", assist.outcome}};
}

Result<Assist> assistFrom(const json& stored)
{
    return reading("assist", [&stored] {
        Assist assist{.id = stored.at("id"),
                      .caseId = stored.at("case"),
                      .terminal = stored.at("terminal"),
                      .visit = stored.at("visit"),
                      .needs = storedNeeds(stored.at("needs")),
                      .customerClass = stored.at("class"),
                      .mode =
                          modeFromName(stored.at("mode").get<std::string>()).value_or(Mode::Text),
                      .state = assistStateFromName(stored.at("state").get<std::string>())
                                   .value_or(AssistState::Closed),
                      .version = stored.at("version"),
                      .sequence = stored.at("sequence"),
                      .asked = instant(stored.at("asked")),
                      .place = instant(stored.at("place")),
                      .since = instant(stored.at("since")),
                      .seat = stored.at("seat"),
                      .consultant = stored.at("consultant"),
                      .transfers = stored.at("transfers"),
                      .contact = stored.at("contact"),
                      .lostSince = optionalInstant(stored.at("lostSince")),
                      .outcome = stored.at("outcome")};
        for (const auto& [seat, since] : stored.at("passedBy").items()) {
            assist.passedBy[seat] = instant(since);
        }
        return assist;
    });
}

json storedSeat(const Seat& seat)
{
    return {{"id", seat.id},
            {"pool", seat.pool},
            {"languages", seat.skills.languages},
            {"products", seat.skills.products},
            {"authority", seat.skills.authority},
            {"state", name(seat.state)},
            {"reason", seat.reason},
            {"assist", seat.assist},
            {"since", milliseconds(seat.since)},
            {"handled", seat.handled},
            {"awayNext", seat.awayNext},
            {"lostSince", optionalStamp(seat.lostSince)}};
}

Result<Seat> seatFrom(const json& stored)
{
    return reading("seat", [&stored] {
        return Seat{
            .id = stored.at("id"),
            .pool = stored.at("pool"),
            .skills = {stored.at("languages"), stored.at("products"), stored.at("authority")},
            .state =
                seatStateFromName(stored.at("state").get<std::string>()).value_or(SeatState::Away),
            .reason = stored.at("reason"),
            .assist = stored.at("assist"),
            .since = instant(stored.at("since")),
            .handled = stored.at("handled"),
            .awayNext = stored.at("awayNext"),
            .lostSince = optionalInstant(stored.at("lostSince"))};
    });
}

json assistDocument(const Switchboard& board, const Assist& assist, const std::string& seatName)
{
    json document{{"id", assist.id},
                  {"case", assist.caseId},
                  {"version", assist.version},
                  {"state", name(assist.state)},
                  {"mode", name(assist.mode)}};
    if (const auto ahead = board.ahead(assist)) {
        const auto wait = board.wait(assist);
        document["ahead"] = *ahead;
        document["wait"] =
            wait ? json(wait->count()) : json(); // null: nobody is there who can help
    }
    if (!seatName.empty() && assist.state != AssistState::Waiting) {
        document["seat"] = {{"name", seatName}};
    }
    if (!assist.outcome.empty()) {
        document["outcome"] = assist.outcome;
    }
    return document;
}

json seatDocument(const Switchboard& board, const Seat& seat)
{
    json document{{"id", seat.id},
                  {"state", name(seat.state)},
                  {"reason", seat.reason},
                  {"awayNext", seat.awayNext},
                  {"handled", seat.handled},
                  {"since", toRfc3339(seat.since)},
                  {"assist", nullptr},
                  {"waiting", json::array()},
                  {"callBacks", json::array()},
                  {"seats", json::array()}};
    if (const auto* assist = board.assist(seat.assist)) {
        document["assist"] = briefly(board, *assist);
    }
    std::vector<const Assist*> waiting;
    for (const auto& [id, assist] : board.assists()) {
        if (assist.state == AssistState::Waiting) {
            waiting.push_back(&assist);
        } else if (assist.state == AssistState::CallBack) {
            document["callBacks"].push_back(briefly(board, assist));
        }
    }
    std::ranges::sort(waiting,
                      [](const auto* left, const auto* right) { return isBefore(*left, *right); });
    for (const auto* assist : waiting) {
        document["waiting"].push_back(briefly(board, *assist));
    }
    for (const auto& [id, other] : board.seats()) {
        document["seats"].push_back({{"id", id},
                                     {"state", name(other.state)},
                                     {"reason", other.reason},
                                     {"pool", other.pool},
                                     {"lost", other.lostSince.has_value()}});
    }
    return document;
}

} // namespace guichet::hub
