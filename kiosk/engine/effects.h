// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QVariantMap>
#include <functional>

#include "peripherals/base/error.h"

namespace guichet::kiosk {

/// How an effect ended.
struct EffectResult {
    bool ok = false;
    Remedy remedy = Remedy::None; ///< of a failure
    bool unknown = false;         ///< of a failure: it may have happened all the same
    QVariantMap data;             ///< of a success; handles, masks and form values only

    [[nodiscard]] static EffectResult done(QVariantMap data = {})
    {
        return {.ok = true, .remedy = Remedy::None, .unknown = false, .data = std::move(data)};
    }
    [[nodiscard]] static EffectResult failed(Remedy remedy, bool unknown = false)
    {
        return {.ok = false, .remedy = remedy, .unknown = unknown, .data = {}};
    }
};

/// What a journey asks of the world. Performs without blocking and calls `answer` once, on the
/// caller's thread and never from inside perform(); an answer may also never come.
class Effects {
public:
    using Answer = std::function<void(const EffectResult& result)>;

    virtual ~Effects() = default;
    /// `name` without "do.": "card.read", "timer". `params` carries "idempotencyKey", the same for
    /// every attempt at the same wish.
    virtual void perform(const QString& name, int op, const QVariantMap& params, Answer answer) = 0;
    /// The session is over: forgets every running operation; none of them answers any more.
    virtual void forgetAll() = 0;
};

} // namespace guichet::kiosk
