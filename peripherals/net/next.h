// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace guichet::net {

/// What a step of a connection asks the loop for.
enum class Next {
    Again,  ///< another step, once what is pending was sent as far as the peer takes it
    Wait,   ///< for the peer, a worker or the domain
    Handle, ///< a handler for a complete request
    Linger, ///< the end, as soon as the peer has read all
    Close,
};

} // namespace guichet::net
