// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QImage>
#include <QObject>
#include <filesystem>
#include <mutex>
#include <thread>

namespace guichet::kiosk {

/// What the terminal's camera sees, for the GUI thread: at most 15 pictures a second, made in a
/// thread of its own, and only while somebody looks. A picture that the GUI thread has not taken
/// yet is replaced by the next one.
class CameraPicture : public QObject {
    Q_OBJECT

public:
    /// `frames`: the socket of the camera's helper, which need not be there yet.
    explicit CameraPicture(std::filesystem::path frames, QObject* parent = nullptr);
    ~CameraPicture() override;

    void watch(bool on);

signals:
    /// On the owner's thread. A null image: no frame came for a second, or nobody looks any more.
    void changed(const QImage& picture);

private:
    void follow(const std::stop_token& stop);
    void post(QImage picture);

    std::filesystem::path m_frames;
    std::mutex m_mutex;
    QImage m_latest;       ///< under the mutex
    bool m_posted = false; ///< under the mutex: the owner's thread is about to take it
    std::jthread m_thread; ///< last: it uses all of the above
};

} // namespace guichet::kiosk
