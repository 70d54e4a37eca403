// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/pace.h"

#include <catch2/catch.hpp>

#include "drivers/mrtd/key_derivation.h"
#include "drivers/mrtd/pace_group.h"
#include "drivers/mrtd/tlv.h"
#include "peripherals/base/random.h"
#include "tests/drivers/support/scripted_card_channel.h"

using namespace guichet;
using namespace guichet::mrtd;
using namespace std::chrono_literals;
using test::bytes;
using test::ScriptedCardChannel;

namespace {

/// One exchange of Doc 9303-11 appendix G, as printed.
struct WorkedExample {
    const char* protocol;
    PaceInfo::Agreement agreement;
    unsigned parameterId;
    const char *mapKey, *agreeKey;             ///< the terminal's private keys
    const char *nonce, *mapSent, *mapReceived; ///< without their objects
    const char *keySent, *keyReceived, *tokenSent, *tokenReceived;
};

/// G.1: ECDH, AES-128, brainpoolP256r1.
constexpr WorkedExample kCurve{"04007F00070202040202",
                               PaceInfo::Agreement::Ecdh,
                               13,
                               "7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99",
                               "A73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595",
                               "95A3A016522EE98D01E76CB6B98B42C3",
                               "047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E"
                               "544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D",
                               "04824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F57"
                               "30D8C879AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C54",
                               "042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C"
                               "3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB36462",
                               "049E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB"
                               "7764B22277A2EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F094",
                               "C2B0BD78D94BA866",
                               "3ABB9674BCE93C08"};

/// G.2: DH, AES-128, the first group of RFC 5114.
constexpr WorkedExample kPrime{"04007F00070202040102",
                               PaceInfo::Agreement::Dh,
                               0,
                               "5265030F751F4AD18B08AC565FC7AC952E41618D",
                               "89CCD99B0E8D3B1F11E1296DCA68EC53411CF2CA",
                               "854D8DF5827FA6852D1A4FA701CDDDCA",
                               "23FB3749EA030D2A25B278D2A562047ADE3F01B74F17A15402CB7352CA7D2B3E"
                               "B71C343DB13D1DEBCE9A3666DBCFC920B49174A602CB47965CAA73DC702489A4"
                               "4D41DB914DE9613DC5E98C94160551C0DF86274B9359BC0490D01B03AD54022D"
                               "CB4F57FAD6322497D7A1E28D46710F461AFE710FBBBC5F8BA166F4311975EC6C",
                               "78879F57225AA8080D52ED0FC890A4B25336F699AA89A2D3A189654AF70729E6"
                               "23EA5738B26381E4DA19E004706FACE7B235C2DBF2F38748312F3C98C2DD4882"
                               "A41947B324AA1259AC22579DB93F7085655AF30889DBB845D9E6783FE42C9F24"
                               "49400306254C8AE8EE9DD812A804C0B66E8CAFC14F84D8258950A91B44126EE6",
                               "907D89E2D425A178AA81AF4A7774EC8E388C115CAE67031E85EECE520BD91155"
                               "1B9AE4D04369F29A02626C86FBC6747CC7BC352645B6161A2A42D44EDA80A08F"
                               "A8D61B76D3A154AD8A5A51786B0BC07147057871A922212C5F67F43173172236"
                               "B7747D1671E6D692A3C7D40A0C3C5CE397545D015C175EB5130551EDBC2EE5D4",
                               "075693D9AE941877573E634B6E644F8E60AF17A0076B8B123D9201074D36152B"
                               "D8B3A213F53820C42ADC79AB5D0AEEC3AEFB91394DA476BD97B9B14D0A65C1FC"
                               "71A0E019CB08AF55E1F729005FBA7E3FA5DC41899238A250767A6D46DB974064"
                               "386CD456743585F8E5D90CC8B4004B1F6D866C79CE0584E49687FF61BC29AEA1",
                               "B46DD9BD4D98381F",
                               "917F37B5C0E6D8D1"};

PaceInfo infoOf(const WorkedExample& example)
{
    return {bytes(example.protocol), example.agreement, PaceInfo::Mapping::Generic, Cipher::Aes128,
            example.parameterId};
}

PacePassword printedPassword()
{
    return {PasswordKind::Mrz, SecretBytes(bytes("7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD"))};
}

RandomSource keysOf(const WorkedExample& example)
{
    return [&example, drawn = 0](std::size_t count) mutable {
        auto key = bytes(drawn++ == 0 ? example.mapKey : example.agreeKey);
        REQUIRE(key.size() == count);
        return key;
    };
}

Bytes command(std::uint8_t group, std::uint32_t tag, std::string_view value)
{
    const auto data = makeObject(0x7C, tag == 0 ? Bytes{} : makeObject(tag, bytes(value)));
    return encode({group, 0x86, 0x00, 0x00, data, 256});
}

Bytes answer(std::uint32_t tag, ByteView value)
{
    return joined({makeObject(0x7C, makeObject(tag, value)), bytes("9000")});
}
Bytes answer(std::uint32_t tag, std::string_view value)
{
    return answer(tag, bytes(value));
}

/// The chip's side up to a step.
ScriptedCardChannel chipOf(const WorkedExample& example, int steps = 4)
{
    ScriptedCardChannel channel;
    channel.on(
        joined({bytes("0022C1A412"), makeObject(0x80, bytes(example.protocol)), bytes("830101"),
                bytes("8401"), Bytes(1, static_cast<std::byte>(example.parameterId))}),
        bytes("9000"));
    if (steps >= 1) {
        channel.on(command(0x10, 0, ""), answer(0x80, example.nonce));
    }
    if (steps >= 2) {
        channel.on(command(0x10, 0x81, example.mapSent), answer(0x82, example.mapReceived));
    }
    if (steps >= 3) {
        channel.on(command(0x10, 0x83, example.keySent), answer(0x84, example.keyReceived));
    }
    if (steps >= 4) {
        channel.on(command(0x00, 0x85, example.tokenSent), answer(0x86, example.tokenReceived));
    }
    return channel;
}

} // namespace

