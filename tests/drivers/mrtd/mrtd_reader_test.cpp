// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/mrtd_reader.h"

#include <catch2/catch.hpp>

#include "tests/drivers/mrtd/passport_channel.h"

using namespace guichet;
using namespace guichet::mrtd;
using guichet::virtualdevices::Passport;
using guichet::virtualdevices::PassportFault;
using guichet::virtualdevices::PassportIssuer;
using guichet::virtualdevices::PassportProfile;
using guichet::virtualdevices::passport::Suite;
using test::canKey;
using test::PassportChannel;
using test::printedKey;

namespace {

const PassportIssuer& utopia()
{
    static const PassportIssuer issuer;
    return issuer;
}

PassportProfile withPace(unsigned curve = 13, Suite suite = Suite::Aes128)
{
    return {.paceCurve = curve, .paceSuite = suite};
}

Result<Document> readOf(Passport& passport, const AccessKey& key = printedKey(),
                        ReadOptions options = {})
{
    PassportChannel channel(passport);
    return MrtdReader(channel, std::move(options)).read(key);
}

Document mustRead(Passport& passport, const AccessKey& key = printedKey(), ReadOptions options = {})
{
    auto document = readOf(passport, key, std::move(options));
    if (!document) {
        FAIL(document.error().detail);
    }
    return std::move(*document);
}

} // namespace

TEST_CASE("mrtd: a passport with basic access control is read whole")
{
    Passport passport({}, utopia());
    const auto document = mustRead(passport);
    CHECK(document.access == AccessBy::Bac);
    CHECK(document.mrz.reveal() == passport.profile().mrz);
    REQUIRE(document.picture);
    CHECK(document.picture->format == PictureFormat::Jpeg);
    CHECK(document.picture->bytes.reveal().size() == 15'000);
    REQUIRE(document.details);
    CHECK(document.details->fullName.reveal() == "ERIKSSON<<ANNA MARIA");
    CHECK(document.common.groups == std::vector{1, 2, 11});
    CHECK_FALSE(document.securityObject.empty());
    CHECK(document.notRead.empty());
    CHECK(document.chipAuthentication.verdict == Verdict::NotChecked);
    CHECK(document.activeAuthentication.verdict == Verdict::NotChecked);
}

TEST_CASE("mrtd: a passport with PACE is read on each curve and with each cipher")
{
    const auto curve = GENERATE(12U, 13U, 15U, 17U, 18U);
    const auto suite = GENERATE(Suite::TripleDes, Suite::Aes128, Suite::Aes192, Suite::Aes256);
    auto profile = withPace(curve, suite);
    profile.bac = false;
    Passport passport(profile, utopia());
    const auto document = mustRead(passport);
    CHECK(document.access == AccessBy::Pace);
    CHECK(document.mrz.reveal() == passport.profile().mrz);
}

TEST_CASE("mrtd: a card access number opens a chip with PACE")
{
    Passport passport(withPace(), utopia());
    CHECK(mustRead(passport, canKey("123456")).access == AccessBy::Pace);
    const auto wrong = readOf(passport, canKey("654321"));
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().code == Errc::Denied);
    CHECK(wrong.error().remedy == Remedy::Retry);
}

TEST_CASE("mrtd: a card access number alone does not open a chip without PACE")
{
    Passport passport({}, utopia());
    const auto document = readOf(passport, canKey("123456"));
    REQUIRE_FALSE(document);
    CHECK(document.error().code == Errc::Unsupported);
}

TEST_CASE("mrtd: keys that none can be are refused before the chip is asked for")
{
    Passport passport({}, utopia());
    const auto key = GENERATE("", "12345", "1234567", "12345A");
    const auto document = readOf(passport, canKey(key));
    REQUIRE_FALSE(document);
    CHECK(document.error().code == Errc::Invalid);
}

TEST_CASE("mrtd: a zone read wrongly opens nothing, and PACE that fails is not followed by BAC")
{
    const auto pace = GENERATE(false, true);
    Passport passport(pace ? withPace() : PassportProfile{}, utopia());
    auto key = printedKey();
    key.mrz->birthDate = Secret(std::string("740813"));
    PassportChannel channel(passport);
    const auto document = MrtdReader(channel).read(key);
    REQUIRE_FALSE(document);
    CHECK(document.error().code == Errc::Denied);
    CHECK(document.error().remedy == Remedy::Retry);
    CHECK((document.error().detail.find("PACE") != std::string::npos) == pace);
}

