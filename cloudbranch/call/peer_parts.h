// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cloudbranch/call/peer.h"
#include "cloudbranch/call/sound_gaps.h"
#include "cloudbranch/call/transport_feedback.h"

namespace guichet::call {

/// What outlives the peer, for callbacks that come late.
struct Peer::Shared {
    PeerEvents events;
    GstElement* pipeline = nullptr; ///< alive while its threads run, as is `web`
    GstElement* web = nullptr;
    std::atomic<std::int64_t> lastPacket = 0;
    std::atomic<std::uint64_t> bytesIn = 0, bytesOut = 0, pictures = 0;
    std::atomic<int> unfed = 0; ///< inputs that no packet has reached yet
    std::mutex mutex;
    ObjectHandle channel; ///< once it is open
    SoundGaps gaps;
    LossPatience patience; ///< of the thread that sends RTCP
};

/// Who gets the offer that webrtcbin makes.
struct Peer::OfferWish {
    std::shared_ptr<Shared> shared;
    ElementHandle web;
};

/// A signal's receiver that shares what it needs.
template <typename Shared>
void connectShared(gpointer object, const char* signal, GCallback callback,
                   const std::shared_ptr<Shared>& shared)
{
    using Holder = std::shared_ptr<Shared>;
    g_signal_connect_data(
        object, signal, callback, new Holder(shared),
        [](gpointer holder, GClosure*) { delete static_cast<Holder*>(holder); },
        static_cast<GConnectFlags>(0));
}
template <typename Shared> Shared& sharedOf(gpointer holder)
{
    return **static_cast<std::shared_ptr<Shared>*>(holder);
}

} // namespace guichet::call
