// SPDX-License-Identifier: Apache-2.0
// usage: bench_evidence FOLDER    A track of 256 MiB in buffers of 8 KiB, 200 log entries, and a
// check of all with the key.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "cloudbranch/evidence/case_check.h"
#include "cloudbranch/evidence/case_writer.h"
#include "peripherals/base/random.h"

using namespace guichet;
using namespace guichet::evidence;

namespace {

constexpr std::size_t kBuffer = 8 * 1024;
constexpr std::size_t kBuffers = 32 * 1024;
constexpr int kEntries = 200;

double since(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::string pemOf(EVP_PKEY* key, bool secret)
{
    BIO* memory = BIO_new(BIO_s_mem());
    if (secret) {
        PEM_write_bio_PrivateKey(memory, key, nullptr, nullptr, 0, nullptr, nullptr);
    } else {
        PEM_write_bio_PUBKEY(memory, key);
    }
    char* text = nullptr;
    const auto length = BIO_get_mem_data(memory, &text);
    std::string pem(text, static_cast<std::size_t>(length));
    BIO_free_all(memory);
    return pem;
}

Result<void> run(const std::filesystem::path& folder)
{
    EVP_PKEY* pair = EVP_EC_gen("P-256");
    const auto auditor = OpeningKey::fromPem(Secret<std::string>(pemOf(pair, true))).value();
    const SystemClock clock;
    auto writer = CaseWriter::open(folder,
                                   {.caseId = "bench",
                                    .terminal = "bench",
                                    .recipient = SealingKey::fromPem(pemOf(pair, false)).value()},
                                   clock);
    EVP_PKEY_free(pair);
    if (!writer) {
        return tl::unexpected(writer.error());
    }
    auto* track = (*writer)->openTrack("local-video", "video/x-matroska").value();

    const auto buffer = randomBytes(kBuffer);
    std::vector<double> writes;
    writes.reserve(kBuffers);
    auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < kBuffers; ++i) {
        const auto before = std::chrono::steady_clock::now();
        if (auto written = track->write(buffer); !written) {
            return written;
        }
        writes.push_back(since(before) * 1000);
    }
    const auto writing = since(start);
    std::vector<double> entries;
    for (int i = 0; i < kEntries; ++i) {
        const auto before = std::chrono::steady_clock::now();
        if (auto logged = (*writer)->log(R"({"event":"approved","by":"seat-3"})"); !logged) {
            return logged;
        }
        entries.push_back(since(before) * 1000);
    }
    if (auto closed = (*writer)->close(); !closed) {
        return closed;
    }
    start = std::chrono::steady_clock::now();
    const auto report = checkCase(folder / "bench", {.key = &auditor});
    const auto checking = since(start);
    if (!report || report->verdict() != Verdict::Whole) {
        return fail(Errc::Internal, "the case that was written is not whole");
    }
    std::ranges::sort(writes);
    std::ranges::sort(entries);
    constexpr double kMegabytes = kBuffer * kBuffers / 1e6;
    fmt::print("{{\"writeMBs\":{:.0f},\"writeP99Ms\":{:.2f},"
               "\"logMedianMs\":{:.3f},\"logP99Ms\":{:.2f},\"checkMBs\":{:.0f}}}\n",
               kMegabytes / writing, writes[kBuffers * 99 / 100], entries[kEntries / 2],
               entries[kEntries * 99 / 100], kMegabytes / checking);
    return {};
}

} // namespace

int main(int argc, char* argv[])
{
    if (argc != 2) {
        fmt::print(stderr, "usage: bench_evidence FOLDER\n");
        return 2;
    }
    const auto done = run(argv[1]);
    if (!done) {
        fmt::print(stderr, "bench_evidence: {}\n", done.error().detail);
        return 1;
    }
    return 0;
}
