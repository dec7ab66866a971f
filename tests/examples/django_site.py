"""Sends requests to the example in Django: settings are a process's own, so it has one.

Each line that is read is a request, each line that is written its answer.
"""

from __future__ import annotations

import importlib
import json
import logging
import sys
from typing import Any


def main() -> None:
    """Answer requests until there are no more."""
    app: Any = importlib.import_module("examples.django_app")
    from django.conf import settings
    from django.test import Client

    app.create_tables()
    mail: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: mail.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("mail").addHandler(handler)
    for line in sys.stdin:
        asked = json.loads(line)
        mail.clear()
        client = Client(raise_request_exception=False)
        session = client.session
        session.update(asked["session"])
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
        answer = client.post(
            asked["path"],
            asked["body"],
            content_type="application/json",
            headers=asked["headers"],
        )
        told = json.loads(answer.content) if answer["Content-Type"] == "application/json" else {}
        print(json.dumps([answer.status_code, told, mail]), flush=True)  # noqa: T201 - it is read by whoever started this


if __name__ == "__main__":
    main()
