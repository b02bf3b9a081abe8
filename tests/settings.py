"""Settings of the tests: the same product, on a cluster of its own that may forget."""

import os
from pathlib import Path

os.environ.setdefault("TIDDAO_HOME", str(Path(__file__).parent.parent / "var" / "test"))

from tiddao.config.settings import *  # noqa: F403

DURABLE_DATABASE = False
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("TIDDAO_TEST_DB", "test_tiddao")}  # noqa: F405
# Tables from the models, as the product itself makes them (`config/first_tables.py`).
MIGRATION_MODULES = {
    app.rpartition(".")[2]: None
    for app in INSTALLED_APPS  # noqa: F405
    if not app.startswith("procrastinate")  # its tables and functions are its own SQL
}
PGTRIGGER_INSTALL_ON_MIGRATE = True
PGHISTORY_INSTALL_CONTEXT_FUNC_ON_MIGRATE = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
ACCOUNT_RATE_LIMITS = {}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 -- WhiteNoise warns of a missing one
