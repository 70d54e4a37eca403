// SPDX-License-Identifier: Apache-2.0
// bench_net get|post|idle --url URL [--clients N] [--seconds S] [--body TEXT] [--bearer TOKEN]
//                         [--etag TAG]
// bench_net serve [--seconds S]      a server with a cached document and a create, to measure alone
// Prints one line of JSON: {"name","rate","p50_ms","p99_ms","errors"}.
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <fmt/format.h>

#include "peripherals/base/random.h"
#include "peripherals/base/unique_handle.h"
#include "peripherals/net/client.h"
#include "peripherals/net/http_codec.h"
#include "peripherals/net/server.h"

using namespace guichet;
using namespace guichet::net;
using Time = std::chrono::steady_clock;

namespace {

struct Options {
    std::string mode;
    std::string url = "http://127.0.0.1:8480/";
    std::size_t clients = 64;
    int seconds = 5;
    std::string body = {};
    std::string bearer = {};
    std::string etag = {};
};

struct Caller {
    UniqueFd socket;
    std::string in;
    Time::time_point sent;
};

/// `source` is the last octet of the loopback address to call from; 0: the kernel's choice.
UniqueFd connectTo(const Url& url, unsigned source = 0)
{
    UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    if (source != 0) {
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK - 1 + source);
        if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
            return {};
        }
    }
    address.sin_port = htons(url.port);
    const int on = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::inet_pton(AF_INET, url.host.c_str(), &address.sin_addr) != 1 ||
        ::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        return {};
    }
    return socket;
}

Request requestOf(const Options& options, std::uint64_t number)
{
    static const auto run = randomUuid();
    Request request;
    if (options.mode == "post") {
        request.method = "POST";
        request.body = options.body;
        request.headers.set("Idempotency-Key", fmt::format("{}-{}", run, number));
    }
    if (!options.bearer.empty()) {
        request.headers.set("Authorization", "Bearer " + options.bearer);
    }
    if (!options.etag.empty()) {
        request.headers.set("If-None-Match", options.etag);
    }
    return request;
}

void print(const std::string& name, double rate, std::vector<double>& times, std::size_t errors)
{
    std::sort(times.begin(), times.end());
    const auto at = [&times](std::size_t percent) {
        return times.empty() ? 0.0
                             : times[std::min(times.size() - 1, times.size() * percent / 100)];
    };
    fmt::print(
        "{{\"name\":\"{}\",\"rate\":{:.0f},\"p50_ms\":{:.3f},\"p99_ms\":{:.3f},\"errors\":{}}}\n",
        name, rate, at(50), at(99), errors);
}

/// Complete responses at the front of `in`; counts those that are not 2xx or 304.
bool takeResponse(std::string& in, std::size_t& errors)
{
    const auto end = in.find("\r\n\r\n");
    if (end == std::string::npos) {
        return false;
    }
    const auto head = parseResponseHead(std::string_view(in).substr(0, end + 4), "GET");
    if (!head) {
        ++errors;
        in.clear();
        return true;
    }
    if (in.size() < end + 4 + head->contentLength) {
        return false;
    }
    in.erase(0, end + 4 + head->contentLength);
    const auto status = head->response.status;
    errors += (status >= 200 && status < 300) || status == 304 ? 0 : 1;
    return true;
}

