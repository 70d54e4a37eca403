// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/cards/inserted_card.h"

#include <catch2/catch.hpp>
#include <winscard.h>

namespace guichet::test {
namespace {

/// Programs that wait for a card themselves miss one that comes while they begin to (OpenSC 0.23).
void awaitCard()
{
    constexpr DWORD kPatienceMs = 20'000;
    SCARDCONTEXT context{};
    REQUIRE(SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context) ==
            SCARD_S_SUCCESS);
    SCARD_READERSTATE reader{};
    reader.szReader = kVirtualReader;
    while ((reader.dwEventState & SCARD_STATE_PRESENT) == 0) {
        reader.dwCurrentState = reader.dwEventState & ~DWORD{SCARD_STATE_CHANGED};
        REQUIRE(SCardGetStatusChange(context, kPatienceMs, &reader, 1) == SCARD_S_SUCCESS);
    }
    SCardReleaseContext(context);
}

} // namespace

InsertedCard::InsertedCard(std::string_view name)
    : m_slot({"127.0.0.1", 35963})
{
    REQUIRE(m_slot.insert(*virtualdevices::makeSlotCard(name), std::chrono::seconds(20)));
    awaitCard();
}

} // namespace guichet::test
