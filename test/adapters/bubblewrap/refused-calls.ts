/** Makes the calls by number on x86-64, and prints those that the kernel did not refuse outright. */
export const refusedCalls = `
import ctypes, errno, os, sys
libc = ctypes.CDLL(None, use_errno=True)
calls = {
    "vsock": (41, 40, 1, 0), "alg": (41, 38, 5, 0), "packet": (41, 17, 3, 0), "tipc pair": (53, 30, 1, 0, 0),
    "io_uring_setup": (425, 1, 0), "ptrace": (101, 0, 0, 0, 0), "unshare": (272, 0x10000000),
    "clone new user": (56, 0x10000011, 0, 0, 0, 0), "setns": (308, 0, 0), "mount": (165, 0, 0, 0, 0, 0),
    "fsopen": (430, 0, 0), "open_tree": (428, -100, 0, 0), "pivot_root": (155, 0, 0), "chroot": (161, 0),
    "bpf": (321, 0, 0, 0), "keyctl": (250, 0, 0, 0, 0, 0), "add_key": (248, 0, 0, 0, 0, 0), "request_key": (249, 0, 0, 0, 0),
    "userfaultfd": (323, 0), "memfd_secret": (447, 0), "perf_event_open": (298, 0, 0, -1, -1, 0),
    "process_vm_readv": (310, os.getppid(), 0, 0, 0, 0, 0), "process_vm_writev": (311, os.getppid(), 0, 0, 0, 0, 0),
    "pidfd_getfd": (438, 0, 0, 0), "kcmp": (312, 1, 1, 0, 0, 0), "open_by_handle_at": (304, 0, 0, 0),
    "init_module": (175, 0, 0, 0), "finit_module": (313, 0, 0, 0), "kexec_load": (246, 0, 0, 0, 0),
    "swapon": (167, 0, 0), "reboot": (169, 0, 0, 0, 0), "syslog": (103, 3, 0, 0), "sethostname": (170, 0, 0),
    "personality": (135, 0x0400000), "typing into a terminal": (16, 0, 0x5412, 0), "x32": (0x40000000 | 39,),
    "quotactl": (179, 0, 0, 0, 0), "fanotify_init": (300, 0, 0), "lookup_dcookie": (212, 0, 0, 0), "clone3": (435, 0, 0),
}
for name, (number, *values) in calls.items():
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(value) for value in values])
    if number == 56 and result == 0:
        os._exit(0)
    if result != -1 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):
        print(name, result, errno.errorcode.get(ctypes.get_errno()))
`;
