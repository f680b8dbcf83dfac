/**
 * The system calls that a job may make; all others answer EPERM. Narrower than the engine's own profile: no
 * ptrace, no io_uring, no user namespaces, and of the socket families only those of networking and netlink.
 * The engine's profile lets AF_VSOCK through (seen on 20.10), which no network namespace confines: it leads
 * to the hypervisor. Names that an architecture lacks are skipped by the runtime.
 */
const ALLOWED = `
  access arch_prctl brk capget close close_range copy_file_range dup dup2 dup3 execve execveat exit exit_group
  getcpu getcwd getegid geteuid getgid getgroups getpgid getpgrp getpid getppid getpriority getrandom getresgid
  getresuid getrlimit get_robust_list getrusage getsid gettid gettimeofday getuid ioctl membarrier prctl prlimit64
  restart_syscall rseq seccomp setfsgid setfsuid setgid setgroups setpgid setpriority setregid setresgid setresuid
  setreuid setrlimit set_robust_list setsid set_thread_area set_tid_address setuid sysinfo times umask uname
  capset get_thread_area ioprio_get ioprio_set

  madvise mincore mlock mlock2 mlockall mmap mmap2 mprotect mremap msync munlock munlockall munmap pkey_alloc
  pkey_free pkey_mprotect process_madvise process_mrelease remap_file_pages memfd_create memfd_secret

  chdir chmod chown faccessat faccessat2 fadvise64 fallocate fchdir fchmod fchmodat fchown fchownat fcntl
  fdatasync fgetxattr flistxattr flock fremovexattr fsetxattr fstat fstatfs fsync ftruncate futimesat getdents
  getdents64 getxattr lchown lgetxattr link linkat listxattr llistxattr lremovexattr lseek lsetxattr lstat mkdir
  mkdirat mknod mknodat newfstatat open openat openat2 pread64 preadv preadv2 pwrite64 pwritev pwritev2 read
  readahead readlink readlinkat readv removexattr rename renameat renameat2 rmdir sendfile setxattr splice stat
  statfs statx symlink symlinkat sync sync_file_range syncfs tee truncate unlink unlinkat utime utimensat utimes
  vmsplice write writev creat io_cancel io_destroy io_getevents io_pgetevents io_setup io_submit
  inotify_add_watch inotify_init inotify_init1 inotify_rm_watch landlock_add_rule landlock_create_ruleset
  landlock_restrict_self

  epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2 futex futex_requeue
  futex_wait futex_waitv futex_wake pause pidfd_open pidfd_send_signal pipe pipe2 poll ppoll pselect6 select
  signalfd signalfd4

  alarm clock_getres clock_gettime clock_nanosleep getitimer nanosleep setitimer time timer_create timer_delete
  timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime

  fork kill rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait
  rt_tgsigqueueinfo sched_getaffinity sched_getattr sched_getparam sched_get_priority_max sched_get_priority_min
  sched_getscheduler sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam sched_setscheduler
  sched_yield sigaltstack tgkill tkill vfork wait4 waitid

  accept accept4 bind connect getpeername getsockname getsockopt listen recvfrom recvmmsg recvmsg sendmmsg
  sendmsg sendto setsockopt shutdown socketpair

  msgctl msgget msgrcv msgsnd semctl semget semop semtimedop shmat shmctl shmdt shmget
  mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink
`
  .trim()
  .split(/\s+/)

/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK (libraries list the interfaces with it). */
const SOCKET_FAMILIES = [1, 2, 10, 16]
/** PER_LINUX, PER_LINUX32, UNAME26, PER_LINUX32 with it, and "tell me". Others switch randomisation off. */
const PERSONALITIES = [0, 8, 0x20000, 0x20008, 0xffffffff]
/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET together. */
const NEW_NAMESPACES = 0x7e020000
const ENOSYS = 38

type Argument = { index: number; value: number; valueTwo?: number; op: string }
const equals = (value: number): Argument[] => [{ index: 0, value, op: 'SCMP_CMP_EQ' }]
const allow = (names: string[], args: Argument[] = []) => ({ names, action: 'SCMP_ACT_ALLOW', args })

/** The seccomp profile of every run, as the JSON text that the engine takes. */
export const seccompProfile: string = JSON.stringify({
  defaultAction: 'SCMP_ACT_ERRNO',
  defaultErrnoRet: 1,
  archMap: [
    { architecture: 'SCMP_ARCH_X86_64', subArchitectures: [] },
    { architecture: 'SCMP_ARCH_AARCH64', subArchitectures: [] },
  ],
  syscalls: [
    allow(ALLOWED),
    ...SOCKET_FAMILIES.map((family) => allow(['socket'], equals(family))),
    ...PERSONALITIES.map((personality) => allow(['personality'], equals(personality))),
    allow(['clone'], [{ index: 0, value: NEW_NAMESPACES, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }]),
    // Its flags lie behind a pointer that a filter cannot read. ENOSYS makes libc fall back to clone.
    { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS, args: [] },
  ],
})
