"""Stands for what reads documents, in processes that know nothing of the test but its import path."""

import os
import signal
import time
from pathlib import Path

from newsearch.extract import Settings
from newsearch.model import Article, DocumentCapture


def read(capture: DocumentCapture, _: Settings) -> list[Article]:
    """Do what the document says."""
    order = capture.content.decode().rpartition(" ")[2]
    if order == "hang":
        time.sleep(600)
    elif order == "crash":
        os._exit(3)
    elif order.startswith("/") and not Path(order).exists():  # the first time only, as when it is killed
        Path(order).touch()
        os._exit(3)
    elif order == "memory":
        bytearray(8 << 30)
    elif order == "interrupt":
        os.kill(os.getpid(), signal.SIGINT)
    elif order == "error":
        message = "a tag\nthat is none"
        raise ValueError(message)
    return [Article(f"Page {order}", "The ferry sailed again after a week in dock.", capture.origin)]
