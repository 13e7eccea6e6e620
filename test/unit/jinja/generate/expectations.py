"""
Fills in what Python makes of every case in ../cases/*.json, with dbt's own template environment:

    pip install dbt-core==1.11.16 && python test/unit/jinja/generate/expectations.py [file.json ...]

A case is {"template": ..., "context"?: {...}, "mode"?: "native" | "chain"}; this script adds "expected" (the text, or
the repr of the value in native mode) or "error" (the exception's words). Run it after adding cases; review the diff.
Where we answer something else on purpose, a case says what ("ours") and why ("because"); both are kept.
"""

import datetime
import json
import pathlib
import sys

import dbt.deprecations
import dbt_common.clients.jinja as dbt_jinja
from dbt.context.base import get_context_modules
from dbt_common.exceptions import DbtBaseException
from dbt_common.exceptions.macros import MacroReturn

CASES = pathlib.Path(__file__).parent.parent / "cases"

# What the deprecation of itertools says is no part of the values.
dbt.deprecations.warn = lambda *args, **kwargs: None

# dbt renames macros so that calls go through its own registry; here templates call the macros they define.
dbt_jinja.get_dbt_macro_name = lambda name: name


class FixedDateTime(datetime.datetime):
    """now() has to answer the same in every run."""

    @classmethod
    def now(cls, tz=None):
        moment = datetime.datetime(2024, 2, 29, 13, 5, 7, 42000, tzinfo=datetime.timezone.utc)
        moment = moment.astimezone(tz) if tz else moment.replace(tzinfo=None)
        return moment

    @classmethod
    def utcnow(cls):
        return datetime.datetime(2024, 2, 29, 13, 5, 7, 42000)


class FixedDate(datetime.date):
    @classmethod
    def today(cls):
        return datetime.date(2024, 2, 29)


def raise_return(value=None):
    raise MacroReturn(value)


def base_context():
    modules = get_context_modules()

    def new_datetime(*args, **kwargs):
        return datetime.datetime(*args, **kwargs)

    class DateTimeModule(dict):
        pass

    modules["datetime"] = dict(modules["datetime"])
    proxy = type(
        "datetime",
        (),
        {
            name: staticmethod(getattr(datetime.datetime, name))
            for name in (
                "strptime", "fromisoformat", "combine", "fromtimestamp", "utcfromtimestamp", "fromordinal",
                "fromisocalendar",
            )
        },
    )
    proxy.now = staticmethod(FixedDateTime.now)
    proxy.utcnow = staticmethod(FixedDateTime.utcnow)
    proxy.today = staticmethod(FixedDateTime.now)
    proxy.strftime = staticmethod(datetime.datetime.strftime)
    proxy.min, proxy.max = datetime.datetime.min, datetime.datetime.max
    proxy.__new__ = lambda cls, *args, **kwargs: new_datetime(*args, **kwargs)
    modules["datetime"]["datetime"] = proxy
    date_proxy = type(
        "date",
        (),
        {
            name: staticmethod(getattr(datetime.date, name))
            for name in ("fromisoformat", "fromtimestamp", "fromordinal", "fromisocalendar", "strftime")
        },
    )
    date_proxy.today = staticmethod(FixedDate.today)
    date_proxy.__new__ = lambda cls, *args, **kwargs: datetime.date(*args, **kwargs)
    modules["datetime"]["date"] = date_proxy
    return {
        "modules": modules,
        "return": raise_return,
        "set": lambda items=(): set(items),
        "zip": lambda *lists: zip(*lists),
        "fail": lambda: 1 / 0,
    }


def evaluate(case):
    mode = case.get("mode", "text")
    environment = dbt_jinja.get_environment(None, capture_macros=mode == "chain", native=mode == "native")
    try:
        template = environment.from_string(case["template"])
        value = template.render({**base_context(), **case.get("context", {})})
    except MacroReturn as leave:
        return {"expected": "RETURN " + repr(leave.value)}
    except Exception as error:
        message = error.msg if isinstance(error, DbtBaseException) and hasattr(error, "msg") else str(error)
        if message.startswith("macro '"):
            message = "macro 'dbt_macro__" + message[len("macro '"):]
        return {"error": message, "type": type(error).__name__}
    return {"expected": repr(value) if mode == "native" else value}


def main(paths):
    for path in paths or sorted(CASES.glob("*.json")):
        path = pathlib.Path(path)
        cases = json.loads(path.read_text())
        lines = []
        for case in cases:
            kept = {key: case[key] for key in ("template", "context", "mode", "ours", "because") if key in case}
            lines.append("  " + json.dumps({**kept, **evaluate(kept)}, ensure_ascii=False))
        path.write_text("[\n" + ",\n".join(lines) + "\n]\n")
        print(path.name, len(cases))


if __name__ == "__main__":
    main(sys.argv[1:])
