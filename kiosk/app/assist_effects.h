// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <functional>

#include <nlohmann/json.hpp>

#include "kiosk/app/assist_port.h"
#include "kiosk/engine/effects.h"

namespace guichet::kiosk {

/// What a journey asks of remote staff: assist.ask, meet, talk, callBack, reply, leave. GUI thread.
class AssistEffects final : public QObject, public Effects {
    Q_OBJECT

public:
    struct Sources {
        /// What staff see of the customer's case, asked for when the customer asks.
        std::function<nlohmann::json()> content;
        /// The picture behind a handle: {kind, mediaType, data}; null: there is none to show.
        std::function<nlohmann::json(const std::string&)> picture;
        /// The customer is ready to be seen and heard; true: and recorded.
        std::function<void(bool)> begin;
        /// Calls are recorded here, of whoever agrees.
        bool recorded = false;
    };
    AssistEffects(AssistPort& port, Sources sources, QObject* parent = nullptr);

    void perform(const QString& name, int op, const QVariantMap& params, Answer answer) override;
    /// No effect answers any more; the assist itself goes on, perhaps in the customer's next task.
    void forgetAll() override;
    /// The customer is gone: so is the assist.
    void customerGone();

private:
    using Performer = void (AssistEffects::*)(const QVariantMap&, Answer);

    void ask(const QVariantMap& params, Answer answer);
    void meet(const QVariantMap& params, Answer answer);
    void talk(const QVariantMap& params, Answer answer);
    void callBack(const QVariantMap& params, Answer answer);
    void reply(const QVariantMap& params, Answer answer);
    void write(const QVariantMap& params, Answer answer);
    void leave(const QVariantMap& params, Answer answer);
    /// Answers what has come about.
    void look();
    void later(Answer answer, EffectResult result);

    AssistPort& m_port;
    Sources m_sources;
    Answer m_meet;
    Answer m_talk;
    Answer m_promise;
    int m_session = 0;
};

} // namespace guichet::kiosk