int load(const Options& options, const Url& url)
{
    std::uint64_t number = 0;
    const auto target = url.path.empty() ? std::string("/") : url.path;
    const auto next = [&] {
        auto request = requestOf(options, number++);
        request.path = target;
        return encodeRequest(request, url.authority()).value_or("");
    };
    std::vector<Caller> callers(options.clients);
    const UniqueFd poller(::epoll_create1(EPOLL_CLOEXEC));
    for (std::size_t index = 0; index < callers.size(); ++index) {
        auto& caller = callers[index];
        caller.socket = connectTo(url);
        epoll_event event{.events = EPOLLIN, .data = {.u64 = index}};
        const auto bytes = next();
        caller.sent = Time::now();
        if (!caller.socket ||
            ::epoll_ctl(poller.get(), EPOLL_CTL_ADD, caller.socket.get(), &event) ||
            ::send(caller.socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) {
            fmt::print(stderr, "bench_net: cannot connect\n");
            return 1;
        }
    }
    std::vector<double> times;
    std::size_t errors = 0;
    const auto start = Time::now();
    const auto end = start + std::chrono::seconds(options.seconds);
    std::array<epoll_event, 64> events{};
    std::array<char, 65536> buffer{};
    while (Time::now() < end) {
        const int count = ::epoll_wait(poller.get(), events.data(), events.size(), 100);
        for (int index = 0; index < count; ++index) {
            auto& caller = callers[events.at(static_cast<std::size_t>(index)).data.u64];
            const auto got = ::recv(caller.socket.get(), buffer.data(), buffer.size(), 0);
            if (got <= 0) {
                fmt::print(stderr, "bench_net: the server closed a connection\n");
                return 1;
            }
            caller.in.append(buffer.data(), static_cast<std::size_t>(got));
            if (takeResponse(caller.in, errors)) {
                const auto now = Time::now();
                times.push_back(
                    std::chrono::duration<double, std::milli>(now - caller.sent).count());
                const auto bytes = next();
                caller.sent = now;
                (void)::send(caller.socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            }
        }
    }
    const auto seconds = std::chrono::duration<double>(Time::now() - start).count();
    print("net " + options.mode, static_cast<double>(times.size()) / seconds, times, errors);
    return errors == 0 ? 0 : 1;
}

/// Half of the connections say nothing, half have begun a head; then honest requests are timed.
/// They come from as many addresses as the server's cap for one peer makes necessary, and they must
/// still be open at the end: a refusal would make the figure easy.
int idle(const Options& options, const Url& url)
{
    constexpr std::size_t kPerSource = 500;
    std::vector<UniqueFd> others;
    for (std::size_t index = 0; index < options.clients; ++index) {
        others.push_back(connectTo(url, static_cast<unsigned>(2 + index / kPerSource)));
        if (!others.back()) {
            fmt::print(stderr, "bench_net: only {} connections\n", index);
            return 1;
        }
        if (index % 2 == 0) {
            (void)::send(others.back().get(), "GET /v1/h", 9, MSG_NOSIGNAL);
        }
    }
    auto honest = requestOf(options, 0);
    honest.path = url.path;
    std::vector<double> times;
    std::size_t errors = 0;
    const auto start = Time::now();
    const auto end = start + std::chrono::seconds(options.seconds);
    while (Time::now() < end) {
        const auto crawler = 2 * times.size() % others.size();
        (void)::send(others[crawler].get(), "x", 1, MSG_NOSIGNAL); // a byte now and then
        const auto client = Client::open({.baseUrl = "http://" + url.authority()});
        const auto before = Time::now();
        const auto response = client ? (*client)->send(honest, std::chrono::seconds(10))
                                     : Result<Response>(Response{.status = 500});
        errors += response && response->status < 400 ? 0 : 1;
        times.push_back(std::chrono::duration<double, std::milli>(Time::now() - before).count());
    }
    const auto seconds = std::chrono::duration<double>(Time::now() - start).count();
    errors += static_cast<std::size_t>(
        std::count_if(others.begin(), others.end(), [](const UniqueFd& socket) {
            char byte{};
            return ::recv(socket.get(), &byte, 1, MSG_DONTWAIT) >= 0 || errno != EAGAIN;
        }));
    print(fmt::format("net among {} idle or crawling", options.clients),
          static_cast<double>(times.size()) / seconds, times, errors);
    return errors == 0 ? 0 : 1;
}

int serve(const Options& options)
{
    Router router;
    const std::string document(1024, 'x');
    router.add("GET", "/", [&document](const Request&) { return json(200, document); });
    router.add("POST", "/", [](const Request& request) { return json(201, request.body); });
    const auto server =
        Server::start({.port = 8496, .maxConnections = 30'000, .maxConnectionsPerPeer = 30'000},
                      std::move(router));
    if (!server) {
        fmt::print(stderr, "bench_net: {}\n", server.error().detail);
        return 1;
    }
    std::this_thread::sleep_for(std::chrono::seconds(options.seconds));
    return 0;
}

int usage()
{
    fmt::print(stderr, "usage: bench_net get|post|idle|serve --url URL [--clients N] [--seconds S]"
                       " [--body TEXT] [--bearer TOKEN] [--etag TAG]\n");
    return 2;
}

} // namespace

int main(int count, char** words)
{
    const std::vector<std::string> arguments(words + 1, words + count);
    if (arguments.empty() || arguments.size() % 2 == 0) {
        return usage();
    }
    Options options{.mode = arguments[0]};
    for (std::size_t at = 1; at + 1 < arguments.size(); at += 2) {
        const auto& value = arguments[at + 1];
        const std::map<std::string, std::string*> texts{{"--url", &options.url},
                                                        {"--body", &options.body},
                                                        {"--bearer", &options.bearer},
                                                        {"--etag", &options.etag}};
        if (const auto text = texts.find(arguments[at]); text != texts.end()) {
            *text->second = value;
        } else if (arguments[at] == "--clients") {
            options.clients = std::strtoul(value.c_str(), nullptr, 10);
        } else if (arguments[at] == "--seconds") {
            options.seconds = std::atoi(value.c_str());
        } else {
            return usage();
        }
    }
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    if (options.mode == "serve") {
        return serve(options);
    }
    const auto url = parseUrl(options.url);
    if (!url || (options.mode != "get" && options.mode != "post" && options.mode != "idle")) {
        return usage();
    }
    return options.mode == "idle" ? idle(options, *url) : load(options, *url);
}
