// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/passive_authentication.h"

#include "drivers/mrtd/certificates.h"
#include "drivers/mrtd/ciphers.h"
#include "drivers/mrtd/cms_message.h"
#include "drivers/mrtd/country_codes.h"
#include "drivers/mrtd/security_object.h"

namespace guichet::mrtd {
namespace {

constexpr std::size_t kStateAt = 2, kStateSize = 3; ///< in the zone of every format

std::map<int, Check> compareHashes(const SecurityObject& object,
                                   const std::map<int, ByteView>& groups)
{
    std::map<int, Check> checks;
    for (const auto& entry : object.hashes) {
        checks[entry.first] = notChecked("listed, but not read");
    }
    for (const auto& [number, file] : groups) {
        const auto listed = object.hashes.find(number);
        if (listed == object.hashes.end()) {
            checks[number] = failed("was read, but nobody signed for it");
            continue;
        }
        const auto hash = digestOf(object.algorithm, file);
        checks[number] = hash && *hash == listed->second ? passed("is what was signed")
                                                         : failed("is not what was signed");
    }
    return checks;
}

Check compareCountries(const std::string& signer, const std::string& root, std::string_view state)
{
    if (signer != root) {
        return failed("certified by " + root + " for a document signer of " + signer);
    }
    const auto expected = countryOfState(state);
    if (!expected) {
        return notChecked("the issuing state of the zone has no country code");
    }
    return *expected == signer
               ? passed("signer and zone are of " + signer)
               : failed("the zone says " + std::string(*expected) + ", the signer is of " + signer);
}

} // namespace

SignedFiles filesOf(const Document& document)
{
    SignedFiles files{document.securityObject.reveal(), {}, {}};
    for (const auto& entry : document.groups) {
        files.groups.emplace(entry.first, entry.second.reveal());
    }
    const std::string_view mrz = document.mrz.reveal();
    if (mrz.size() >= kStateAt + kStateSize) {
        files.issuingState = mrz.substr(kStateAt, kStateSize);
    }
    return files;
}

PassiveAuthentication authenticate(const SignedFiles& files, const CountrySigners& signers)
{
    PassiveAuthentication result;
    const auto say = [&result, &files](const Check& check) {
        result.signature = check;
        result.chain = result.country = notChecked("there is no signature to follow");
        for (const auto& entry : files.groups) {
            result.hashes[entry.first] = notChecked("there is no list to compare with");
        }
    };
    if (files.securityObject.empty()) {
        say(notChecked("the chip has no EF.SOD"));
        return result;
    }
    const auto object = parseSecurityObject(files.securityObject);
    if (!object) {
        say(object.error().code == Errc::Unsupported ? notChecked(object.error().detail)
                                                     : failed(object.error().detail));
        return result;
    }
    result.hashes = compareHashes(*object, files.groups);

    const auto bytes = messageOf(files.securityObject);
    const auto message = parseMessage(*bytes);
    const auto signedBy = verifySignature(message.get());
    result.signature = signedBy.signature;
    if (signedBy.signer == nullptr || !signedBy.time) {
        result.chain = result.country = notChecked("there is no signer to ask about");
        return result;
    }
    const auto chain = verifyChain(signers.store(), signedBy.signer, *signedBy.time);
    result.chain = chain.check;
    result.country =
        chain.check.verdict == Verdict::Passed
            ? compareCountries(countryOf(signedBy.signer), chain.rootCountry, files.issuingState)
            : notChecked("the signer's country is not proved");
    return result;
}

} // namespace guichet::mrtd
