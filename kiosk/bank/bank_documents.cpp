// SPDX-License-Identifier: Apache-2.0
#include "kiosk/bank/bank_documents.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

namespace guichet::bank {
namespace {

using nlohmann::json;

constexpr std::size_t kMostEvidence = 8;
constexpr std::size_t kLongest = 8192; ///< of a text; a sealed document with its photo needs most
constexpr std::array<std::pair<Way, std::string_view>, 4> kWays{
    {{Way::IdentifyAgain, "identifyAgain"},
     {Way::OtherNumber, "otherNumber"},
     {Way::EvidenceAgain, "evidenceAgain"},
     {Way::Counter, "counter"}}};
constexpr std::array<std::string_view, 3> kKinds{"identity", "face", "signature"};

Result<json> object(std::string_view body)
{
    auto document = json::parse(body, nullptr, false);
    if (!document.is_object()) {
        return fail(Errc::Invalid, "bank: the body is not a JSON object");
    }
    return document;
}

tl::unexpected<Error> wrong(std::string_view member, std::string_view wanted)
{
    return fail(Errc::Invalid, "bank: " + std::string(member) + " is not " + std::string(wanted));
}

/// A text of that name; nothing if it is missing, no text or too long.
std::optional<std::string> text(const json& document, const char* member)
{
    const auto found = document.find(member);
    if (found == document.end() || !found->is_string()) {
        return std::nullopt;
    }
    auto value = found->get<std::string>();
    return value.size() <= kLongest ? std::optional(std::move(value)) : std::nullopt;
}

bool known(std::string_view kind)
{
    return std::ranges::find(kKinds, kind) != kKinds.end();
}

Result<Evidence> evidenceFrom(const json& each)
{
    const auto kind = each.is_object() ? text(each, "kind") : std::nullopt;
    if (!kind || !known(*kind)) {
        return wrong("evidence.kind", "identity, face or signature");
    }
    const auto handle = text(each, "handle");
    if (!handle || !isUuid(*handle)) {
        return wrong("evidence.handle", "a UUID");
    }
    return Evidence{*kind, *handle};
}

} // namespace

std::string_view name(Way way)
{
    return std::ranges::find(kWays, way, &decltype(kWays)::value_type::first)->second;
}

bool isUuid(std::string_view text)
{
    constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    return text.size() == kForm.size() &&
           std::equal(text.begin(), text.end(), kForm.begin(), [](char sign, char form) {
               return form == '-' ? sign == '-'
                                  : (sign >= '0' && sign <= '9') || (sign >= 'a' && sign <= 'f');
           });
}

bool isMobileNumber(std::string_view digits)
{
    constexpr std::size_t kDigits = 11;
    return digits.size() == kDigits && digits[0] == '1' && digits[1] >= '3' &&
           std::ranges::all_of(digits, [](char sign) { return sign >= '0' && sign <= '9'; });
}

std::string encode(const SealedIdentity& identity)
{
    return json{{"kind", identity.kind == SealedIdentity::Kind::Card ? "card" : "document"},
                {"handle", identity.handle},
                {"sealed", identity.sealed}}
        .dump();
}

std::string encode(const EvidenceContent& content)
{
    return json{{"kind", content.evidence.kind},
                {"mediaType", content.mediaType},
                {"data", toBase64(content.data)}}
        .dump();
}

std::string encode(const PhoneChange& change)
{
    auto evidence = json::array();
    for (const auto& each : change.evidence) {
        evidence.push_back({{"kind", each.kind}, {"handle", each.handle}});
    }
    return json{{"newPhone", change.newPhone}, {"evidence", std::move(evidence)}}.dump();
}

std::string encode(const Customer& customer)
{
    return json{{"customer", customer.id}, {"name", customer.name}, {"phone", customer.phone}}
        .dump();
}

std::string encode(const Receipt& receipt)
{
    return json{
        {"reference", receipt.reference}, {"phone", receipt.phone}, {"at", toRfc3339(receipt.at)}}
        .dump();
}

Result<SealedIdentity> decodeIdentity(std::string_view body)
{
    const auto document = object(body);
    if (!document) {
        return tl::unexpected(document.error());
    }
    const auto kind = text(*document, "kind");
    if (kind != "card" && kind != "document") {
        return wrong("kind", "card or document");
    }
    const auto handle = text(*document, "handle");
    if (!handle || !isUuid(*handle)) {
        return wrong("handle", "a UUID");
    }
    const auto sealed = document->find("sealed");
    if (sealed == document->end() || !sealed->is_string()) {
        return wrong("sealed", "a text");
    }
    return SealedIdentity{kind == "card" ? SealedIdentity::Kind::Card
                                         : SealedIdentity::Kind::Document,
                          *handle, sealed->get<std::string>()};
}

Result<EvidenceContent> decodeEvidence(std::string_view body, std::string handle)
{
    const auto document = object(body);
    if (!document) {
        return tl::unexpected(document.error());
    }
    if (!isUuid(handle)) {
        return wrong("handle", "a UUID");
    }
    const auto kind = text(*document, "kind");
    if (!kind || !known(*kind)) {
        return wrong("kind", "identity, face or signature");
    }
    const auto mediaType = text(*document, "mediaType");
    if (mediaType != "image/png" && mediaType != "application/json") {
        return wrong("mediaType", "image/png or application/json");
    }
    const auto data = document->find("data");
    if (data == document->end() || !data->is_string()) {
        return wrong("data", "base64");
    }
    auto bytes = fromBase64(data->get_ref<const std::string&>());
    if (!bytes || bytes->empty()) {
        return wrong("data", "base64");
    }
    return EvidenceContent{{*kind, std::move(handle)}, *mediaType, std::move(*bytes)};
}

Result<PhoneChange> decodeChange(std::string_view body, std::string customer)
{
    const auto document = object(body);
    if (!document) {
        return tl::unexpected(document.error());
    }
    const auto phone = text(*document, "newPhone");
    if (!phone || !isMobileNumber(*phone)) {
        return wrong("newPhone", "a mobile number of eleven digits");
    }
    const auto evidence = document->find("evidence");
    if (evidence == document->end() || !evidence->is_array() || evidence->size() > kMostEvidence) {
        return wrong("evidence", "a list of at most 8");
    }
    PhoneChange change{std::move(customer), *phone, {}};
    for (const auto& each : *evidence) {
        auto decoded = evidenceFrom(each);
        if (!decoded) {
            return tl::unexpected(decoded.error());
        }
        change.evidence.push_back(std::move(*decoded));
    }
    return change;
}

Result<Customer> decodeCustomer(std::string_view body)
{
    const auto document = object(body);
    if (!document) {
        return tl::unexpected(document.error());
    }
    const auto id = text(*document, "customer");
    const auto customerName = text(*document, "name");
    const auto phone = text(*document, "phone");
    if (!id || !isUuid(*id)) {
        return wrong("customer", "a UUID");
    }
    if (!customerName || !phone) {
        return wrong(customerName ? "phone" : "name", "a text");
    }
    return Customer{*id, *customerName, *phone};
}

Result<Receipt> decodeReceipt(std::string_view body)
{
    const auto document = object(body);
    if (!document) {
        return tl::unexpected(document.error());
    }
    const auto reference = text(*document, "reference");
    const auto phone = text(*document, "phone");
    const auto at = text(*document, "at");
    if (!reference || reference->empty() || !phone) {
        return wrong(phone ? "reference" : "phone", "a text");
    }
    const auto instant = fromRfc3339(at.value_or(std::string()));
    if (!instant) {
        return wrong("at", "a time of RFC 3339");
    }
    return Receipt{*reference, *phone, *instant};
}

Result<Refusal> decodeRefusal(std::string_view body)
{
    const auto document = object(body);
    if (!document) {
        return tl::unexpected(document.error());
    }
    const auto reason = text(*document, "code");
    const auto way = text(*document, "way");
    const auto* const found =
        std::ranges::find_if(kWays, [&](const auto& each) { return each.second == way; });
    if (!reason || reason->empty() || found == kWays.end()) {
        return wrong("way", "one that is known, beside a code");
    }
    return Refusal{*reason, found->first};
}

} // namespace guichet::bank
