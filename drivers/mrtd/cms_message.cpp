// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/cms_message.h"

#include <openssl/err.h>

namespace guichet::mrtd {
namespace {

using ObjectId = UniqueHandle<ASN1_OBJECT*, ASN1_OBJECT_free>;

} // namespace

Message parseMessage(ByteView bytes)
{
    const auto* position = reinterpret_cast<const unsigned char*>(bytes.data());
    Message message(d2i_CMS_ContentInfo(nullptr, &position, static_cast<long>(bytes.size())));
    ERR_clear_error();
    if (message && OBJ_obj2nid(CMS_get0_type(message.get())) != NID_pkcs7_signed) {
        message.reset();
    }
    return message;
}

bool hasContentType(CMS_ContentInfo* message, const char* type)
{
    const ObjectId wanted(OBJ_txt2obj(type, 1));
    const auto* found = CMS_get0_eContentType(message);
    return wanted && found != nullptr && OBJ_cmp(found, wanted.get()) == 0;
}

ByteView contentOf(CMS_ContentInfo* message)
{
    auto* const* content = CMS_get0_content(message);
    if (content == nullptr || *content == nullptr) {
        return {};
    }
    return std::as_bytes(std::span(ASN1_STRING_get0_data(*content),
                                   static_cast<std::size_t>(ASN1_STRING_length(*content))));
}

} // namespace guichet::mrtd
