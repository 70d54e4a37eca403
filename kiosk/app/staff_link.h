// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QPointer>
#include <optional>
#include <set>
#include <string>

#include "kiosk/app/assist_port.h"
#include "kiosk/app/call_control.h"
#include "kiosk/engine/journey.h"
#include "kiosk/engine/journey_machine.h"
#include "kiosk/models/call.h"

namespace guichet::kiosk {

/// Between remote staff and the journey under way: tells the journey what staff ask for and
/// approve, once each and in order; tells staff which page the customer sees; and says how the line
/// and the call look to the customer. GUI thread.
class StaffLink : public QObject {
    Q_OBJECT

public:
    StaffLink(AssistPort& port, CallControl& call, QObject* parent = nullptr);

    /// With which journey staff speak from now on.
    void speakTo(JourneyMachine& machine, const Journey& journey);
    /// The journey stands at `page`.
    void step(const Page& page);
    /// A press on the call's own buttons; false: it is for the journey.
    [[nodiscard]] bool takes(const QString& event, const QString& value);

    /// How the line looks, for Live::line: {stage, ahead, minutes}. Stages: "place", "next",
    /// "nobody" (is there who can help), "lost".
    [[nodiscard]] QVariantMap line() const;
    /// The call above the page; nothing if there is none.
    [[nodiscard]] std::optional<CallFace> face() const;
    /// What staff see of the case: task, page, language, ticket.
    [[nodiscard]] nlohmann::json content() const;
    /// The journey hears staff.`event` from this process itself, on behalf of staff.
    void tell(const QString& event, const QVariantMap& data);
    /// Where the journey stands.
    [[nodiscard]] QStringList states() const;
    [[nodiscard]] QString language() const;

signals:
    /// line() or face() may have changed.
    void changed();
    /// The page that the customer sees, whenever it may be another.
    void stepped(const guichet::kiosk::Page& page);

private:
    void onPort();
    void deliver();
    void tellPage();
    [[nodiscard]] nlohmann::json offered(const char* variable, const char* titles) const;
    [[nodiscard]] bool talks() const;
    [[nodiscard]] QString lineState() const;
    void addPhrases(CallFace& face) const;
    [[nodiscard]] QString text(const char* key) const;

    AssistPort& m_port;
    CallControl& m_call;
    QPointer<JourneyMachine> m_machine;
    const Journey* m_journey = nullptr;
    Page m_page;
    QString m_step; ///< the title of the task's own page, which one of the call's may cover
    std::string m_delivered; ///< the request that the journey was told last
    int m_approvals = 0;     ///< that it was told
    std::string m_told;      ///< the page that staff know
};

} // namespace guichet::kiosk
