// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/seal.h"

#include <array>
#include <cstdio>
#include <filesystem>

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "peripherals/base/random.h"

using namespace guichet;
using namespace guichet::host;

namespace {

/// Node's own cryptography as the bank: it shares no code with ours.
std::string openAsBank(const std::filesystem::path& privateKey, const std::string& sealed)
{
    const std::string script = R"(
const c=require('crypto'),fs=require('fs');
const [h,e,iv,ct,tag]=process.argv[2].split('.');const b=s=>Buffer.from(s,'base64url');
const head=JSON.parse(b(h));
if(head.alg!=='ECDH-ES'||head.enc!=='A256GCM'||e!=='')process.exit(3);
const z=c.diffieHellman({privateKey:c.createPrivateKey(fs.readFileSync(process.argv[1])),
 publicKey:c.createPublicKey({key:head.epk,format:'jwk'})});
const u=n=>{const x=Buffer.alloc(4);x.writeUInt32BE(n);return x};
const key=c.createHash('sha256').update(Buffer.concat([u(1),z,u(7),Buffer.from('A256GCM'),u(0),u(0),u(256)])).digest();
const d=c.createDecipheriv('aes-256-gcm',key,b(iv));d.setAAD(Buffer.from(h));d.setAuthTag(b(tag));
process.stdout.write(Buffer.concat([d.update(b(ct)),d.final()]));)";
    const std::string command =
        "node -e \"" + script + "\" " + privateKey.string() + " '" + sealed + "'";
    std::FILE* pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::array<char, 4096> buffer{};
    const auto count = std::fread(buffer.data(), 1, buffer.size(), pipe);
    REQUIRE(::pclose(pipe) == 0);
    return {buffer.data(), count};
}

} // namespace

TEST_CASE("seal: the bank alone reads what is sealed", "[host]")
{
    const auto folder = std::filesystem::temp_directory_path() / ("guichet-" + randomUuid());
    std::filesystem::create_directories(folder);
    const auto file = demoSealingKey(folder);
    REQUIRE(file);
    struct stat secret {};
    REQUIRE(::stat((folder / "bank-demo.pem").c_str(), &secret) == 0);
    CHECK((secret.st_mode & 0077U) == 0);
    const auto key = SealingKey::fromFile(*file);
    REQUIRE(key);
    const auto sealed = key->seal(Secret<std::string>(std::string("{\"pan\":\"6220\"}")));
    REQUIRE(sealed);
    CHECK(openAsBank(folder / "bank-demo.pem", *sealed) == "{\"pan\":\"6220\"}");
    CHECK(*key->seal(Secret<std::string>(std::string("x"))) !=
          *key->seal(Secret<std::string>(std::string("x"))));
    std::filesystem::remove_all(folder);
}

TEST_CASE("seal: what is no key on P-256 is refused", "[host]")
{
    const auto key =
        SealingKey::fromPem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
    REQUIRE_FALSE(key);
    CHECK(key.error().code == Errc::Invalid);
}
