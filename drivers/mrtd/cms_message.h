// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/cms.h>

#include "peripherals/base/bytes.h"
#include "peripherals/base/unique_handle.h"

/// Signed messages (RFC 5652) on OpenSSL. For this folder's own files only.
namespace guichet::mrtd {

using Message = UniqueHandle<CMS_ContentInfo*, CMS_ContentInfo_free>;

inline constexpr const char* kSecurityObjectType = "2.23.136.1.1.1";
inline constexpr const char* kMasterListType = "2.23.136.1.1.2";

/// Null: no signed message.
[[nodiscard]] Message parseMessage(ByteView bytes);
[[nodiscard]] bool hasContentType(CMS_ContentInfo* message, const char* type);
/// What was signed; empty if it is not inside. A view into the message.
[[nodiscard]] ByteView contentOf(CMS_ContentInfo* message);

} // namespace guichet::mrtd
