// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/passive_authentication.h"

#include <fstream>

#include <catch2/catch.hpp>

#include "drivers/mrtd/country_codes.h"
#include "drivers/mrtd/security_object.h"
#include "tests/drivers/mrtd/passport_channel.h"

using namespace guichet;
using namespace guichet::mrtd;
using guichet::virtualdevices::Passport;
using guichet::virtualdevices::PassportFault;
using guichet::virtualdevices::PassportIssuer;
using guichet::virtualdevices::PassportProfile;
using test::PassportChannel;
using test::printedKey;

namespace {

Document documentOf(const PassportIssuer& issuer, PassportFault fault = PassportFault::None)
{
    Passport passport({}, issuer, fault);
    PassportChannel channel(passport);
    auto document = MrtdReader(channel).read(printedKey());
    if (!document) {
        FAIL(document.error().detail);
    }
    return std::move(*document);
}

CountrySigners trustIn(const PassportIssuer& issuer)
{
    CountrySigners signers;
    REQUIRE(signers.addCertificate(issuer.countryCertificate()));
    return signers;
}

/// The document's EF.SOD with one byte of what `find` shows turned.
Bytes turnedInside(const Document& document, ByteView find)
{
    auto file = document.securityObject.reveal();
    const auto place = std::search(file.begin(), file.end(), find.begin(), find.end());
    REQUIRE(place != file.end());
    *place ^= std::byte{1};
    return file;
}

class TemporaryFolder {
public:
    TemporaryFolder()
    {
        std::string pattern = std::filesystem::temp_directory_path() / "guichet-mrtd-XXXXXX";
        REQUIRE(mkdtemp(pattern.data()) != nullptr);
        m_path = pattern;
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() { std::filesystem::remove_all(m_path); }

    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

void write(const std::filesystem::path& path, ByteView bytes)
{
    std::ofstream(path, std::ios::binary) << asText(bytes);
}

} // namespace

TEST_CASE("mrtd: what a trusted state signed passes every check")
{
    const PassportIssuer::Options options =
        GENERATE(PassportIssuer::Options{}, PassportIssuer::Options{.explicitCurve = true},
                 PassportIssuer::Options{.rsa = true});
    const PassportIssuer utopia(options);
    const auto document = documentOf(utopia);
    const auto result = authenticate(filesOf(document), trustIn(utopia));
    INFO(result.signature.reason << "; " << result.chain.reason << "; " << result.country.reason);
    CHECK(result.signature.verdict == Verdict::Passed);
    CHECK(result.chain.verdict == Verdict::Passed);
    CHECK(result.country.verdict == Verdict::Passed);
    REQUIRE(result.hashes.size() == 3);
    for (const auto& [number, check] : result.hashes) {
        INFO(number);
        CHECK(check.verdict == Verdict::Passed);
    }
}

TEST_CASE("mrtd: a group that was changed is the one that fails")
{
    const PassportIssuer utopia;
    const auto document = documentOf(utopia, PassportFault::WrongHash);
    const auto result = authenticate(filesOf(document), trustIn(utopia));
    CHECK(result.signature.verdict == Verdict::Passed);
    CHECK(result.hashes.at(1).verdict == Verdict::Failed);
    CHECK(result.hashes.at(2).verdict == Verdict::Passed);
}

TEST_CASE("mrtd: a group that nobody signed for fails, one that was not read is not checked")
{
    const PassportIssuer utopia;
    const auto document = documentOf(utopia);
    auto files = filesOf(document);
    files.groups[14] = files.groups[1];
    files.groups.erase(2);
    const auto result = authenticate(files, trustIn(utopia));
    CHECK(result.hashes.at(14).verdict == Verdict::Failed);
    CHECK(result.hashes.at(2).verdict == Verdict::NotChecked);
}

TEST_CASE("mrtd: a list that was changed after it was signed fails")
{
    const PassportIssuer utopia;
    const auto document = documentOf(utopia);
    const auto object = parseSecurityObject(document.securityObject.reveal());
    REQUIRE(object);
    const auto file = turnedInside(document, object->hashes.at(2));
    auto files = filesOf(document);
    files.securityObject = file;
    const auto result = authenticate(files, trustIn(utopia));
    CHECK(result.signature.verdict == Verdict::Failed);
    CHECK(result.hashes.at(2).verdict == Verdict::Failed);
}

TEST_CASE("mrtd: without the country's certificate the chain is not checked, never forged")
{
    const PassportIssuer utopia, other({.country = "XY"});
    const auto document = documentOf(utopia);
    const auto trusted = GENERATE(false, true);
    const auto result =
        authenticate(filesOf(document), trusted ? trustIn(other) : CountrySigners());
    CHECK(result.signature.verdict == Verdict::Passed);
    CHECK(result.chain.verdict == Verdict::NotChecked);
    CHECK(result.chain.reason.find("UT") != std::string::npos);
    CHECK(result.country.verdict == Verdict::NotChecked);
}

TEST_CASE("mrtd: another key under the country's name does not vouch for its documents")
{
    const PassportIssuer utopia, impostor;
    const auto document = documentOf(impostor);
    const auto result = authenticate(filesOf(document), trustIn(utopia));
    CHECK(result.signature.verdict == Verdict::Passed);
    CHECK(result.chain.verdict != Verdict::Passed);
}

TEST_CASE("mrtd: one country cannot sign for another")
{
    const PassportIssuer other({.country = "FR"});
    const auto document = documentOf(other);
    const auto result = authenticate(filesOf(document), trustIn(other));
    CHECK(result.chain.verdict == Verdict::Passed);
    CHECK(result.country.verdict == Verdict::Failed);
    CHECK(result.country.reason.find("FR") != std::string::npos);
}

TEST_CASE("mrtd: a country certificate that had ended when the document was signed fails")
{
    const PassportIssuer late({.expired = true});
    const auto document = documentOf(late);
    const auto result = authenticate(filesOf(document), trustIn(late));
    CHECK(result.signature.verdict == Verdict::Passed);
    CHECK(result.chain.verdict == Verdict::Failed);
    CHECK(result.chain.reason.find("country's certificate") != std::string::npos);
}

TEST_CASE("mrtd: a document signer that its country withdrew fails, by a list of that country only")
{
    const PassportIssuer utopia, impostor;
    const auto document = documentOf(utopia);
    auto signers = trustIn(utopia);
    REQUIRE(signers.addRevocationList(utopia.revocationList(false)));
    CHECK(authenticate(filesOf(document), signers).chain.verdict == Verdict::Passed);

    CHECK(signers.addRevocationList(impostor.revocationList(true)).error().code == Errc::Denied);
    CHECK(authenticate(filesOf(document), signers).chain.verdict == Verdict::Passed);

    auto warned = trustIn(utopia);
    REQUIRE(warned.addRevocationList(utopia.revocationList(true)));
    const auto result = authenticate(filesOf(document), warned);
    CHECK(result.chain.verdict == Verdict::Failed);
    CHECK(result.chain.reason.find("withdrawn") != std::string::npos);
    CHECK(warned.addRevocationList(*fromHex("3000")).error().code == Errc::Invalid);
}

TEST_CASE("mrtd: with another key's curve in its place a signature does not pass")
{
    const PassportIssuer utopia({.explicitCurve = true});
    const auto document = documentOf(utopia);
    // The order of P-256 in the signer's certificate: the curve that is spelled out is none.
    const auto order = *fromHex("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
    const auto file = turnedInside(document, order);
    auto files = filesOf(document);
    files.securityObject = file;
    const auto result = authenticate(files, trustIn(utopia));
    CHECK((result.signature.verdict != Verdict::Passed || result.chain.verdict != Verdict::Passed));
}

TEST_CASE("mrtd: a chip without a security object leaves everything unchecked")
{
    const auto document = documentOf(PassportIssuer());
    auto files = filesOf(document);
    files.securityObject = {};
    const auto result = authenticate(files, CountrySigners());
    CHECK(result.signature.verdict == Verdict::NotChecked);
    CHECK(result.hashes.at(1).verdict == Verdict::NotChecked);
}

TEST_CASE("mrtd: a security object that is none fails")
{
    const auto document = documentOf(PassportIssuer());
    const auto* text = GENERATE("77", "7700", "77023000", "3000", "7703020101");
    const auto bytes = *fromHex(text);
    auto files = filesOf(document);
    files.securityObject = bytes;
    const auto result = authenticate(files, CountrySigners());
    CHECK(result.signature.verdict == Verdict::Failed);
    CHECK(result.hashes.at(1).verdict == Verdict::NotChecked);
}

TEST_CASE("mrtd: trusted certificates come from a folder, and what is none is named")
{
    const PassportIssuer utopia, other({.country = "FR"}), third({.country = "DE"});
    const TemporaryFolder folder;
    write(folder.path() / "utopia.der", utopia.countryCertificate());
    const auto pem = "-----BEGIN CERTIFICATE-----\n" + toBase64(other.countryCertificate()) +
                     "\n-----END CERTIFICATE-----\n";
    write(folder.path() / "other.pem", asBytes(pem));
    write(folder.path() / "broken.crt", asBytes(std::string_view("not a certificate")));
    write(folder.path() / "README.txt", asBytes(std::string_view("passed over")));
    write(folder.path() / "list.ml", utopia.masterList({third.countryCertificate()}));
    const auto signers = CountrySigners::load(folder.path());
    REQUIRE(signers);
    CHECK(signers->count() == 3);
    REQUIRE(signers->refused().size() == 1);
    CHECK(signers->refused()[0].starts_with("broken.crt: "));
    const auto document = documentOf(third);
    CHECK(authenticate(filesOf(document), *signers).chain.verdict == Verdict::Passed);
    CHECK(CountrySigners::load(folder.path() / "missing").error().code == Errc::NotFound);
}

TEST_CASE("mrtd: a master list counts only where its signer is vouched for")
{
    const PassportIssuer utopia, third({.country = "DE"});
    const auto list = utopia.masterList({utopia.countryCertificate(), third.countryCertificate()});
    CountrySigners signers;
    CHECK(signers.addMasterList(list).error().code == Errc::Denied);
    CHECK(signers.count() == 0);
    REQUIRE(signers.addCertificate(utopia.countryCertificate()));
    CHECK(signers.addMasterList(list) == 2U);

    auto changed = list;
    const auto place = third.countryCertificate();
    const auto found = std::search(changed.begin(), changed.end(), place.begin(), place.end());
    REQUIRE(found != changed.end());
    *(found + 60) ^= std::byte{1};
    CHECK(signers.addMasterList(changed).error().code == Errc::Denied);
    CHECK(signers.addMasterList(*fromHex("3000")).error().code == Errc::Invalid);
}

TEST_CASE("mrtd: states are told by three letters")
{
    CHECK(countryOfState("FRA") == "FR");
    CHECK(countryOfState("D<<") == "DE");
    CHECK(countryOfState("GBN") == "GB");
    CHECK(countryOfState("ZWE") == "ZW");
    CHECK(countryOfState("CHN") == "CN");
    CHECK_FALSE(countryOfState("XXA")); // stateless
    CHECK_FALSE(countryOfState("RAA"));
    CHECK_FALSE(countryOfState(""));
}
