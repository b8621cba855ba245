"""Ctrl-C is heard, also where Python would lose it."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap

LOST = """
    import os, signal
    from samework.commands.stopping import remember_interrupts, stop_if_asked

    class Closing:
        def __del__(self):
            os.kill(os.getpid(), signal.SIGINT)
            for _ in range(100):
                pass  # the interrupt arises here, and Python prints it and goes on

    remember_interrupts()
    closing = Closing()
    del closing
    print("went on")
    stop_if_asked()
    print("did not stop")
"""


def test_a_ctrl_c_that_a_destructor_lost_is_heard_at_the_next_step() -> None:
    code = textwrap.dedent(LOST)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stdout == "went on\n"
    assert "KeyboardInterrupt" in done.stderr
    assert done.returncode in (1, -signal.SIGINT)


def test_a_process_told_to_ignore_ctrl_c_still_does() -> None:
    code = textwrap.dedent("""
        import os, signal
        from samework.commands.stopping import remember_interrupts, stop_if_asked

        signal.signal(signal.SIGINT, signal.SIG_IGN)
        remember_interrupts()
        os.kill(os.getpid(), signal.SIGINT)
        stop_if_asked()
        print("goes on")
    """)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stdout == "goes on\n"
