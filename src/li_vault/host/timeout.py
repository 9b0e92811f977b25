"""Work that may hang, with a deadline."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def run_within(seconds: float, work: Callable[[], T]) -> T:
    """What work gives or raises, if it comes to its end in time.

    Time-outs of a library are for each step: a peer that sends one byte in every one of them is
    waited for without end. So the work is done in a thread, which is left alone when time is up;
    it keeps no process from ending.

    It must not matter if the work comes to its end after all.

    Raises:
        TimeoutError: It did not.
    """
    from concurrent.futures import Future

    done: Future[T] = Future()
    here, there = socket.socketpair()

    def run() -> None:
        with there:  # whose end is what is waited for
            try:
                done.set_result(work())
            except BaseException as error:  # noqa: BLE001 - raised where it is waited for
                done.set_exception(error)

    with here:
        threading.Thread(target=run, name="li-vault-deadline", daemon=True).start()
        # A lock would be waited for until a time of day, which a clock that is moved puts far off.
        if not select.select([here], [], [], seconds)[0]:
            raise TimeoutError
    return done.result()
