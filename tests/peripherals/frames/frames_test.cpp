// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <thread>

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "peripherals/base/random.h"
#include "peripherals/frames/frame_reader.h"
#include "peripherals/frames/frame_writer.h"
#include "peripherals/frames/local_socket.h"

using namespace guichet;
using namespace guichet::frames;
using namespace std::chrono_literals;

namespace {

constexpr auto kPatience = 10s;
constexpr RingShape kShape{4, 64 * 48};

struct Place {
    Place()
        : folder(std::filesystem::temp_directory_path() / ("guichet-" + randomUuid()))
        , socket(folder / "camera.sock")
    {
        std::filesystem::create_directories(folder);
    }
    ~Place() { std::filesystem::remove_all(folder); }
    std::filesystem::path folder;
    std::filesystem::path socket;
};

std::unique_ptr<FrameWriter> writerAt(const Place& place, RingShape shape = kShape)
{
    auto writer = FrameWriter::open(place.socket, shape);
    REQUIRE(writer);
    return std::move(*writer);
}

void publish(FrameWriter& writer, unsigned shade)
{
    const Bytes pixels(64 * 48, std::byte(static_cast<unsigned char>(shade)));
    REQUIRE(writer.publish({0, 7, 64, 48, 64, PixelFormat::Gray8}, pixels));
}

/// Lets the reader in, which knocks at its first look.
void introduce(FrameReader& reader, FrameWriter& writer)
{
    Bytes ignored;
    static_cast<void>(reader.next(ignored, 0ms));
    writer.serve();
}

} // namespace

TEST_CASE("frames: a reader gets the newest frame with all its bytes", "[frames]")
{
    const Place place;
    const auto writer = writerAt(place);
    FrameReader reader(place.socket);
    introduce(reader, *writer);
    publish(*writer, 1);
    publish(*writer, 2);
    Bytes pixels;
    const auto info = reader.next(pixels, kPatience);
    REQUIRE(info);
    CHECK(*info == FrameInfo{2, 7, 64, 48, 64, PixelFormat::Gray8});
    CHECK(pixels == Bytes(64 * 48, std::byte{2}));
    CHECK_FALSE(reader.next(pixels, 0ms)); // once
}

TEST_CASE("frames: a reader that comes late sees what is there", "[frames]")
{
    const Place place;
    const auto writer = writerAt(place);
    publish(*writer, 5);
    FrameReader reader(place.socket);
    introduce(reader, *writer);
    Bytes pixels;
    REQUIRE(reader.next(pixels, kPatience));
    CHECK(pixels.front() == std::byte{5});
}

TEST_CASE("frames: a reader that never reads does not hold the writer up", "[frames]")
{
    const Place place;
    const auto writer = writerAt(place);
    FrameReader asleep(place.socket);
    FrameReader awake(place.socket);
    introduce(asleep, *writer);
    introduce(awake, *writer);
    constexpr unsigned kMany = 20'000; // more wake-ups than a socket holds
    for (unsigned i = 1; i <= kMany; ++i) {
        publish(*writer, i);
    }
    CHECK(writer->readers() == 2);
    Bytes pixels;
    const auto info = awake.next(pixels, kPatience);
    REQUIRE(info);
    CHECK(info->sequence == kMany);
    REQUIRE(asleep.next(pixels, kPatience));
}

TEST_CASE("frames: the writer knows whether somebody wants frames", "[frames]")
{
    const Place place;
    const auto writer = writerAt(place);
    CHECK_FALSE(writer->wanted());
    FrameReader reader(place.socket);
    CHECK_FALSE(reader.cameraThere()); // knocks, and wants none
    writer->serve();
    CHECK(writer->readers() == 1);
    CHECK_FALSE(writer->wanted());
    Bytes pixels;
    CHECK_FALSE(reader.next(pixels, 0ms));
    writer->wait(kPatience);
    CHECK(writer->wanted());
    reader.rest();
    writer->wait(kPatience);
    CHECK_FALSE(writer->wanted());
}

TEST_CASE("frames: a reader knows whether there is a camera without asking for frames", "[frames]")
{
    const Place place;
    auto writer = writerAt(place);
    FrameReader reader(place.socket);
    introduce(reader, *writer);
    CHECK_FALSE(reader.cameraThere());
    publish(*writer, 1);
    CHECK(reader.cameraThere());
    writer->sourceLost();
    CHECK_FALSE(reader.cameraThere());
    publish(*writer, 2);
    CHECK(reader.cameraThere());
    writer.reset();
    CHECK_FALSE(reader.cameraThere());
}

