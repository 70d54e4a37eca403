// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>

#include <catch2/catch.hpp>

namespace guichet::test {

/// Node's own cryptography as the bank: it shares no code with ours.
inline std::string openAsBank(const std::filesystem::path& privateKey, const std::string& sealed)
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
    std::string content;
    std::array<char, 4096> piece{};
    while (const auto count = std::fread(piece.data(), 1, piece.size(), pipe)) {
        content.append(piece.data(), count);
    }
    REQUIRE(::pclose(pipe) == 0);
    return content;
}

} // namespace guichet::test