TEST_CASE("mrtd: PACE runs byte for byte as in Doc 9303-11 appendix G")
{
    const auto* example = GENERATE(&kCurve, &kPrime);
    auto channel = chipOf(*example);
    CardLink link(channel, 1s);
    const auto session = openWithPace(link, infoOf(*example), printedPassword(), keysOf(*example));
    if (!session) {
        FAIL(session.error().detail);
    }
    CHECK(session->cipher() == Cipher::Aes128);
    CHECK(toHex(session->counter()) == "00000000000000000000000000000000");
    CHECK(channel.finished());
}

TEST_CASE("mrtd: a wrong password is a case for reading it again")
{
    const auto* status = GENERATE("6300", "63C2");
    auto channel = chipOf(kCurve, 3);
    channel.on(command(0x00, 0x85, kCurve.tokenSent), bytes(status));
    CardLink link(channel, 1s);
    const auto session = openWithPace(link, infoOf(kCurve), printedPassword(), keysOf(kCurve));
    REQUIRE_FALSE(session);
    CHECK(session.error().code == Errc::Denied);
    CHECK(session.error().remedy == Remedy::Retry);
}

TEST_CASE("mrtd: a chip that does not know the password is not believed")
{
    auto channel = chipOf(kCurve, 3);
    channel.on(command(0x00, 0x85, kCurve.tokenSent), answer(0x86, "3ABB9674BCE93C09"));
    CardLink link(channel, 1s);
    const auto session = openWithPace(link, infoOf(kCurve), printedPassword(), keysOf(kCurve));
    REQUIRE_FALSE(session);
    CHECK(session.error().code == Errc::Denied);
}

TEST_CASE("mrtd: public keys outside the group are refused")
{
    struct Sample {
        const WorkedExample* example;
        Bytes key;
    };
    auto offCurve = bytes(kCurve.mapReceived);
    offCurve.back() ^= std::byte{1};
    auto inSmallGroup = Bytes(128); // the prime less one is of order two
    inSmallGroup.back() = std::byte{1};
    const auto sample = GENERATE_COPY(
        Sample{&kCurve, offCurve}, Sample{&kCurve, bytes("00")}, Sample{&kCurve, Bytes()},
        Sample{&kCurve, Bytes(65)}, Sample{&kPrime, inSmallGroup}, Sample{&kPrime, Bytes(128)},
        Sample{&kPrime, Bytes(128, std::byte{0xFF})}, Sample{&kPrime, Bytes(129, std::byte{1})},
        Sample{&kPrime, bytes("02")});
    INFO(toHex(sample.key));
    auto channel = chipOf(*sample.example, 1);
    channel.on(command(0x10, 0x81, sample.example->mapSent), answer(0x82, sample.key));
    CardLink link(channel, 1s);
    const auto session =
        openWithPace(link, infoOf(*sample.example), printedPassword(), keysOf(*sample.example));
    REQUIRE_FALSE(session);
    CHECK(session.error().code == Errc::Denied);
}