TEST_CASE("frames: a frame that is overwritten while it is read is dropped", "[frames]")
{
    const Place place;
    const auto writer = writerAt(place, {1, 64 * 48}); // one slot: every frame overwrites
    std::atomic<bool> done = false;
    FrameReader reader(place.socket);
    introduce(reader, *writer);
    std::jthread writing([&] {
        for (unsigned shade = 0; !done; ++shade) {
            const Bytes pixels(64 * 48, std::byte(static_cast<unsigned char>(shade)));
            static_cast<void>(writer->publish({0, 7, 64, 48, 64, PixelFormat::Gray8}, pixels));
        }
    });
    Bytes pixels;
    int whole = 0;
    int mixed = 0;
    while (whole + mixed < 200 && reader.next(pixels, kPatience)) {
        const bool uniform = std::all_of(pixels.begin(), pixels.end(),
                                         [&](std::byte each) { return each == pixels.front(); });
        (uniform ? whole : mixed) += 1;
    }
    done = true;
    CHECK(mixed == 0);
    CHECK(whole == 200);
}

TEST_CASE("frames: a reader finds the process that replaced the writer's", "[frames]")
{
    const Place place;
    auto writer = writerAt(place);
    FrameReader reader(place.socket);
    introduce(reader, *writer);
    publish(*writer, 1);
    Bytes pixels;
    REQUIRE(reader.next(pixels, kPatience));
    writer.reset(); // as after kill -9: the socket's file stays
    CHECK_FALSE(reader.next(pixels, 0ms));
    CHECK_FALSE(reader.connected());
    writer = writerAt(place);
    introduce(reader, *writer);
    publish(*writer, 2);
    const auto info = reader.next(pixels, kPatience);
    REQUIRE(info);
    CHECK(info->sequence == 1);
    CHECK(pixels.front() == std::byte{2});
}

TEST_CASE("frames: a gone reader is forgotten", "[frames]")
{
    const Place place;
    const auto writer = writerAt(place);
    {
        FrameReader reader(place.socket);
        introduce(reader, *writer);
        CHECK(writer->readers() == 1);
    }
    writer->serve();
    CHECK(writer->readers() == 0);
}

TEST_CASE("frames: nobody but the owner may connect", "[frames]")
{
    const Place place;
    const auto writer = writerAt(place);
    struct stat about {};
    REQUIRE(::stat(place.socket.c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0600);
}

TEST_CASE("frames: a reader cannot write into the ring", "[frames]")
{
    const Place place;
    const auto writer = writerAt(place);
    const auto socket = connectTo(place.socket);
    REQUIRE(socket);
    writer->serve();
    UniqueFd file;
    REQUIRE(receive(socket->get(), file) == Received::File);
    CHECK(::mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0) == MAP_FAILED);
    CHECK(::ftruncate(file.get(), 0) != 0);
}

TEST_CASE("frames: memory that its sender could cut short is refused", "[frames]")
{
    const Place place;
    const auto listener = listenAt(place.socket);
    REQUIRE(listener);
    FrameReader reader(place.socket);
    Bytes pixels;
    static_cast<void>(reader.next(pixels, 0ms));
    const UniqueFd peer(::accept(listener->get(), nullptr, nullptr));
    const UniqueFd file(::memfd_create("test", MFD_CLOEXEC));
    REQUIRE(::ftruncate(file.get(), static_cast<off_t>(ringBytes(kShape))) == 0);
    const auto start = encodeRing(kShape);
    REQUIRE(::pwrite(file.get(), start.data(), start.size(), 0) ==
            static_cast<ssize_t>(start.size()));
    REQUIRE(sendFile(peer.get(), file.get()));
    static_cast<void>(reader.next(pixels, 0ms));
    CHECK_FALSE(reader.connected());
}

TEST_CASE("frames: waiting can be interrupted from another thread", "[frames]")
{
    const Place place;
    FrameReader reader(place.socket);
    std::jthread other([&] { reader.interrupt(); });
    Bytes pixels;
    CHECK_FALSE(reader.next(pixels, std::chrono::hours(1)));
}

TEST_CASE("frames: a frame larger than its bytes or its slot is refused", "[frames]")
{
    const Place place;
    const auto writer = writerAt(place);
    const Bytes pixels(64 * 48);
    CHECK_FALSE(writer->publish({0, 0, 64, 49, 64, PixelFormat::Gray8}, pixels));
    CHECK_FALSE(writer->publish({0, 0, 64, 48, 64, PixelFormat::Gray8}, Bytes(10)));
    CHECK_FALSE(FrameWriter::open(place.socket, {0, 100}));
    CHECK_FALSE(FrameWriter::open(place.folder / std::string(200, 'x'), kShape));
}
