// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/security_object.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "drivers/mrtd/asn1_tags.h"
#include "drivers/mrtd/cms_message.h"
#include "drivers/mrtd/tlv.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::mrtd {
namespace {

using ObjectId = UniqueHandle<ASN1_OBJECT*, ASN1_OBJECT_free>;

tl::unexpected<Error> wrongBuild(std::string_view what)
{
    return fail(Errc::Protocol, "EF.SOD: " + std::string(what));
}

const EVP_MD* algorithmOf(ByteView algorithm)
{
    const auto fields = objectsIn(algorithm);
    if (!fields || fields->empty() || fields->front().tag != asn1::kObjectId) {
        return nullptr;
    }
    const auto whole = fields->front().whole;
    const auto* position = reinterpret_cast<const unsigned char*>(whole.data());
    const ObjectId id(d2i_ASN1_OBJECT(nullptr, &position, static_cast<long>(whole.size())));
    ERR_clear_error();
    return id ? EVP_get_digestbyobj(id.get()) : nullptr;
}

} // namespace

Result<Bytes> messageOf(ByteView file)
{
    const auto content = valueAt(file, {kSecurityObject.tag});
    if (!content) {
        return fail(content.error(), kSecurityObject.name);
    }
    return Bytes(content->begin(), content->end());
}

Result<SecurityObject> parseSecurityObject(ByteView file)
{
    const auto bytes = messageOf(file);
    if (!bytes) {
        return tl::unexpected(bytes.error());
    }
    const auto message = parseMessage(*bytes);
    if (!message || !hasContentType(message.get(), kSecurityObjectType)) {
        return wrongBuild("no signed security object");
    }
    const auto content = contentOf(message.get());
    const auto objects = objectsIn(content);
    if (!objects || objects->size() != 1 || objects->front().tag != asn1::kSequence) {
        return wrongBuild("the security object is none");
    }
    const auto fields = objectsIn(objects->front().value);
    if (!fields || fields->size() < 3 || (*fields)[0].tag != asn1::kInteger ||
        (*fields)[1].tag != asn1::kSequence || (*fields)[2].tag != asn1::kSequence) {
        return wrongBuild("the security object is of wrong build");
    }
    SecurityObject object{algorithmOf((*fields)[1].value), {}};
    if (object.algorithm == nullptr) {
        return fail(Errc::Unsupported, "EF.SOD: unknown hash algorithm");
    }
    const auto size = static_cast<std::size_t>(EVP_MD_get_size(object.algorithm));
    const auto entries = objectsIn((*fields)[2].value);
    if (!entries) {
        return fail(entries.error(), kSecurityObject.name);
    }
    for (const auto& entry : *entries) {
        const auto pair = objectsIn(entry.value);
        if (entry.tag != asn1::kSequence || !pair || pair->size() != 2 ||
            (*pair)[0].tag != asn1::kInteger || (*pair)[0].value.size() != 1 ||
            (*pair)[1].tag != asn1::kOctets || (*pair)[1].value.size() != size) {
            return wrongBuild("a hash of wrong build");
        }
        const auto number = std::to_integer<int>((*pair)[0].value[0]);
        const auto hash = (*pair)[1].value;
        if (number < 1 || number > kDataGroups ||
            !object.hashes.emplace(number, Bytes(hash.begin(), hash.end())).second) {
            return wrongBuild("a hash of no data group, or two of one");
        }
    }
    return object;
}

} // namespace guichet::mrtd
