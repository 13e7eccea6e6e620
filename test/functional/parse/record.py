"""Writes expected/<project>.json: what dbt-core says of each project in projects/. Run by hand, with dbt-core 1.11.

    python record.py [project ...]
"""
import json, os, pathlib, shutil, sys, tempfile

os.environ.update(DBT_SEND_ANONYMOUS_USAGE_STATS="false", DO_NOT_TRACK="1")
from dbt.cli.main import dbtRunner  # noqa: E402

HERE = pathlib.Path(__file__).parent
BUILT_IN = ("dbt", "dbt_duckdb", "dbt_postgres")


def comparable(manifest):
    """The manifest without times, ids of the run and the built-in macros."""
    kept = {key: value for key, value in manifest.items() if key not in ("metadata", "docs")}
    kept["docs"] = {key: value for key, value in manifest["docs"].items() if not key.startswith("doc.dbt.")}
    kept["macros"] = {k: v for k, v in manifest["macros"].items() if v["package_name"] not in BUILT_IN}

    def strip(value):
        if isinstance(value, dict):
            return {k: strip(v) for k, v in sorted(value.items()) if k not in ("created_at", "root_path")}
        return [strip(v) for v in value] if isinstance(value, list) else value

    return strip(kept)


for path in sorted((HERE / "projects").iterdir()):
    if not path.is_dir() or sys.argv[1:] and path.name not in sys.argv[1:]:
        continue
    with tempfile.TemporaryDirectory() as scratch:
        project = pathlib.Path(scratch) / path.name
        shutil.copytree(path, project, ignore=shutil.ignore_patterns("target", "logs", "ours"))
        result = dbtRunner().invoke(
            ["--quiet", "--no-partial-parse", "parse", "--project-dir", str(project), "--profiles-dir", str(project)]
        )
        if not result.success:
            raise SystemExit(f"{path.name}: {result.exception}")
        manifest = json.loads((project / "target" / "manifest.json").read_text())
    (HERE / "expected").mkdir(exist_ok=True)
    out = HERE / "expected" / f"{path.name}.json"
    out.write_text(json.dumps(comparable(manifest), indent=1, sort_keys=True) + "\n")
    print(path.name, len(manifest["nodes"]), out.stat().st_size)
