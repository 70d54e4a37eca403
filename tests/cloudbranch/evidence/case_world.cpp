// SPDX-License-Identifier: Apache-2.0
#include "tests/cloudbranch/evidence/case_world.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "peripherals/base/random.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::test {

using namespace evidence;
using namespace std::chrono_literals;

namespace {

using PemKey = UniqueHandle<EVP_PKEY*, EVP_PKEY_free>;
using Memory = UniqueHandle<BIO*, BIO_free_all>;

std::string textOf(const Memory& memory)
{
    char* text = nullptr;
    const auto length = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(length)};
}

} // namespace

KeyPair::KeyPair()
{
    const PemKey key(EVP_EC_gen("P-256"));
    const Memory secret(BIO_new(BIO_s_mem()));
    const Memory open(BIO_new(BIO_s_mem()));
    REQUIRE(PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                     nullptr) == 1);
    REQUIRE(PEM_write_bio_PUBKEY(open.get(), key.get()) == 1);
    privatePem = textOf(secret);
    publicPem = textOf(open);
}

CaseWorld::CaseWorld()
    : root(std::filesystem::temp_directory_path() / ("guichet-evidence-" + randomUuid()))
    , auditor(OpeningKey::fromPem(Secret<std::string>(std::string(bank.privatePem))).value())
    , signer(VerifyingKey::fromPem(terminal.publicPem).value())
{
    std::filesystem::create_directories(root);
}

CaseWorld::~CaseWorld()
{
    std::error_code ignored;
    std::filesystem::remove_all(root, ignored);
}

CaseSettings CaseWorld::settings() const
{
    return {.caseId = kCase,
            .terminal = "kiosk-7",
            .recipient = SealingKey::fromPem(bank.publicPem).value(),
            .signer =
                SigningKey::fromPem(Secret<std::string>(std::string(terminal.privatePem))).value()};
}

std::unique_ptr<CaseWriter> CaseWorld::open()
{
    auto wanted = settings();
    wanted.onHeads = [this](const std::string& text) {
        kept.push_back(parseManifest(text).value());
    };
    auto opened = CaseWriter::open(root, std::move(wanted), clock);
    REQUIRE(opened);
    return std::move(*opened);
}

void CaseWorld::record(int chunks, int attachments)
{
    const auto writer = open();
    auto* video = writer->openTrack("local-video", "video/x-matroska").value();
    auto* audio = writer->openTrack("remote-audio", "audio/x-matroska").value();
    REQUIRE(writer->log(R"({"event":"consent","text":"wealth-3"})"));
    for (int i = 0; i < chunks; ++i) {
        auto picture = pattern(kLargestContent);
        picture.front() = static_cast<std::byte>(i); // so that no two chunks are the same
        REQUIRE(video->write(picture));
        REQUIRE(audio->write(pattern(500)));
        clock.advance(3s);
        REQUIRE(writer->tick());
    }
    for (int i = 0; i < attachments; ++i) {
        auto picture = pattern(kLargestContent + 5000);
        picture.front() = static_cast<std::byte>(i);
        REQUIRE(writer->attach(R"({"event":"page","page":"review"})", "image/png", picture));
    }
    REQUIRE(writer->log(R"({"event":"signed","form":"wealth-buy"})"));
    REQUIRE(writer->close());
}

CaseReport CaseWorld::check() const
{
    auto report = checkCase(folder(), {.key = &auditor, .signer = &signer, .kept = kept});
    REQUIRE(report);
    return std::move(*report);
}

CaseReport CaseWorld::checkWithoutKeys() const
{
    auto report = checkCase(folder(), {});
    REQUIRE(report);
    return std::move(*report);
}

Bytes readFile(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    REQUIRE(in);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto bytes = asBytes(text);
    return {bytes.begin(), bytes.end()};
}

void writeFile(const std::filesystem::path& file, ByteView bytes)
{
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << asText(bytes);
    REQUIRE(out.flush());
}

std::vector<Bytes> piecesOf(const std::filesystem::path& track)
{
    const auto file = readFile(track);
    ByteView rest(file);
    std::vector<Bytes> pieces;
    const auto cut = [&](std::size_t size) {
        pieces.emplace_back(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(size));
        rest = rest.subspan(size);
    };
    cut(headerSize(rest).value());
    while (!rest.empty()) {
        cut(parseChunk(rest).value().head.size());
    }
    return pieces;
}

Bytes joined(const std::vector<Bytes>& pieces)
{
    Bytes whole;
    for (const auto& piece : pieces) {
        whole.insert(whole.end(), piece.begin(), piece.end());
    }
    return whole;
}

std::string contentOf(const std::filesystem::path& track, const OpeningKey& key)
{
    std::string content;
    const auto source = openSource(track);
    REQUIRE(source);
    REQUIRE(checkTrack(*source, {.key = &key, .onContent = [&](const ChunkHead&, ByteView part) {
                                     content += asText(part);
                                     return Result<void>();
                                 }}));
    return content;
}

TrackReport reportOf(const CaseReport& report, const std::string& track)
{
    const auto found = std::find_if(report.tracks.begin(), report.tracks.end(),
                                    [&](const auto& one) { return one.track == track; });
    REQUIRE(found != report.tracks.end());
    return *found;
}

Bytes pattern(std::size_t count)
{
    Bytes bytes(count);
    for (std::size_t i = 0; i < count; ++i) {
        bytes[i] = static_cast<std::byte>(i * 31 + i / 251);
    }
    return bytes;
}

} // namespace guichet::test
