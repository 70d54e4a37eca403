// SPDX-License-Identifier: Apache-2.0
#include "drivers/face/face_library.h"

#include <string>

#include <dlfcn.h>

namespace guichet::face {

namespace {

std::string loaderSays()
{
    const char* text = ::dlerror(); // NOLINT(concurrency-mt-unsafe): its state is per thread
    return text == nullptr ? std::string("unknown") : std::string(text);
}

} // namespace

std::filesystem::path faceLibraryOf(const std::filesystem::path& program)
{
    return program.parent_path().parent_path() / "lib" / "guichet" / "guichet-face.so";
}

Result<FaceTools> loadFaceTools(const std::filesystem::path& library, const FaceFiles& files)
{
    void* loaded = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (loaded == nullptr) {
        return fail(Errc::NotFound, "faces: " + loaderSays(), Remedy::CallStaff);
    }
    void* function = ::dlsym(loaded, kOpenFaceTools);
    if (function == nullptr) {
        return fail(Errc::Unsupported,
                    "faces: " + library.string() + " has no function " + kOpenFaceTools,
                    Remedy::CallStaff);
    }
    Result<FaceTools> tools = fail(Errc::Internal, "faces: not opened");
    reinterpret_cast<OpenFaceToolsFunction>(function)(files, tools);
    return tools;
}

} // namespace guichet::face
