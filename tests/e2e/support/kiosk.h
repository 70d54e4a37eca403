// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <memory>
#include <string>

#include "kiosk/models/page.h"

namespace guichet::test {

/// The real kiosk window on the real X server, pressed by touch events. What a customer cannot see
/// or reach cannot be pressed.
class Kiosk {
public:
    /// How long the kiosk waits for its customer, in seconds, and what it has.
    struct Patience {
        int idle = 60;
        int warning = 30;
        int alarm = 15;
        bool calls = false; ///< remote staff with picture and sound, by the real guichet-call
        std::string recordKey = {}; ///< the bank's public key; empty: calls are not recorded
    };

    /// Opens the window against the hub through the relay and the terminal's devices.
    explicit Kiosk(const QString& dataFolder, Patience patience = standard());
    ~Kiosk();
    Kiosk(const Kiosk&) = delete;
    Kiosk& operator=(const Kiosk&) = delete;

    /// Touches a control by its object name: "primary", "back", "help", "choice/service/cash".
    void touch(const QString& control);
    /// Writes on the pad of a page to sign on.
    void sign();
    [[nodiscard]] bool offers(const QString& control) const;

    [[nodiscard]] const kiosk::Page& page() const;
    [[nodiscard]] const kiosk::Frame& frame() const;
    /// True as soon as the page is there, false if it is not within 30 s.
    [[nodiscard]] bool reaches(const QString& pageId);
    /// Waits for any of the pages and returns which; empty if none comes within 30 s.
    [[nodiscard]] QString reachesOneOf(const QStringList& pageIds);

    /// True as soon as codes can be held before the camera.
    [[nodiscard]] bool seesCodes();
    /// True as soon as remote staff's words stand above the page.
    [[nodiscard]] bool isTold(const QString& words);
    /// True as soon as the customer reads that of the call's line; empty: nothing is amiss.
    [[nodiscard]] bool saysOfCall(const QString& state);
    /// True as soon as the customer can read that the call is recorded.
    [[nodiscard]] bool saysRecording();
    /// True as soon as what staff point at is marked.
    [[nodiscard]] bool marksSomething();
    /// True as soon as remote staff's picture is on the screen.
    [[nodiscard]] bool seesStaff();
    /// Keeps a picture of the window for a person to look at, if GUICHET_PICTURES names a folder.
    void picture(const char* name) const;
    /// True as soon as so many notices stand above the page.
    [[nodiscard]] bool showsNotices(int count);

private:
    static Patience standard() { return {}; } // GCC wants the class whole before a default of it

    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace guichet::test
