// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QVariantMap>
#include <functional>
#include <optional>

#include "cloudbranch/guided/recording.h"
#include "cloudbranch/signalling/signal_message.h"
#include "kiosk/engine/effects.h"

namespace guichet::kiosk {

class AssistPort;
class CallControl;
class CaseWatch;
class DevicePort;
class StaffLink;
class TerminalEffects;

/// A guided recording at this terminal: staff begin it and lead on from what they read, the
/// customer answers by presses of their own, and this terminal finds out for each step whether it
/// is recorded, one person is there and something was heard. The journey shows it, the seat hears
/// how it stands, the case's chain gets every step. GUI thread.
class GuidedSale : public QObject {
    Q_OBJECT

public:
    /// They outlive it.
    struct Parts {
        AssistPort& assist;
        CallControl& call;
        StaffLink& staff;
        TerminalEffects& effects;
        DevicePort& devices;
        CaseWatch& watch;
    };
    explicit GuidedSale(const Parts& parts, QObject* parent = nullptr);

private:
    using Step = std::function<Result<void>(const guided::Findings&)>;

    void onGuide(const signalling::Signal& order);
    void begin(const signalling::Signal& order);
    void press(const QVariantMap& params, const Effects::Answer& answer);
    /// What `step` does, once it is found out what must be known of it.
    void conclude(Step step);
    void apply(const Step& step, const guided::Findings& findings);
    void stop(const char* why);
    void onStep();
    /// Everybody hears how it stands.
    void tell();
    void tellJourney();
    [[nodiscard]] nlohmann::json shown() const;

    Parts m_parts;
    std::optional<guided::Recording> m_recording;
    bool m_checking = false;
    unsigned m_look = 0; ///< counts looks at the customer; an earlier one is not heard
    std::pair<std::string, int> m_begun; ///< the step, and its attempt, that the findings are of
    guided::Findings m_findings;
    QVariantMap m_heard; ///< by the journey, last
};

} // namespace guichet::kiosk
