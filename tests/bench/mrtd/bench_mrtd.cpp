// SPDX-License-Identifier: Apache-2.0
// What the driver itself costs: a virtual passport in the same process answers at once. One line of
// JSON per figure: {"name","p50_ms","p99_ms","count"}. usage: bench_mrtd [ROUNDS]
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>

#include "drivers/mrtd/pace.h"
#include "drivers/mrtd/passive_authentication.h"
#include "tests/drivers/mrtd/passport_channel.h"

using namespace guichet;
using namespace guichet::mrtd;
using guichet::test::PassportChannel;
using guichet::test::printedKey;
using guichet::virtualdevices::Passport;
using guichet::virtualdevices::PassportIssuer;
using guichet::virtualdevices::PassportProfile;

namespace {

void require(bool held, std::string_view what)
{
    if (!held) {
        fmt::print(stderr, "bench_mrtd: {} failed\n", what);
        std::exit(1);
    }
}

template <typename Work> void measure(std::string_view name, int rounds, Work work)
{
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round) {
        const auto start = std::chrono::steady_clock::now();
        require(work(), name);
        times.push_back(
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
                .count());
    }
    std::ranges::sort(times);
    fmt::print("{{\"name\":\"{}\",\"p50_ms\":{:.3f},\"p99_ms\":{:.3f},\"count\":{}}}\n", name,
               times[times.size() / 2], times[times.size() * 99 / 100], times.size());
}

bool reads(Passport& passport, std::vector<int> groups)
{
    PassportChannel channel(passport);
    ReadOptions options;
    options.groups = std::move(groups);
    return MrtdReader(channel, std::move(options)).read(printedKey()).has_value();
}

bool agrees(Passport& passport, const PaceInfo& info)
{
    PassportChannel channel(passport);
    CardLink link(channel, std::chrono::seconds(1));
    auto password = passwordOf(*printedKey().mrz);
    return password &&
           openWithPace(link, info, {PasswordKind::Mrz, std::move(*password)}, randomBytes)
               .has_value();
}

} // namespace

int main(int count, char** arguments)
{
    const int rounds = count > 1 ? std::max(1, std::atoi(arguments[1])) : 100;
    const PassportIssuer issuer;

    Passport bac({}, issuer);
    measure("passport: BAC, DG1 and DG2 of 15 kB", rounds, [&bac] { return reads(bac, {1, 2}); });

    struct Curve {
        unsigned parameterId;
        std::string_view name;
    };
    for (const auto& curve :
         {Curve{12, "P-256"}, Curve{13, "brainpoolP256r1"}, Curve{17, "brainpoolP512r1"}}) {
        PassportProfile profile;
        profile.paceCurve = curve.parameterId;
        Passport passport(profile, issuer);
        const PaceInfo info{*fromHex("04007F00070202040202"), PaceInfo::Agreement::Ecdh,
                            PaceInfo::Mapping::Generic, Cipher::Aes128, curve.parameterId};
        measure(fmt::format("passport: PACE on {}", curve.name), rounds,
                [&] { return agrees(passport, info); });
    }

    PassportChannel channel(bac);
    const auto document = MrtdReader(channel).read(printedKey());
    require(document.has_value(), "reading");
    CountrySigners signers;
    require(signers.addCertificate(issuer.countryCertificate()).has_value(), "trust");
    measure("passport: passive authentication", rounds, [&] {
        return authenticate(filesOf(*document), signers).chain.verdict == Verdict::Passed;
    });
    return 0;
}
