"""Records what PyYAML's SafeLoader (dbt's loader) makes of the texts in yaml-texts.json.

Run with a Python that has dbt-core: python record-yaml.py > yaml-values.json
"""
import datetime
import json
import pathlib
import yaml


def encode(value):
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else {"$int": str(value)}
    if isinstance(value, float):
        return {"$float": repr(value)}
    if isinstance(value, (datetime.date, datetime.datetime)):
        return {"$date": value.isoformat(), "$str": str(value)}
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {"$pairs": [[encode(k), encode(v)] for k, v in value.items()]}
    raise TypeError(type(value))


def record(text):
    try:
        return {"text": text, "value": encode(yaml.load(text, Loader=yaml.CSafeLoader))}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return {"text": text, "error": getattr(error, "problem", str(error)), "line": mark.line + 1 if mark else None}
    except ValueError as error:
        return {"text": text, "error": str(error), "line": None}
    except RecursionError:
        return {"text": text, "error": "a value that contains itself", "line": None}


texts = json.loads((pathlib.Path(__file__).parent / "yaml-texts.json").read_text())
print(json.dumps([record(text) for text in texts], indent=1, ensure_ascii=False))
