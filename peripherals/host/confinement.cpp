// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/confinement.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "peripherals/base/unique_handle.h"

namespace guichet::host {

namespace {

constexpr std::uint64_t kReadFile =
    LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE; // libraries are mapped, not run
constexpr std::uint64_t kRead = kReadFile | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t kWriteFile = LANDLOCK_ACCESS_FS_WRITE_FILE;
constexpr std::uint64_t kWrite = kWriteFile | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                                 LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                                 LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                                 LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;

/// What programs of this system read: libraries, fonts, plug-ins, time zones, device properties.
constexpr std::array kSystem{"/usr",      "/lib",       "/lib64",
                             "/etc",      "/proc",      "/sys",
                             "/run/udev", "/run/pcscd", "/var/cache/fontconfig"};
constexpr std::array kHarmlessNodes{"/dev/null", "/dev/zero", "/dev/urandom"};

tl::unexpected<Error> refused(const char* what)
{
    return fail(Errc::Denied,
                std::string("helper: ") + what + ": " + std::strerror(errno)); // NOLINT: one thread
}

using Ruleset = UniqueFd;

Result<void> allow(const Ruleset& rules, const std::filesystem::path& path, std::uint64_t access)
{
    const UniqueFd place(::open(path.c_str(), O_PATH | O_CLOEXEC));
    struct stat kind {};
    if (!place || ::fstat(place.get(), &kind) != 0) {
        return {};
    }
    if (!S_ISDIR(kind.st_mode)) {
        access &= kReadFile | kWriteFile;
    }
    const landlock_path_beneath_attr rule{.allowed_access = access, .parent_fd = place.get()};
    if (::syscall(SYS_landlock_add_rule, rules.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0) {
        return refused(path.c_str());
    }
    return {};
}

Result<void> boundFiles(const Confinement& allowed)
{
    const landlock_ruleset_attr bounds{.handled_access_fs = kRead | kWrite};
    const Ruleset rules(
        static_cast<int>(::syscall(SYS_landlock_create_ruleset, &bounds, sizeof bounds, 0)));
    if (!rules) {
        spdlog::warn(
            "helper: this kernel has no Landlock; files are bounded by their owners alone");
        return {};
    }
    const auto allowAll = [&rules](const auto& paths, std::uint64_t access) {
        Result<void> done;
        for (const auto& path : paths) {
            done = done ? allow(rules, path, access) : done;
        }
        return done;
    };
    auto done = allowAll(kSystem, kRead)
                    .and_then([&] { return allowAll(kHarmlessNodes, kRead | kWrite); })
                    .and_then([&] { return allowAll(allowed.readable, kRead); })
                    .and_then([&] { return allowAll(allowed.writable, kRead | kWrite); });
    if (!done) {
        return done;
    }
    if (::syscall(SYS_landlock_restrict_self, rules.get(), 0) != 0) {
        return refused("files");
    }
    return {};
}

/// A library's filter, released on every way out.
class Filter {
public:
    Filter()
        : m_filter(::seccomp_init(SCMP_ACT_ALLOW))
    {
    }
    ~Filter() { ::seccomp_release(m_filter); }
    Filter(const Filter&) = delete;
    Filter& operator=(const Filter&) = delete;

    [[nodiscard]] bool whole() const { return m_filter != nullptr && m_whole; }
    [[nodiscard]] bool load() const { return ::seccomp_load(m_filter) == 0; }

    template <typename... Conditions> void forbid(int call, int error, Conditions... conditions)
    {
        m_whole =
            m_whole && ::seccomp_rule_add(m_filter, SCMP_ACT_ERRNO(static_cast<unsigned>(error)),
                                          call, sizeof...(conditions), conditions...) == 0;
    }

private:
    scmp_filter_ctx m_filter;
    bool m_whole = true;
};

Result<void> boundCalls(const Confinement& allowed)
{
    Filter filter;
    for (const int call : {SCMP_SYS(execve),
                           SCMP_SYS(execveat),
                           SCMP_SYS(fork),
                           SCMP_SYS(vfork),
                           SCMP_SYS(ptrace),
                           SCMP_SYS(process_vm_readv),
                           SCMP_SYS(process_vm_writev),
                           SCMP_SYS(mount),
                           SCMP_SYS(umount2),
                           SCMP_SYS(pivot_root),
                           SCMP_SYS(chroot),
                           SCMP_SYS(setns),
                           SCMP_SYS(unshare),
                           SCMP_SYS(init_module),
                           SCMP_SYS(finit_module),
                           SCMP_SYS(delete_module),
                           SCMP_SYS(kexec_load),
                           SCMP_SYS(bpf),
                           SCMP_SYS(perf_event_open),
                           SCMP_SYS(add_key),
                           SCMP_SYS(request_key),
                           SCMP_SYS(keyctl),
                           SCMP_SYS(userfaultfd),
                           SCMP_SYS(io_uring_setup),
                           SCMP_SYS(reboot),
                           SCMP_SYS(swapon),
                           SCMP_SYS(settimeofday),
                           SCMP_SYS(clock_settime),
                           SCMP_SYS(open_by_handle_at)}) {
        filter.forbid(call, EPERM);
    }
    // A new thread shares its memory, a new process does not. The newer call hides its flags behind
    // a pointer: told that it does not exist, the C library takes the older one.
    filter.forbid(SCMP_SYS(clone3), ENOSYS);
    filter.forbid(SCMP_SYS(clone), EPERM, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
    for (const int family : {AF_PACKET, AF_VSOCK, AF_ALG, AF_BLUETOOTH}) {
        filter.forbid(SCMP_SYS(socket), EPERM,
                      SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(family)));
    }
    if (!allowed.network) {
        for (const int family : {AF_INET, AF_INET6}) {
            filter.forbid(SCMP_SYS(socket), EPERM,
                          SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(family)));
        }
    }
    if (!filter.whole() || !filter.load()) {
        return fail(Errc::Denied, "helper: the kernel refused the bounds of system calls");
    }
    return {};
}

} // namespace

Result<void> confine(const Confinement& allowed)
{
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return refused("no new privileges");
    }
    return boundFiles(allowed).and_then([&allowed] { return boundCalls(allowed); });
}

} // namespace guichet::host
