// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include "drivers/mrtd/lds.h"

struct evp_md_st;

namespace guichet::mrtd {

/// What EF.SOD says about the data groups (Doc 9303-10, 4.6.2): not verified here.
struct SecurityObject {
    const evp_md_st* algorithm = nullptr;
    std::map<int, Bytes> hashes; ///< by data group
};

/// The CMS message in the file: DER. Errc::Protocol: another tag, or nothing in it.
[[nodiscard]] Result<Bytes> messageOf(ByteView file);

/// Errc::Protocol: no signed message, of another content, or of wrong build. Errc::Unsupported: an
/// unknown hash algorithm.
[[nodiscard]] Result<SecurityObject> parseSecurityObject(ByteView file);

} // namespace guichet::mrtd
