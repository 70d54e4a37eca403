// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/passport_reading.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "drivers/mrtd/mrtd_reader.h"
#include "drivers/mrtd/passive_authentication.h"
#include "drivers/mrz/mrz_text.h"
#include "peripherals/base/random.h"
#include "peripherals/host/secret_json.h"

namespace guichet::host {

using nlohmann::json;

namespace {

Result<mrtd::AccessKey> parseKey(const json& key)
{
    const auto text = [&key](const char* name) {
        const auto found = key.find(name);
        return found != key.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    if (auto number = text("cardAccessNumber"); !number.empty()) {
        return mrtd::AccessKey{std::nullopt, Secret(std::move(number))};
    }
    auto number = text("documentNumber");
    if (number.empty()) {
        return fail(Errc::Invalid, "key: want documentNumber, birthDate and expiryDate, or "
                                   "cardAccessNumber");
    }
    return mrtd::AccessKey{mrtd::MrzKey{Secret(std::move(number)), Secret(text("birthDate")),
                                        Secret(text("expiryDate"))},
                           {}};
}

/// DG1 has the lines joined.
std::string lines(const std::string& zone)
{
    const std::size_t length = zone.size() == 90 ? 30 : zone.size() / 2;
    std::string parted;
    parted.reserve(zone.size() + 2);
    for (std::size_t at = 0; at < zone.size(); at += length) {
        parted.append(at == 0 ? "" : "\n").append(zone, at, length);
    }
    return parted;
}

std::string masked(const std::string& number)
{
    constexpr std::size_t kFirst = 1, kLast = 2, kWidth = 9;
    if (number.size() <= kFirst + kLast + 2) {
        return std::string(kWidth, '*');
    }
    return number.substr(0, kFirst) + std::string(kWidth - kFirst - kLast, '*') +
           number.substr(number.size() - kLast);
}

json day(const std::optional<mrz::PartialDate>& date)
{
    if (!date) {
        return nullptr;
    }
    auto text = fmt::format("{:04}", date->year);
    if (date->month) {
        text += fmt::format("-{:02}", *date->month);
    }
    if (date->month && date->day) {
        text += fmt::format("-{:02}", *date->day);
    }
    return text;
}

/// An unknown day or month counts to its end.
bool isOver(const std::optional<mrz::PartialDate>& expiry, std::chrono::year_month_day today)
{
    if (!expiry) {
        return false;
    }
    const std::chrono::year year(expiry->year);
    const std::chrono::month month(expiry->month.value_or(12));
    const auto last = (year / month / std::chrono::last).day();
    return year / month / (expiry->day ? std::chrono::day(*expiry->day) : last) < today;
}

const char* name(mrz::Sex sex)
{
    return sex == mrz::Sex::Male ? "male" : sex == mrz::Sex::Female ? "female" : "unspecified";
}

json describe(const mrtd::Check& check)
{
    return {{"verdict", check.verdict == mrtd::Verdict::Passed   ? "passed"
                        : check.verdict == mrtd::Verdict::Failed ? "failed"
                                                                 : "notChecked"},
            {"reason", check.reason}};
}

json checksOf(const mrtd::Document& document, const mrtd::CountrySigners& signers)
{
    const auto passive = mrtd::authenticate(mrtd::filesOf(document), signers);
    auto hashes = json::object();
    for (const auto& [group, check] : passive.hashes) {
        hashes["DG" + std::to_string(group)] = describe(check);
    }
    return {{"signature", describe(passive.signature)},
            {"chain", describe(passive.chain)},
            {"country", describe(passive.country)},
            {"hashes", std::move(hashes)},
            {"chipAuthentication", describe(document.chipAuthentication)},
            {"activeAuthentication", describe(document.activeAuthentication)}};
}

/// What the bank gets, and nobody between.
Secret<std::string> sealedContent(const mrtd::Document& document, const mrz::Mrz& zone)
{
    SecretJson content;
    content.add("number", zone.number.reveal());
    content.add("mrz", document.mrz.reveal());
    content.add("optional", zone.optional.reveal());
    if (document.details) {
        content.add("fullName", document.details->fullName.reveal());
        content.add("personalNumber", document.details->personalNumber.reveal());
        content.add("address", document.details->address.reveal());
    }
    if (document.picture) {
        content.add("portrait", toBase64(document.picture->bytes.reveal()));
    }
    return std::move(content).take();
}

} // namespace

Result<json> readPassport(CardChannel& channel, const json& key, const PassportReading& reading,
                          const std::stop_token& stop)
{
    const auto access = parseKey(key);
    if (!access) {
        return tl::unexpected(access.error());
    }
    mrtd::ReadOptions options;
    options.stop = stop;
    const auto document = mrtd::MrtdReader(channel, std::move(options)).read(*access);
    if (!document) {
        return tl::unexpected(document.error());
    }
    const auto zone = mrz::parseMrz(lines(document->mrz.reveal()), reading.today);
    if (!zone) {
        return tl::unexpected(zone.error());
    }
    auto sealed = reading.key.seal(sealedContent(*document, *zone));
    if (!sealed) {
        return tl::unexpected(std::move(sealed).error());
    }
    const auto& picture = document->picture;
    return json{{"documentCode", zone->documentCode},
                {"issuer", zone->issuer},
                {"nationality", zone->nationality},
                {"surname", zone->surname.reveal()},
                {"givenName", zone->givenName.reveal()},
                {"fullName", document->details ? document->details->fullName.reveal() : ""},
                {"nameMayBeCut", zone->nameMayBeCut},
                {"sex", name(zone->sex)},
                {"birth", day(zone->birth)},
                {"validTo", day(zone->expiry)},
                {"expired", isOver(zone->expiry, reading.today)},
                {"maskedNumber", masked(zone->number.reveal())},
                {"portrait", picture ? "sealed" : "none"},
                {"access", document->access == mrtd::AccessBy::Pace ? "pace" : "bac"},
                {"checks", checksOf(*document, reading.signers)},
                {"handle", randomUuid()},
                {"sealed", std::move(*sealed)}};
}

} // namespace guichet::host
