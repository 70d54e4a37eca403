// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QProcess>
#include <QString>
#include <QTemporaryDir>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace guichet::test {

/// A demo terminal with its outlet: the real hub, where asked for the sandbox of the bank, the real
/// devices program over the real pcscd, and the virtual devices below them. Runs on default ports,
/// so it needs a private loopback (tests/support/in-world). Programs that it started end with it.
class World {
public:
    /// Starts everything and waits until each part answers. `clock`: where the hub's time begins,
    /// as RFC 3339; empty: now. `outlet`: text of an outlet file that adds to the demo.
    explicit World(QString clock = {}, const std::string& outlet = {});
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    [[nodiscard]] QString dataFolder() const { return m_data.path(); }

    /// One order to the virtual devices, e.g. `play("/card/insert", {{"card", "unionpay"}})`.
    void play(const std::string& path, const nlohmann::json& body = nlohmann::json::object());
    /// SIGSTOP or SIGCONT to the virtual devices: connected, and deaf and dumb.
    void freezeDevices(bool frozen);
    /// What the virtual devices say of themselves.
    [[nodiscard]] nlohmann::json state();
    /// The pieces of paper that came out of the printer, oldest first.
    [[nodiscard]] nlohmann::json papers();
    [[nodiscard]] std::size_t printedTickets() { return papers().size(); }

    /// kill -9, and start again on the same data.
    void killHub();
    void startHub();
    /// From its next start on.
    void setHubClock(QString clock) { m_clock = std::move(clock); }
    /// The bank's core system; without it a world has none.
    void startBank();
    void killBank();
    void killDevices();
    void startDevices();
    /// kill -9 to the helper process of one service, "cardreader" or "receiptprinter".
    void killHelper(const QString& service);

    /// Files (logs, journals, databases; not the virtual devices' own, nor the bank's) and the
    /// memory of the devices program in which a card number stands: as text, UTF-16, BCD or base64.
    [[nodiscard]] QStringList placesOf(const QByteArray& cardNumber);

    /// Whether the kiosk keeps anything of a session on the disk.
    [[nodiscard]] bool keepsSession() const;

    /// What a customer's browser asks of the hub, or whoever has that bearer, as JSON by POST; the
    /// answer's document.
    nlohmann::json askHub(const std::string& path, const nlohmann::json& body,
                          const std::string& bearer = {});
    /// The public queue document of the demo outlet.
    [[nodiscard]] nlohmann::json queue();
    [[nodiscard]] std::size_t waiting();
    /// How many visits of the day are in a state, by the hub's own count: "cancelled".
    [[nodiscard]] std::size_t visits(const std::string& state);

private:
    std::unique_ptr<QProcess> start(const QString& program, const QStringList& arguments);

    QString m_clock;
    QString m_outlet; ///< a file
    QTemporaryDir m_data;
    std::unique_ptr<QProcess> m_hub;
    std::unique_ptr<QProcess> m_virtual;
    std::unique_ptr<QProcess> m_devices;
    std::unique_ptr<QProcess> m_bank;
};

/// One HTTP request; requires a 2xx answer. Empty body: GET.
[[nodiscard]] nlohmann::json askJson(const std::string& base, const std::string& path);

} // namespace guichet::test
