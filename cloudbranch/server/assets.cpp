// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/assets.h"

#include <map>

#include <zlib.h>

#include "cloudbranch/web/files.h"
#include "queue/api/tokens.h"

namespace guichet::hub {
namespace {

constexpr std::string_view kFolder = "site/";
constexpr std::string_view kPushWorker = "push_worker.js";
constexpr std::size_t kLeastCompressed = 512;
constexpr int kGzip = 15 + 16; ///< window of 32 KiB, with the gzip head
constexpr int kMemory = 8;

struct Asset {
    std::string_view bytes;
    std::string zipped;
    std::string type;
    std::string etag;
};

std::string typeOf(std::string_view name)
{
    static const std::map<std::string_view, std::string> types{
        {"css", "text/css; charset=utf-8"},
        {"js", "text/javascript; charset=utf-8"},
        {"svg", "image/svg+xml"},
    };
    const auto found = types.find(name.substr(name.rfind('.') + 1));
    return found == types.end() ? "application/octet-stream" : found->second;
}

const std::map<std::string, Asset, std::less<>>& assets()
{
    static const auto all = [] {
        std::map<std::string, Asset, std::less<>> result;
        for (const auto& file : web::files()) {
            if (file.name.starts_with(kFolder)) {
                result.emplace(file.name.substr(kFolder.size()),
                               Asset{file.bytes, gzip(file.bytes), typeOf(file.name),
                                     queue::api::tokenHash(file.bytes).substr(0, 16)});
            }
        }
        return result;
    }();
    return all;
}

const std::string& version()
{
    static const auto text = [] {
        std::string all;
        for (const auto& [name, asset] : assets()) {
            all += name + asset.etag;
        }
        return queue::api::tokenHash(all).substr(0, 12);
    }();
    return text;
}

bool acceptsGzip(const net::Request& request)
{
    const auto accepted = request.header("Accept-Encoding");
    const auto at = accepted.find("gzip");
    return at != std::string_view::npos && !accepted.substr(at).starts_with("gzip;q=0");
}

net::Response serve(const net::Request& request)
{
    const auto found = assets().find(request.param("name"));
    if (found == assets().end()) {
        return net::problem(404, "no-such-file", "there is no such file");
    }
    const auto& asset = found->second;
    const bool zipped = acceptsGzip(request) && asset.zipped.size() < asset.bytes.size();
    const auto etag = '"' + asset.etag + (zipped ? "-gz\"" : "\"");
    const bool known = net::matchesNone(request, etag);
    net::Response response{.status = known ? 304 : 200,
                           .contentType = asset.type,
                           .body = known ? std::string()
                                         : std::string(zipped ? asset.zipped : asset.bytes)};
    if (zipped && !known) {
        response.headers.set("Content-Encoding", "gzip");
    }
    if (request.param("name") == kPushWorker) {
        response.headers.set("Service-Worker-Allowed", "/t/"); // beyond its own folder
    }
    response.headers.set("ETag", etag);
    response.headers.set("Vary", "Accept-Encoding");
    response.headers.set("X-Content-Type-Options", "nosniff");
    response.headers.set("Cache-Control", request.param("version") == version()
                                              ? "public, max-age=31536000, immutable"
                                              : "no-store");
    return response;
}

} // namespace

std::string assetPath(std::string_view name)
{
    return "/web/" + version() + "/" + std::string(name);
}

void addAssets(net::Router& router)
{
    router.add("GET", "/web/{version}/{name}", serve);
}

void compress(const net::Request& request, net::Response& response)
{
    response.headers.set("Vary", "Accept-Encoding");
    if (acceptsGzip(request) && response.body.size() >= kLeastCompressed) {
        response.body = gzip(response.body);
        response.headers.set("Content-Encoding", "gzip");
    }
}

std::string gzip(std::string_view bytes)
{
    z_stream stream{};
    if (deflateInit2(&stream, 6, Z_DEFLATED, kGzip, kMemory, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::bad_alloc(); // its only cause with these arguments
    }
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data())); // zlib's old C API
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

} // namespace guichet::hub
