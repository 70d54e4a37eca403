// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/admission.h"

#include <filesystem>
#include <memory>
#include <set>
#include <system_error>
#include <thread>
#include <vector>

#include <sys/resource.h>

#include <fcntl.h>
#include <unistd.h>

#include "tests/peripherals/net/support.h"

using namespace guichet;
using namespace guichet::net;
using namespace guichet::net::test;

namespace {

/// While it lives, the process can open no file more. UBSan needs some to look at an object with
/// virtual functions, hence no assertion meanwhile.
class NoFileLeft {
public:
    NoFileLeft()
        : NoFileLeft(lowestFree())
    {
    }
    /// Nor again one that it closes, unless its number is lower.
    explicit NoFileLeft(int number)
    {
        ::getrlimit(RLIMIT_NOFILE, &m_before);
        auto limit = m_before;
        limit.rlim_cur = static_cast<rlim_t>(number);
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
    ~NoFileLeft() { ::setrlimit(RLIMIT_NOFILE, &m_before); }
    NoFileLeft(const NoFileLeft&) = delete;
    NoFileLeft& operator=(const NoFileLeft&) = delete;

private:
    static int lowestFree() { return UniqueFd(::dup(STDOUT_FILENO)).get(); }

    rlimit m_before{};
};

UniqueFd listening()
{
    UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(socket.get(), 16) == 0);
    return socket;
}

std::set<int> openedNull()
{
    std::set<int> numbers;
    for (const auto& file : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        if (std::filesystem::read_symlink(file, gone) == "/dev/null") {
            numbers.insert(std::stoi(file.path().filename()));
        }
    }
    return numbers;
}

constexpr Admission::Limits kLimits{.total = 10, .perPeer = 10, .explains = true};

} // namespace

TEST_CASE("net: without a file left, who waits is refused once and counted once", "[net]")
{
    Admission admission(listening(), kLimits);
    RawClient first(admission.port());
    RawClient second(admission.port());
    std::vector<Admission::Guest> guests;
    bool done = false;
    {
        const NoFileLeft none;
        done = admission.accept([&](auto guest) { guests.push_back(std::move(guest)); });
    }
    CHECK(done);
    CHECK(guests.empty());
    CHECK(admission.refused() == 2);
    CHECK(first.readAll().empty());
    CHECK(first.ended());
    CHECK(second.readAll().empty());
    CHECK(second.ended());
}

TEST_CASE("net: without even a spare file, who waits is taken in when there are files again",
          "[net]")
{
    auto socket = listening();
    std::unique_ptr<Admission> admission;
    std::unique_ptr<RawClient> client;
    std::vector<Admission::Guest> guests;
    const auto admit = [&](Admission::Guest guest) { guests.push_back(std::move(guest)); };
    {
        const NoFileLeft none;
        admission = std::make_unique<Admission>(std::move(socket), kLimits);
    }
    client = std::make_unique<RawClient>(admission->port());
    bool done = true;
    {
        const NoFileLeft none;
        done = admission->accept(admit);
    }
    CHECK_FALSE(done);
    CHECK(admission->refused() == 0);
    CHECK(guests.empty());
    CHECK(admission->accept(admit));
    CHECK(guests.size() == 1);
}

TEST_CASE("net: a server that ran out of files takes connections in when there are some", "[net]")
{
    const auto before = openedNull();
    Router router;
    router.add("GET", "/hello", [](const Request&) { return json(200, "\"hello\""); });
    const auto server = serve(std::move(router));
    auto spare = openedNull();
    for (const int number : before) {
        spare.erase(number);
    }
    REQUIRE(spare.size() == 1);
    bool connected = false;
    {
        const UniqueFd waiting(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const NoFileLeft none(0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(server->port());
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected =
            ::connect(waiting.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
        while (connected && ::fcntl(*spare.begin(), F_GETFD) != -1) {
            std::this_thread::yield();
        }
    }
    REQUIRE(connected);
    RawClient client(server->port());
    REQUIRE(client.write("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n"));
    CHECK(client.read("hello").starts_with("HTTP/1.1 200"));
}
