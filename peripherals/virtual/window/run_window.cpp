// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/window/run_window.h"

#include <QApplication>
#include <QSocketNotifier>

#include <sys/signalfd.h>

#include "peripherals/base/unique_handle.h"
#include "peripherals/virtual/window/look.h"
#include "peripherals/virtual/window/world_window.h"

namespace guichet::virtualdevices {

int runWindow(World& world, const sigset_t& stopSignals, int& count, char** values)
{
    QApplication application(count, values);
    application.setStyle(QStringLiteral("Fusion"));
    application.setStyleSheet(styleSheet());
    const UniqueFd signal(signalfd(-1, &stopSignals, SFD_CLOEXEC | SFD_NONBLOCK));
    QSocketNotifier stop(signal.get(), QSocketNotifier::Read);
    QObject::connect(&stop, &QSocketNotifier::activated, &application, &QApplication::quit);
    WorldWindow window(world);
    window.show();
    return QApplication::exec();
}

} // namespace guichet::virtualdevices
