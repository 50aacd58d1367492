"""A process of our own beside the main one: what runs there cannot take the run down with it, and can be stopped.

Started as a plain Python process with pickles over its pipes, so that it does not depend on how the main program was
started. It ends when its input does, and is killed by the kernel when the main process dies.
"""

from __future__ import annotations

import pickle
import select
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

from scheduler.parent import end_with_parent

POLL_SECONDS = 0.05


class Child:
    """The main process's end; after any trouble the child is `lost` and answers nothing any more."""

    def __init__(self, module: str, opening: object) -> None:
        self.lost = False
        self._process = subprocess.Popen(
            [sys.executable, "-c", f"from {module} import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        # in a thread: the process reads only once it has loaded its libraries, and the pipe is shorter than a dossier
        self._opening = threading.Thread(target=self._write, args=(pickle.dumps(opening),), daemon=True)
        self._opening.start()

    def send(self, message: object) -> None:
        """Send a message; nothing is said if it cannot arrive."""
        self._opening.join()
        self._write(pickle.dumps(message))

    def wait(self, give_up: Callable[[], bool]) -> bool:
        """Wait for an answer; whether there is one before `give_up` says so, which leaves the child as it is."""
        while not self.lost and not give_up():
            if self._is_ready():
                return True
        return False

    def receive(self, give_up: Callable[[], bool] = lambda: False) -> object | None:
        """The answer to the last message; None when the child is lost, or after `give_up`, which ends the child."""
        while not self.lost:
            if self._is_ready():
                return self._read()
            if give_up():
                self.close()
        return None

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self.lost = True
        self._process.kill()
        self._opening.join()
        self._process.communicate()

    def _is_ready(self) -> bool:
        out = self._process.stdout
        return out is not None and bool(select.select([out], [], [], POLL_SECONDS)[0])

    def _read(self) -> object | None:
        try:
            answer: object = pickle.load(self._process.stdout)  # type: ignore[arg-type]
        except (EOFError, OSError, pickle.UnpicklingError):
            self.lost = True
            return None
        return answer

    def _write(self, message: bytes) -> None:
        if self.lost or self._process.stdin is None:
            return
        try:
            self._process.stdin.write(message)
            self._process.stdin.flush()
        except (OSError, ValueError):
            self.lost = True


def messages() -> Iterator[object]:
    """In the child: each message until the input ends."""
    end_with_parent()
    while True:
        try:
            yield pickle.load(sys.stdin.buffer)
        except EOFError:
            return


def answer(found: object) -> None:
    """In the child: send an answer back."""
    pickle.dump(found, sys.stdout.buffer)
    sys.stdout.buffer.flush()
