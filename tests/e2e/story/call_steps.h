// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QStringList>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "tests/e2e/support/bank_keys.h"
#include "tests/e2e/support/browser.h"
#include "tests/e2e/support/kiosk.h"
#include "tests/e2e/support/world.h"
#include "tests/support/coturn.h"

namespace guichet::test {

/// The hub, as the seat's page reaches it.
inline const QString kHub = QStringLiteral("http://127.0.0.1:8480");

/// Ends the test as one that was skipped where there is no browser.
void wantBrowser();

/// Cases in a folder, as an auditor reads them.
class Evidence {
public:
    Evidence(const QString& folder, BankKeys keys)
        : m_folder(folder)
        , m_keys(std::move(keys))
    {
    }
    /// What the terminal of that world keeps itself, and what it gave the hub.
    [[nodiscard]] static Evidence atKiosk(const World& world, const BankKeys& keys);
    [[nodiscard]] static Evidence atHub(const World& world, const BankKeys& keys);

    [[nodiscard]] QStringList cases() const;
    /// Of the one case there is: whether nothing of it was changed, as guichet-evidence says.
    [[nodiscard]] bool verified() const;
    [[nodiscard]] QStringList tracks() const;
    /// When the last picture or sound of a track plays, in seconds of the case's time.
    [[nodiscard]] double endOf(const QString& track) const;

private:
    [[nodiscard]] QString onlyCase() const;

    QString m_folder;
    BankKeys m_keys;
};

/// True as soon as the terminal has given the hub all it recorded.
[[nodiscard]] bool givenToHub(const World& world, const BankKeys& keys);

/// kill -9 to the one program of that name in this world.
void killProgram(const std::string& name);

/// An outlet whose calls may go by that relay, and at the seat's side by no other way.
[[nodiscard]] std::string outletWith(const Coturn& coturn);

/// One step of a member of remote staff at the seat's page.
nlohmann::json staff(Browser& browser, const char* does, nlohmann::json more = {},
                     const char* who = "agent");
/// The same, with a picture in GUICHET_PICTURES if that is set.
void keepPicture(Browser& browser, const char* name, const char* who = "agent");

/// A customer who waits for a card asks for help, and the seat's page answers.
void beginHelp(Kiosk& kiosk, Browser& browser, const char* by = "video");

} // namespace guichet::test
