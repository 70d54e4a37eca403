// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "drivers/residentid/photo_plugin.h"
#include "peripherals/base/bytes.h"
#include "peripherals/base/error.h"
#include "peripherals/base/secret.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::residentid {

void closeLibrary(void* library);

/// Decodes photos by a library of the bank's (see photo_plugin.h), which stays loaded as long.
class PhotoDecoder {
public:
    /// Fails with Errc::NotFound (no such library, or one that it needs) or Errc::Unsupported (it
    /// does not export the function); the detail names the file and what the loader says.
    [[nodiscard]] static Result<PhotoDecoder> load(const std::filesystem::path& file);

    /// A BMP file of 102x126 dots. Fails with Errc::Protocol if the library cannot decode it, or
    /// writes something else.
    [[nodiscard]] Result<Secret<Bytes>> decode(ByteView wlt) const;

private:
    using Library = UniqueHandle<void*, closeLibrary>;
    PhotoDecoder(Library library, guichet_decode_photo_function function);

    Library m_library;
    guichet_decode_photo_function m_decode;
};

/// Whether `file` is a whole BMP of the size and depth of these photos. Pure.
[[nodiscard]] bool isPhotoBmp(ByteView file);

} // namespace guichet::residentid