TEST_CASE("mrtd: a chip that does not know the PACE that it offers is opened with BAC")
{
    Passport passport(withPace(), utopia(), PassportFault::LateAlgorithm);
    CHECK(mustRead(passport).access == AccessBy::Bac);
}

TEST_CASE("mrtd: a better way in that somebody hid is found out")
{
    Passport honest(withPace(), utopia()), hidden(withPace(), utopia(), PassportFault::HiddenPace),
        plain({}, utopia());
    CHECK(mustRead(honest).accessOffer.verdict == Verdict::Passed);
    const auto document = mustRead(hidden);
    CHECK(document.access == AccessBy::Bac);
    CHECK(document.accessOffer.verdict == Verdict::Failed);
    CHECK(mustRead(plain).accessOffer.verdict == Verdict::NotChecked);
}

TEST_CASE("mrtd: chips that refuse a length where nothing comes back are read")
{
    auto profile = withPace();
    profile.strictLengths = true;
    Passport passport(profile, utopia());
    CHECK_FALSE(mustRead(passport).mrz.empty());
}

TEST_CASE("mrtd: an identity card of three lines is read")
{
    PassportProfile profile;
    profile.mrz = "I<UTOD231458907<<<<<<<<<<<<<<<"
                  "7408122F3204153UTO<<<<<<<<<<<2"
                  "ERIKSSON<<ANNA<MARIA<<<<<<<<<<";
    Passport passport(profile, utopia());
    auto key = printedKey();
    key.mrz->documentNumber = Secret(std::string("D23145890"));
    CHECK(mustRead(passport, key).mrz.reveal() == profile.mrz);
}

