"""Ctrl-C: once to stop and keep, twice to leave."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading

import pytest

from scheduler.cli.interrupt import stoppable

PATIENT = """
import sys, threading
from scheduler.cli.interrupt import stoppable

def work(cancel):
    print("busy", flush=True)
    threading.Event().wait() if sys.argv[1] == "deaf" else cancel.wait()
    return "kept"

print(stoppable(work, on_stop=lambda: print("stopping", flush=True)), flush=True)
"""


def _started(kind: str) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", PATIENT, kind], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "busy\n"
    return process


def test_the_first_interrupt_stops_the_work_and_keeps_what_it_gives() -> None:
    """The work hears of it and its result is used."""
    process = _started("willing")
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate()
    assert (out, process.returncode) == ("stopping\nkept\n", 0)


def test_the_second_interrupt_leaves_at_once() -> None:
    """Work that does not listen is left behind, with the status of an interrupt and no result."""
    process = _started("deaf")
    assert process.stdout is not None
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "stopping\n"
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate()
    assert (out, process.returncode) == ("", 130)


def test_an_error_of_the_work_is_raised_in_the_main_thread() -> None:
    """A mistake does not vanish with the thread that made it."""

    def work(_cancel: threading.Event) -> None:
        raise ValueError("stuk")

    with pytest.raises(ValueError, match="stuk"):
        stoppable(work, on_stop=lambda: None)


def test_the_handler_of_before_is_back_afterwards() -> None:
    """What an interrupt meant before, it means again."""
    before = signal.getsignal(signal.SIGINT)
    assert stoppable(lambda _cancel: 3, on_stop=lambda: None) == 3
    assert signal.getsignal(signal.SIGINT) is before
