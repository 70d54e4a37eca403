// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/passport_reading.h"

#include <utility>

#include <fmt/format.h>

#include "drivers/mrtd/passive_authentication.h"
#include "drivers/mrz/mrz_text.h"
#include "drivers/mrz/zone_comparison.h"
#include "peripherals/base/random.h"
#include "peripherals/host/document_words.h"
#include "peripherals/host/secret_json.h"

namespace guichet::host {

using nlohmann::json;

Result<ShownDocument> documentOfKey(const json& key)
{
    const auto text = [&key](const char* name) {
        const auto found = key.find(name);
        return found != key.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    if (auto number = text("cardAccessNumber"); !number.empty()) {
        return ShownDocument{{std::nullopt, Secret(std::move(number))}};
    }
    auto number = text("documentNumber");
    if (number.empty()) {
        return fail(Errc::Invalid, "key: want documentNumber, birthDate and expiryDate, or "
                                   "cardAccessNumber");
    }
    return ShownDocument{{mrtd::MrzKey{Secret(std::move(number)), Secret(text("birthDate")),
                                       Secret(text("expiryDate"))},
                          {}}};
}

Result<ShownDocument> documentOfZone(Secret<std::string> zone, std::chrono::year_month_day today)
{
    auto parsed = mrz::parseMrz(zone.reveal(), today);
    if (!parsed) {
        return tl::unexpected(parsed.error());
    }
    return ShownDocument{{mrtd::MrzKey{std::move(parsed->number), std::move(parsed->birthText),
                                       std::move(parsed->expiryText)},
                          {}},
                         std::move(zone)};
}

namespace {

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

json describe(const mrtd::Check& check)
{
    return {{"verdict", check.verdict == mrtd::Verdict::Passed   ? "passed"
                        : check.verdict == mrtd::Verdict::Failed ? "failed"
                                                                 : "notChecked"},
            {"reason", check.reason}};
}

/// Doc 9303-11: an inspection compares what is printed with what the chip says.
mrtd::Check comparePrinted(const Secret<std::string>& printed, const mrtd::Document& document)
{
    if (printed.empty()) {
        return {mrtd::Verdict::NotChecked, "no machine readable zone was read from the page"};
    }
    const auto fields = mrz::differences(printed.reveal(), document.mrz.reveal());
    if (fields.empty()) {
        return {mrtd::Verdict::Passed, "the printed zone is the chip's"};
    }
    return {mrtd::Verdict::Failed, fmt::format("the printed zone differs from the chip's in: {}",
                                               fmt::join(fields, ", "))};
}

json checksOf(const mrtd::Document& document, const Secret<std::string>& printed,
              const mrtd::CountrySigners& signers)
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
            {"printedZone", describe(comparePrinted(printed, document))},
            {"accessOffer", describe(document.accessOffer)},
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

Result<json> readPassport(CardChannel& channel, const ShownDocument& shown,
                          const PassportReading& reading, const std::stop_token& stop)
{
    mrtd::ReadOptions options;
    options.stop = stop;
    const auto document = mrtd::MrtdReader(channel, std::move(options)).read(shown.key);
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
    auto result = describeZone(*zone, reading.today);
    result.update({{"fullName", document->details ? document->details->fullName.reveal() : ""},
                   {"portrait", document->picture ? "sealed" : "none"},
                   {"access", document->access == mrtd::AccessBy::Pace ? "pace" : "bac"},
                   {"checks", checksOf(*document, shown.zone, reading.signers)},
                   {"handle", randomUuid()},
                   {"sealed", std::move(*sealed)}});
    return result;
}

} // namespace guichet::host
