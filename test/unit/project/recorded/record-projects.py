"""Records what dbt-core makes of the projects in projects.json: configuration, target, selectors, or the error.

Run with a Python that has dbt-core and dbt-duckdb: python record-projects.py
"""
import datetime
import json
import os
import pathlib
import tempfile
from argparse import Namespace

from dbt.config.runtime import RuntimeConfig
from dbt.flags import set_from_args
from dbt.task.deps import _create_sha1_hash
from dbt_common.context import set_invocation_context


def encode(value):
    if isinstance(value, dict):
        return {str(k): encode(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [encode(item) for item in value]
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, (str, int, float, bool, type(None))):
        return value
    # An undefined name: prints as nothing.
    return str(value)


def load(case):
    with tempfile.TemporaryDirectory() as root:
        for name, text in case["files"].items():
            path = pathlib.Path(root) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        os.chdir(root)
        set_invocation_context({**{"HOME": "/nowhere"}, **case["env"]})
        args = Namespace(
            project_dir=root, profiles_dir=root, PROFILES_DIR=root, profile=None, target=None, threads=None,
            vars=case["vars"], VERSION_CHECK=True, TARGET_PATH=None, LOG_PATH=None, LOG_CACHE_EVENTS=False,
            which="parse", WHICH="parse", WARN_ERROR=None,
        )
        try:
            set_from_args(args, {})
            config = RuntimeConfig.from_args(args)
            return {
                "project": encode(config.to_project_config(with_packages=True)),
                "hash": _create_sha1_hash(config.packages.packages),
                "target": encode(config.to_target_dict()),
                "selectors": encode(config.manifest_selectors),
                "queryComment": encode(vars(config.query_comment)),
            }
        except Exception as error:
            return {"error": type(error).__name__, "text": str(error).replace(root, "<root>")}


here = pathlib.Path(__file__).parent.resolve()
cases = json.loads((here / "projects.json").read_text())
loaded = {case["name"]: load(case) for case in cases}
(here / "projects-as-loaded.json").write_text(json.dumps(loaded, indent=1, ensure_ascii=False) + "\n")
