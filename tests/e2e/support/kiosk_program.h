// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QProcess>
#include <QString>
#include <string>

#include <nlohmann/json.hpp>

namespace guichet::test {

/// The kiosk of a world as a process of its own (e2e_kiosk), so that it can be killed: it does what
/// Kiosk does, a step for each line.
class KioskProgram {
public:
    /// `recordKey`: the bank's public key; empty: calls are not recorded.
    KioskProgram(const QString& dataFolder, const std::string& recordKey);
    ~KioskProgram();
    KioskProgram(const KioskProgram&) = delete;
    KioskProgram& operator=(const KioskProgram&) = delete;

    /// From the attract page to the one that waits for a card.
    void chooseCash() { static_cast<void>(step("chooseCash", {})); }
    void touch(const QString& control) { static_cast<void>(step("touch", control)); }
    [[nodiscard]] bool reaches(const QString& page) { return step("reaches", page); }
    [[nodiscard]] bool saysRecording() { return step("saysRecording", {}); }
    [[nodiscard]] bool saysOfCall(const QString& state) { return step("saysOfCall", state); }
    [[nodiscard]] bool seesStaff() { return step("seesStaff", {}); }
    /// kill -9
    void kill();

private:
    bool step(const char* does, const QString& what);

    QProcess m_process;
};

} // namespace guichet::test
