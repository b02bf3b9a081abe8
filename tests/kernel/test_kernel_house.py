"""What holds for every module of the kernel."""

import importlib
import inspect
import json
import pickle
import pkgutil
import subprocess
import sys

import pytest

import tiddao.kernel
from tiddao.kernel.dates import DateUnreadable, parse_date
from tiddao.kernel.unreadable import Unreadable

MODULES = sorted(module.name for module in pkgutil.iter_modules(tiddao.kernel.__path__))


def public_functions(module_name):
    module = importlib.import_module(f"tiddao.kernel.{module_name}")
    for name, thing in vars(module).items():
        if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
            continue
        if inspect.isclass(thing):
            for method_name, method in vars(thing).items():
                function = getattr(method, "__func__", method)
                if inspect.isfunction(function) and not method_name.startswith("_"):
                    yield f"{name}.{method_name}", function
        elif callable(thing):
            yield name, thing


@pytest.mark.parametrize("module_name", MODULES)
def test_module_says_its_purpose_and_every_public_function_its_source(module_name):
    module = importlib.import_module(f"tiddao.kernel.{module_name}")
    assert module.__doc__
    silent = [
        name
        for name, thing in public_functions(module_name)
        if "Source:" not in (thing.__doc__ or "")
    ]
    assert silent == []


def test_importing_the_whole_kernel_loads_no_framework_and_nothing_slow():
    names = [f"tiddao.kernel.{name}" for name in MODULES]
    code = (
        "import importlib, json, sys\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "slow = {'django', 'holidays', 'pythainlp', 'geothai'}\n"
        "print(json.dumps(sorted(slow & set(sys.modules))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


def test_unreadable_names_text_code_and_reason_and_survives_a_process_border():
    with pytest.raises(Unreadable) as caught:
        parse_date("31/2/2562")
    fault = caught.value
    assert (fault.text, fault.code) == ("31/2/2562", "no-such-day")
    assert str(fault) == "“31/2/2562”: ไม่มีวันที่ 31 กุมภาพันธ์ 2562"
    again = pickle.loads(pickle.dumps(fault))
    assert isinstance(again, DateUnreadable)
    assert (again.text, again.code, again.reason) == (fault.text, fault.code, fault.reason)


def test_unreadable_quotes_only_the_beginning_of_a_long_text():
    assert len(str(Unreadable("ก" * 5000, "text", "ยาว"))) < 100
