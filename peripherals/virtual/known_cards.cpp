// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "peripherals/virtual/bank_card.h"

namespace guichet::virtualdevices {

namespace {

Bytes hex(std::string_view text)
{
    return *fromHex(text);
}

CardProfile unionPay()
{
    CardProfile card;
    card.name = "unionpay";
    card.titleEn = "UnionPay debit";
    card.titleZh = "银联借记卡";
    card.atr = hex("3B6500002063CB6600");
    card.aid = hex("A000000333010101");
    card.label = "UnionPay Debit";
    card.pan = "6205500000000000004";
    card.expiry = "311231";
    card.holder = "ZHANG/SAN";
    card.pdol = hex("9F1A029A039C015F2A029F3704DF6001");
    card.proof = Proof::Dynamic;
    return card;
}

CardProfile visa()
{
    CardProfile card;
    card.name = "visa";
    card.titleEn = "Visa";
    card.titleZh = "Visa 卡";
    card.atr = hex("3B80800101");
    card.aid = hex("A0000000031010");
    card.label = "Visa Credit";
    card.pan = "4111111111111111";
    card.expiry = "300630";
    card.holder = "DOE/JANE";
    card.formatOneGpo = true;
    card.proof = Proof::Static;
    return card;
}

std::vector<CardProfile> makeCards()
{
    std::vector<CardProfile> cards;
    cards.push_back(unionPay());

    auto chinese = unionPay();
    chinese.name = "unionpay-cn";
    chinese.titleEn = "UnionPay, Chinese name";
    chinese.titleZh = "银联卡（中文名称）";
    chinese.label = "PBOC DEBIT";
    chinese.preferredName = hex("D2F8C1AABDE8BCC7BFA8"); // GBK, and no 9F11: as issued in China
    chinese.pan = "6228480000000000000";
    chinese.holder.clear();
    cards.push_back(std::move(chinese));

    cards.push_back(visa());

    auto t0 = visa();
    t0.name = "t0";
    t0.titleEn = "Old chip (T=0)";
    t0.titleZh = "旧式芯片卡 (T=0)";
    t0.atr = hex("3B6500002063CB6600");
    t0.pan = "4012888888881881";
    t0.pdol = hex("9F1A029A03");
    t0.t0 = true;
    cards.push_back(std::move(t0));

    auto expired = unionPay();
    expired.name = "expired";
    expired.titleEn = "Expired card";
    expired.titleZh = "过期卡";
    expired.pan = "6200000000000005";
    expired.expiry = "240131";
    cards.push_back(std::move(expired));

    auto copied = unionPay();
    copied.name = "copied";
    copied.titleEn = "Copied card";
    copied.titleZh = "复制卡";
    copied.pan = "6222020000000000000";
    copied.proof = Proof::Copied;
    cards.push_back(std::move(copied));

    auto combined = unionPay();
    combined.name = "combined";
    combined.titleEn = "Card with signed cryptograms (CDA)";
    combined.titleZh = "复合认证卡 (CDA)";
    combined.pan = "6217000000000000004";
    combined.proof = Proof::Combined;
    cards.push_back(std::move(combined));

    auto blocked = unionPay();
    blocked.name = "blocked";
    blocked.titleEn = "Blocked card";
    blocked.titleZh = "锁定卡";
    blocked.blocked = true;
    cards.push_back(std::move(blocked));

    auto unreadable = unionPay();
    unreadable.name = "unreadable";
    unreadable.titleEn = "Unreadable card";
    unreadable.titleZh = "无法读取的卡";
    unreadable.withoutFiles = true;
    cards.push_back(std::move(unreadable));

    auto mute = unionPay();
    mute.name = "mute";
    mute.titleEn = "Mute card";
    mute.titleZh = "无应答的卡";
    mute.muteAtApdu = 1;
    cards.push_back(std::move(mute));

    auto slow = unionPay();
    slow.name = "slow";
    slow.titleEn = "Slow card";
    slow.titleZh = "缓慢的卡";
    slow.delay = std::chrono::milliseconds(600);
    cards.push_back(std::move(slow));
    return cards;
}

} // namespace

const std::vector<CardProfile>& knownCards()
{
    static const auto cards = makeCards();
    return cards;
}

const CardProfile* findCard(std::string_view name)
{
    const auto& cards = knownCards();
    const auto found = std::find_if(cards.begin(), cards.end(),
                                    [name](const CardProfile& card) { return card.name == name; });
    return found == cards.end() ? nullptr : &*found;
}

} // namespace guichet::virtualdevices
