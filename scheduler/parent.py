"""Processes beside the main one that never outlive it."""

from __future__ import annotations

import ctypes
import signal
import sys

PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """In the child: be killed by the kernel when the main process dies, and leave interrupts to that process.

    The kernel speaks of the thread that started the child. Elsewhere than on Linux only the interrupts are left alone.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