TEST_CASE("mrtd: a chip that sends our own key back is refused")
{
    auto channel = chipOf(kCurve, 2);
    channel.on(command(0x10, 0x83, kCurve.keySent), answer(0x84, kCurve.keySent));
    CardLink link(channel, 1s);
    const auto session = openWithPace(link, infoOf(kCurve), printedPassword(), keysOf(kCurve));
    REQUIRE_FALSE(session);
    CHECK(session.error().code == Errc::Denied);
}

TEST_CASE("mrtd: what a chip offers and does not know is unsupported, a blocked password is not")
{
    struct Sample {
        const char* status;
        Errc code;
    };
    const auto sample =
        GENERATE(Sample{"6A80", Errc::Unsupported}, Sample{"6A88", Errc::Unsupported},
                 Sample{"6983", Errc::Denied}, Sample{"63C0", Errc::Denied});
    ScriptedCardChannel channel;
    channel.on("0022C1A4*", sample.status);
    CardLink link(channel, 1s);
    const auto session = openWithPace(link, infoOf(kCurve), printedPassword(), keysOf(kCurve));
    REQUIRE_FALSE(session);
    CHECK(session.error().code == sample.code);
}

TEST_CASE("mrtd: answers of wrong build end PACE")
{
    const auto* wrong =
        GENERATE("9000", "7C009000", "7C0280009000", "7C03800111 9000",
                 "7C12 8110 95A3A016522EE98D01E76CB6B98B42C3 9000", "7CFF9000", "6A80");
    ScriptedCardChannel channel;
    channel.on("0022C1A4*", "9000").on("1086*", wrong);
    CardLink link(channel, 1s);
    const auto session = openWithPace(link, infoOf(kCurve), printedPassword(), keysOf(kCurve));
    REQUIRE_FALSE(session);
    CHECK(session.error().code == Errc::Protocol);
}

TEST_CASE("mrtd: both sides agree in every standardised group")
{
    const unsigned parameterId =
        GENERATE(0U, 1U, 2U, 8U, 9U, 10U, 11U, 12U, 13U, 14U, 15U, 16U, 17U, 18U);
    INFO(parameterId);
    const PaceInfo info{bytes("04007F00070202040202"),
                        parameterId < 8 ? PaceInfo::Agreement::Dh : PaceInfo::Agreement::Ecdh,
                        PaceInfo::Mapping::Generic, Cipher::Aes128, parameterId};
    const auto ours = PaceGroup::create(info);
    const auto theirs = PaceGroup::create(info);
    REQUIRE(ours);
    REQUIRE(theirs);
    const auto nonce = randomBytes(16);
    for (int round = 0; round < 2; ++round) { // before and after the mapping
        const auto one = (*ours)->generate(randomBytes);
        const auto other = (*theirs)->generate(randomBytes);
        REQUIRE(one);
        REQUIRE(other);
        const auto shared = (*ours)->agree(*one, other->publicKey);
        const auto same = (*theirs)->agree(*other, one->publicKey);
        REQUIRE(shared);
        REQUIRE(same);
        CHECK(shared->reveal() == same->reveal());
        CHECK(one->publicKey.size() == (*ours)->publicBytes());
        REQUIRE((*ours)->map(nonce, *one, other->publicKey));
        REQUIRE((*theirs)->map(nonce, *other, one->publicKey));
    }
}

TEST_CASE("mrtd: the strongest known way of PACE is taken")
{
    const auto offer = [](PaceInfo::Agreement agreement, PaceInfo::Mapping mapping, Cipher cipher,
                          std::optional<unsigned> parameterId) {
        return PaceInfo{{}, agreement, mapping, cipher, parameterId};
    };
    using enum PaceInfo::Agreement;
    using enum PaceInfo::Mapping;
    const std::vector<PaceInfo> offered{
        offer(Ecdh, Generic, Cipher::TripleDes, 12), offer(Dh, Generic, Cipher::Aes128, 2),
        offer(Ecdh, Generic, Cipher::Aes128, 12),    offer(Ecdh, Integrated, Cipher::Aes256, 12),
        offer(Ecdh, Generic, Cipher::Aes256, 31),    offer(Ecdh, Generic, Cipher::Aes256, {})};
    CHECK(bestOf(offered) == &offered[2]);
    CHECK(bestOf({offered.begin() + 3, offered.end()}) == nullptr);
}
