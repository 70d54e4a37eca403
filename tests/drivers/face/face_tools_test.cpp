// SPDX-License-Identifier: Apache-2.0
#include "drivers/face/face_tools.h"

#include <fstream>

#include <catch2/catch.hpp>
#include <openssl/evp.h>

#include "drivers/face/face_library.h"
#include "peripherals/base/bytes.h"
#include "peripherals/base/random.h"
#include "tests/drivers/face/drawn_face.h"

using namespace guichet;
using namespace guichet::face;

namespace {

std::string sha256Of(std::string_view content)
{
    Bytes digest(32);
    REQUIRE(EVP_Q_digest(nullptr, "SHA256", nullptr, content.data(), content.size(),
                         reinterpret_cast<unsigned char*>(digest.data()), nullptr) == 1);
    return toHex(digest);
}

struct Folder {
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() { std::filesystem::remove_all(path); }

    ModelFile save(std::string_view content) const
    {
        std::ofstream(path / "model.onnx", std::ios::binary) << content;
        return {path / "model.onnx", sha256Of(content)};
    }
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("guichet-" + randomUuid());
};

/// A field of a protocol buffer, shorter than 128 bytes.
std::string field(int number, std::string_view content)
{
    return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(content.size())}
        .append(content);
}
std::string field(int number, int value)
{
    return {static_cast<char>(number << 3), static_cast<char>(value)};
}

/// A network in ONNX that anything can run: what goes in comes out.
std::string identityNetwork()
{
    const auto value = [](std::string_view name) {
        std::string shape;
        for (const int size : {1, 3, 112, 112}) {
            shape += field(1, field(1, size));
        }
        const auto tensor = field(1, 1) + field(2, shape);
        return field(1, name) + field(2, field(1, tensor));
    };
    const auto node = field(1, "in") + field(2, "out") + field(3, "n") + field(4, "Identity");
    const auto graph =
        field(1, node) + field(2, "g") + field(11, value("in")) + field(12, value("out"));
    return field(1, 7) + field(7, graph) + field(8, field(2, 11));
}

FaceTools opened(const FaceFiles& files)
{
    auto tools = openFaceTools(files);
    REQUIRE(tools);
    CHECK(tools->finder->name() == "cascades");
    CHECK_FALSE(tools->matcher);
    return std::move(*tools);
}

} // namespace

TEST_CASE("face: without models the cascades find faces, and nothing compares them",
          "[drivers][face]")
{
    CHECK(opened({}).refused.empty());
}

TEST_CASE("face: a cascade that is missing is named, with the package it is in", "[drivers][face]")
{
    const Folder folder;
    const auto tools = openFaceTools({.cascades = folder.path});
    REQUIRE_FALSE(tools);
    CHECK(tools.error().code == Errc::NotFound);
    CHECK(tools.error().detail.find("haarcascade_frontalface_alt2.xml is missing; it is in "
                                    "Debian's opencv-data") != std::string::npos);
}

TEST_CASE("face: a file that is no cascade is named", "[drivers][face]")
{
    const Folder folder;
    std::ofstream(folder.path / "haarcascade_frontalface_alt2.xml")
        << GENERATE("", "no XML", "<?xml version=\"1.0\"?><opencv_storage></opencv_storage>");
    const auto tools = openFaceTools({.cascades = folder.path});
    REQUIRE_FALSE(tools);
    CHECK(tools.error().code == Errc::Invalid);
    CHECK(tools.error().detail.ends_with("haarcascade_frontalface_alt2.xml is no cascade"));
}

TEST_CASE("face: a model that is missing is said, and the cascades stand in", "[drivers][face]")
{
    const auto tools = opened({.detector = ModelFile{"/nowhere/yunet.onnx", std::string(64, '0')}});
    CHECK(tools.refused == "detector: /nowhere/yunet.onnx cannot be read");
}

TEST_CASE("face: a model with another content than was meant is never loaded", "[drivers][face]")
{
    const Folder folder;
    auto file = folder.save(identityNetwork());
    const auto actual = file.sha256;
    file.sha256 = std::string(64, 'A');
    const auto tools = opened({.detector = file});
    INFO(tools.refused);
    CHECK(tools.refused.starts_with("detector: " + file.path.string() + ": its SHA-256 is "));
    CHECK(tools.refused.ends_with(", want " + file.sha256));
}

TEST_CASE("face: a model that this OpenCV cannot load, or not run, is said", "[drivers][face]")
{
    const Folder folder;
    const auto content = GENERATE(std::string(), std::string("no network"), identityNetwork());
    const auto file = folder.save(content);
    const auto tools = opened({.detector = file, .recogniser = file});
    INFO(tools.refused);
    CHECK(tools.refused.starts_with("detector: " + file.path.string() + ": OpenCV "));
    CHECK(tools.refused.find(" cannot run it: ") != std::string::npos);
    CHECK(tools.refused.find('\n') == std::string::npos);
}

TEST_CASE("face: the library of a program's installation finds faces", "[drivers][face]")
{
    const auto library = faceLibraryOf(GUICHET_BIN_DIR "/guichet-devices");
    auto tools = loadFaceTools(library, {});
    INFO((tools ? std::string() : tools.error().detail));
    REQUIRE(tools);
    test::DrawnPicture picture;
    picture.add({}).noise(3, 1);
    CHECK(tools->finder->find(picture.frame()).size() == 1);
    const Folder folder;
    const auto failed = loadFaceTools(library, {.cascades = folder.path});
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == Errc::NotFound);
}

TEST_CASE("face: a library that is missing, or another one, is said", "[drivers][face]")
{
    const auto missing = loadFaceTools("/nowhere/guichet-face.so", {});
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == Errc::NotFound);
    CHECK(missing.error().detail.find("/nowhere/guichet-face.so") != std::string::npos);
    const auto other = loadFaceTools("libz.so.1", {});
    REQUIRE_FALSE(other);
    CHECK(other.error().code == Errc::Unsupported);
    CHECK(other.error().detail == "faces: libz.so.1 has no function guichet_open_face_tools");
}
