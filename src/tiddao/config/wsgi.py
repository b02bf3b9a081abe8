"""The entry of the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiddao.config.settings")
application = get_wsgi_application()


def _make_ready() -> None:
    """Know every address and the dictionary of Thai words: else the first to come waits 2.5 s."""
    from django.urls import reverse  # noqa: PLC0415 -- once Django is set up

    from tiddao.ui.drawing import wrapped  # noqa: PLC0415 -- as above

    reverse("home")
    wrapped("ขับเคลื่อนนโยบายสู่การปฏิบัติ", room=0)


_make_ready()
