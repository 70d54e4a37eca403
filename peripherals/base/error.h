// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

/// Errors are values: a code for the program, a remedy for the person, a detail for the log.
namespace guichet {

enum class Errc {
    NotFound,
    Busy,
    Timeout,
    Cancelled,
    Disconnected,
    Protocol,
    Unsupported,
    Denied,
    Conflict,
    Invalid,
    Internal,
};

/// What a person should do. Screens map each value to a translated sentence and a picture.
enum class Remedy {
    None,
    Retry,
    InsertCard,
    ReinsertCard,
    RemoveCard,
    TakePaper,
    CloseCover,
    ReloadPaper,
    ReconnectCable,
    Wait,
    CallStaff,
};

struct Error {
    Errc code;
    Remedy remedy = Remedy::None;
    std::string detail; ///< for the log, never for the customer; no personal or card data

    /// Adds the step we were in, outermost first: "printer status: read: no answer in 500 ms".
    [[nodiscard]] Error during(std::string_view step) &&;

    [[nodiscard]] bool operator==(const Error&) const = default;
};

template <typename T> using Result = tl::expected<T, Error>;

/// The one way to say no: `return fail(Errc::Timeout, "status: no answer in 500 ms",
/// Remedy::Retry);`
[[nodiscard]] tl::unexpected<Error> fail(Errc code, std::string detail,
                                         Remedy remedy = Remedy::None);

/// What the system calls an error number. Thread-safe, unlike strerror().
[[nodiscard]] std::string systemMessage(int number);

/// Passes an error on, naming the step it happened in.
[[nodiscard]] tl::unexpected<Error> fail(Error error, std::string_view step);

/// Stable lower-camel-case names for wire formats and logs ("reinsertCard"), and back.
[[nodiscard]] std::string_view name(Errc code);
[[nodiscard]] std::string_view name(Remedy remedy);
/// Unknown names give Internal and None: a newer peer may know more than we do.
[[nodiscard]] Errc errcFromName(std::string_view text);
[[nodiscard]] Remedy remedyFromName(std::string_view text);

} // namespace guichet
