// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/evidence/upload.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::evidence;

namespace {

/// A chain's value that depends on the position alone.
Link linkAt(std::uint64_t bytes)
{
    return firstLink(asBytes(std::to_string(bytes)));
}

TrackHead position(const std::string& track, std::uint64_t bytes)
{
    return {.track = track, .bytes = bytes, .link = linkAt(bytes)};
}

void extend(Upload& upload, const std::string& track, std::initializer_list<std::uint64_t> all)
{
    for (const auto bytes : all) {
        upload.extend(position(track, bytes));
    }
}

} // namespace

TEST_CASE("upload: with no track there is nothing to send")
{
    CHECK_FALSE(Upload().next(1000));
}

TEST_CASE("upload: a part goes as far as its size allows and ends with a chunk")
{
    Upload upload;
    extend(upload, "video", {100, 400, 700, 1000});
    CHECK(upload.next(750) == UploadPart{"video", 0, 700});
    REQUIRE(upload.acknowledge("video", 700, linkAt(700)));
    CHECK(upload.next(750) == UploadPart{"video", 700, 1000});
    REQUIRE(upload.acknowledge("video", 1000, linkAt(1000)));
    CHECK_FALSE(upload.next(750));
}

TEST_CASE("upload: a chunk larger than a part is sent whole")
{
    Upload upload;
    extend(upload, "video", {5000});
    CHECK(upload.next(10) == UploadPart{"video", 0, 5000});
}

TEST_CASE("upload: the log goes first, then the track of which the server has least")
{
    Upload upload;
    extend(upload, "audio", {100, 200});
    extend(upload, "video", {100, 900});
    extend(upload, "log-2", {50});
    CHECK(upload.next(100) == UploadPart{"log-2", 0, 50});
    REQUIRE(upload.acknowledge("log-2", 50, linkAt(50)));
    CHECK(upload.next(100) == UploadPart{"audio", 0, 100});
    REQUIRE(upload.acknowledge("audio", 100, linkAt(100)));
    CHECK(upload.next(100) == UploadPart{"video", 0, 100});
}

TEST_CASE("upload: after a broken connection it goes on where the server says it is")
{
    Upload upload;
    extend(upload, "video", {100, 400, 700});
    REQUIRE(upload.acknowledge("video", 700, linkAt(700)));
    REQUIRE(upload.acknowledge("video", 400, linkAt(400)));
    CHECK(upload.next(1000) == UploadPart{"video", 400, 700});
    REQUIRE(upload.acknowledge("video", 0, Link{}));
    CHECK(upload.next(1000) == UploadPart{"video", 0, 700});
}

TEST_CASE("upload: a server that has other bytes gets the track from its start")
{
    Upload upload;
    extend(upload, "video", {100, 400});
    REQUIRE(upload.acknowledge("video", 100, linkAt(100)));
    const auto wrong =
        GENERATE(std::pair<std::uint64_t, std::uint64_t>{400, 100},  // another link
                 std::pair<std::uint64_t, std::uint64_t>{250, 250},  // no end of a chunk
                 std::pair<std::uint64_t, std::uint64_t>{900, 900}); // more than there is
    const auto answer = upload.acknowledge("video", wrong.first, linkAt(wrong.second));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Errc::Conflict);
    CHECK(upload.next(1000) == UploadPart{"video", 0, 400});
}

TEST_CASE("upload: what is told of a track that does not exist is refused")
{
    Upload upload;
    const auto answer = upload.acknowledge("video", 0, Link{});
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Errc::NotFound);
}

TEST_CASE("upload: a case may be removed here once it has ended and the server has every byte")
{
    Upload upload;
    extend(upload, "audio", {100});
    extend(upload, "video", {100, 400});
    REQUIRE(upload.acknowledge("audio", 100, linkAt(100)));
    REQUIRE(upload.acknowledge("video", 400, linkAt(400)));
    CHECK_FALSE(upload.mayRemove());
    upload.end();
    CHECK(upload.mayRemove());
    REQUIRE(upload.acknowledge("video", 100, linkAt(100)));
    CHECK_FALSE(upload.mayRemove());
}
