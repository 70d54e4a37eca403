// SPDX-License-Identifier: Apache-2.0
#include "drivers/face/face_library.h"

extern "C" void guichet_open_face_tools(const guichet::face::FaceFiles& files,
                                        guichet::Result<guichet::face::FaceTools>& result)
{
    result = guichet::face::openFaceTools(files);
}

static_assert(
    std::is_same_v<decltype(&guichet_open_face_tools), guichet::face::OpenFaceToolsFunction>);