TEST_CASE("mrtd: a chip that gives more at once is asked for more at once")
{
    Passport slow({}, utopia());
    PassportProfile profile;
    profile.extended = true;
    Passport fast(profile, utopia());
    PassportChannel one(slow), other(fast);
    REQUIRE(MrtdReader(one).read(printedKey()));
    REQUIRE(MrtdReader(other).read(printedKey()));
    CHECK(one.longestAnswer() <= 258);
    CHECK(other.longestAnswer() > 3'000);
    CHECK(other.commands() * 2 < one.commands());
}

TEST_CASE("mrtd: a picture beyond 32 KiB is read to its end")
{
    PassportProfile profile;
    profile.picture = Bytes(50'000, std::byte{0x42});
    profile.picture[0] = std::byte{0xFF};
    profile.picture[1] = std::byte{0xD8};
    profile.picture[2] = std::byte{0xFF};
    profile.extended = GENERATE(false, true);
    Passport passport(profile, utopia());
    const auto document = mustRead(passport);
    REQUIRE(document.picture);
    CHECK(document.picture->bytes.reveal() == profile.picture);
}

TEST_CASE("mrtd: progress is told for each file, to its end")
{
    Passport passport({}, utopia());
    std::map<std::string, std::pair<std::size_t, std::size_t>> last;
    ReadOptions options;
    options.progress = [&last](std::string_view file, std::size_t done, std::size_t total) {
        auto& state = last[std::string(file)];
        CHECK(done > state.first);
        state = {done, total};
    };
    (void)mustRead(passport, printedKey(), std::move(options));
    CHECK(last.size() == 5);
    for (const auto& [file, state] : last) {
        INFO(file);
        CHECK(state.first == state.second);
    }
}

TEST_CASE("mrtd: a picture in no known format is said to be missing, and the rest is read")
{
    PassportProfile profile;
    profile.picture = Bytes(100, std::byte{0x42});
    Passport passport(profile, utopia());
    const auto document = mustRead(passport);
    CHECK_FALSE(document.picture);
    CHECK(document.notRead.at(2).find("JPEG") != std::string::npos);
    CHECK(document.groups.contains(2)); // its hash can be checked all the same
    CHECK(document.details);
}

TEST_CASE("mrtd: without the common file the signed list says what is there")
{
    Passport passport({.chipAuthentication = true}, utopia(), PassportFault::NoCommonFile);
    const auto document = mustRead(passport);
    CHECK(document.common.groups.empty());
    CHECK(document.groups.size() == 4);
    CHECK(document.chipAuthentication.verdict == Verdict::Passed);
}

TEST_CASE("mrtd: only the groups that are asked for are read")
{
    Passport passport({}, utopia());
    ReadOptions options;
    options.groups = {1};
    const auto document = mustRead(passport, printedKey(), std::move(options));
    CHECK_FALSE(document.picture);
    CHECK(document.groups.size() == 1);
}

TEST_CASE("mrtd: a document torn out before any command asks to be put in again")
{
    const auto pace = GENERATE(false, true);
    auto profile = pace ? withPace() : PassportProfile{};
    profile.picture = {std::byte{0xFF}, std::byte{0xD8}, std::byte{0xFF}};
    profile.chipAuthentication = true;
    profile.activeAuthentication = PassportProfile::Active::Ecdsa;
    Passport passport(profile, utopia());
    PassportChannel whole(passport);
    REQUIRE(MrtdReader(whole).read(printedKey()));
    for (std::size_t command = 0; command < whole.commands(); ++command) {
        INFO(command);
        PassportChannel channel(passport);
        channel.tearBefore(command);
        const auto document = MrtdReader(channel).read(printedKey());
        REQUIRE_FALSE(document);
        CHECK(document.error().code == Errc::Disconnected);
        CHECK(document.error().remedy == Remedy::ReinsertCard);
    }
}

TEST_CASE("mrtd: hostile chips end in a clear error")
{
    struct Sample {
        PassportFault fault;
        Errc code;
    };
    const auto sample = GENERATE(Sample{PassportFault::WrongSeal, Errc::Denied},
                                 Sample{PassportFault::EndlessAnswer, Errc::Protocol},
                                 Sample{PassportFault::LyingLength, Errc::Protocol},
                                 Sample{PassportFault::HugePicture, Errc::Unsupported});
    Passport passport({}, utopia(), sample.fault);
    PassportChannel channel(passport);
    const auto document = MrtdReader(channel).read(printedKey());
    REQUIRE_FALSE(document);
    CHECK(document.error().code == sample.code);
    CHECK(document.error().remedy != Remedy::None);
    CHECK(channel.commands() < 200);
    CHECK(document.error().detail.find("ERIKSSON") == std::string::npos);
}

TEST_CASE("mrtd: reading ends where it is cancelled")
{
    Passport passport({}, utopia());
    std::stop_source source;
    ReadOptions options;
    options.stop = source.get_token();
    options.progress = [&source](std::string_view file, std::size_t, std::size_t) {
        if (file == "DG2") {
            source.request_stop();
        }
    };
    const auto document = readOf(passport, printedKey(), std::move(options));
    REQUIRE_FALSE(document);
    CHECK(document.error().code == Errc::Cancelled);
}

TEST_CASE("mrtd: chips prove that they are no copies")
{
    PassportProfile profile;
    profile.chipAuthentication = true;
    profile.chipSuite = GENERATE(Suite::TripleDes, Suite::Aes128, Suite::Aes256);
    profile.activeAuthentication =
        GENERATE(PassportProfile::Active::Rsa, PassportProfile::Active::Ecdsa);
    Passport passport(profile, utopia());
    const auto document = mustRead(passport);
    INFO(document.activeAuthentication.reason);
    INFO(document.chipAuthentication.reason);
    CHECK(document.activeAuthentication.verdict == Verdict::Passed);
    CHECK(document.chipAuthentication.verdict == Verdict::Passed);
}

TEST_CASE("mrtd: chips whose keys are spelled out or are no points prove themselves too")
{
    PassportProfile profile;
    profile.chipAuthentication = true;
    profile.chipByPrime = GENERATE(false, true);
    profile.chipSuite = GENERATE(Suite::TripleDes, Suite::Aes192);
    profile.explicitCurve = true;
    profile.activeAuthentication = PassportProfile::Active::Ecdsa;
    Passport passport(profile, utopia());
    const auto document = mustRead(passport);
    INFO(document.activeAuthentication.reason);
    INFO(document.chipAuthentication.reason);
    CHECK(document.activeAuthentication.verdict == Verdict::Passed);
    CHECK(document.chipAuthentication.verdict == Verdict::Passed);
}

TEST_CASE("mrtd: a copy without the chip's keys is found out")
{
    PassportProfile profile;
    profile.chipAuthentication = true;
    profile.chipSuite = GENERATE(Suite::TripleDes, Suite::Aes128);
    profile.activeAuthentication =
        GENERATE(PassportProfile::Active::Rsa, PassportProfile::Active::Ecdsa);
    Passport passport(profile, utopia(), PassportFault::Clone);
    const auto document = mustRead(passport);
    CHECK(document.activeAuthentication.verdict == Verdict::Failed);
    CHECK(document.chipAuthentication.verdict == Verdict::Failed);
}
