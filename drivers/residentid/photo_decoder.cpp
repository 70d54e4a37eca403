// SPDX-License-Identifier: Apache-2.0
#include "drivers/residentid/photo_decoder.h"

#include <algorithm>
#include <string>
#include <utility>

#include <dlfcn.h>

namespace guichet::residentid {

namespace {

std::string loaderSays()
{
    const char* text = ::dlerror(); // NOLINT(concurrency-mt-unsafe): its state is per thread
    return text == nullptr ? std::string("unknown") : std::string(text);
}

std::uint32_t littleEndian(ByteView file, std::size_t at, std::size_t size)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
        value |= std::to_integer<std::uint32_t>(file[at + i]) << (8 * i);
    }
    return value;
}

} // namespace

void closeLibrary(void* library)
{
    ::dlclose(library);
}

bool isPhotoBmp(ByteView file)
{
    return file.size() == GUICHET_PHOTO_BMP_BYTES && file[0] == std::byte{'B'} &&
           file[1] == std::byte{'M'} && littleEndian(file, 10, 4) == 54 &&
           littleEndian(file, 14, 4) == 40 && littleEndian(file, 18, 4) == GUICHET_PHOTO_WIDTH &&
           littleEndian(file, 22, 4) == GUICHET_PHOTO_HEIGHT && littleEndian(file, 26, 2) == 1 &&
           littleEndian(file, 28, 2) == 24 && littleEndian(file, 30, 4) == 0;
}

PhotoDecoder::PhotoDecoder(Library library, guichet_decode_photo_function function)
    : m_library(std::move(library))
    , m_decode(function)
{
}

Result<PhotoDecoder> PhotoDecoder::load(const std::filesystem::path& file)
{
    // Without a slash the loader would look in the system's folders.
    const auto path = std::filesystem::absolute(file);
    Library library(::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL));
    if (!library) {
        return fail(Errc::NotFound, "photo decoder: " + loaderSays());
    }
    void* function = ::dlsym(library.get(), GUICHET_DECODE_PHOTO);
    if (function == nullptr) {
        return fail(Errc::Unsupported, "photo decoder: " + path.string() + " has no function " +
                                           GUICHET_DECODE_PHOTO + "; see photo_plugin.h");
    }
    return PhotoDecoder(std::move(library),
                        reinterpret_cast<guichet_decode_photo_function>(function));
}

Result<Secret<Bytes>> PhotoDecoder::decode(ByteView wlt) const
{
    Bytes bmp(GUICHET_PHOTO_BMP_BYTES);
    const int written = m_decode(reinterpret_cast<const unsigned char*>(wlt.data()), wlt.size(),
                                 reinterpret_cast<unsigned char*>(bmp.data()), bmp.size());
    const bool whole = written == GUICHET_PHOTO_BMP_BYTES && isPhotoBmp(bmp);
    Secret<Bytes> photo(std::move(bmp));
    if (!whole) {
        return fail(Errc::Protocol, "photo decoder: it returned " + std::to_string(written) +
                                        "; want a BMP of " +
                                        std::to_string(int{GUICHET_PHOTO_BMP_BYTES}) + " bytes");
    }
    return photo;
}

} // namespace guichet::residentid
