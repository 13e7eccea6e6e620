"""MetricFlow's own SQL for queries, one JSON object a line.

In:  {"id", "manifest": path of a semantic_manifest.json, "query": fields as in the suite}
     {"id", "validate": a semantic manifest, "rules": names of MetricFlow's rules}
Out: {"id", "sql"}, {"id", "refused": message}, {"id", "broken": message} where MetricFlow fails itself,
     {"id", "errors": by rule the messages, or null where the rule fails itself}
"""

import datetime
import json
import sys
import traceback

from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantic_interfaces.type_enums.date_part import DatePart
from metricflow_semantics.errors.error_classes import InformativeUserError
from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup
from metricflow_semantics.specs.query_param_implementations import (
    DimensionOrEntityParameter,
    MetricParameter,
    TimeDimensionParameter,
)


class RenderingClient:
    """What the engine needs of a warehouse to write SQL for it: no connection."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer = DuckDbSqlPlanRenderer()


ENGINES = {}


def engine_of(path):
    if path not in ENGINES:
        with open(path) as file:
            manifest = parse_manifest_from_dbt_generated_manifest(manifest_json_string=file.read())
        ENGINES[path] = MetricFlowEngine(SemanticManifestLookup(manifest), RenderingClient())
    return ENGINES[path]


def group_by_parameter(item):
    part = item.get("date_part")
    if item.get("grain") or part:
        return TimeDimensionParameter(
            name=item["name"], grain=item.get("grain"), date_part=DatePart(part) if part else None, alias=item.get("alias")
        )
    return DimensionOrEntityParameter(name=item["name"], alias=item.get("alias"))


def sql_of(query, engine):
    start, end = [t and datetime.datetime.fromisoformat(t) for t in query.get("time_constraint") or (None, None)]
    metrics = [MetricParameter(name=m["name"], alias=m.get("alias")) for m in query.get("metric_objects") or []]
    items = [group_by_parameter(item) for item in query.get("group_by_objects") or []]
    request = MetricFlowQueryRequest.create(
        saved_query_name=query.get("saved_query"),
        metric_names=query.get("metrics") or None,
        metrics=metrics or None,
        group_by_names=query.get("group_by") or None,
        group_by=items or None,
        limit=query.get("limit"),
        time_constraint_start=start,
        time_constraint_end=end,
        where_constraints=query.get("where") or None,
        order_by_names=query.get("order_by") or None,
        min_max_only=query.get("min_max_only") or False,
        apply_group_by=query.get("apply_group_by", True),
    )
    return engine.explain(request).sql_statement.sql


def rule_classes():
    """All validation rules by name."""
    import importlib
    import pkgutil

    import metricflow_semantic_interfaces.validations as package

    found = {}
    for module in pkgutil.iter_modules(package.__path__):
        members = vars(importlib.import_module(f"{package.__name__}.{module.name}"))
        found.update({name: value for name, value in members.items() if hasattr(value, "validate_manifest")})
    return found


RULES = {}


def errors_of(manifest, names):
    from metricflow_semantic_interfaces.implementations.semantic_manifest import PydanticSemanticManifest

    RULES.update(RULES or rule_classes())
    parsed = PydanticSemanticManifest.parse_obj(manifest)
    errors = {}
    for name in names:
        try:
            issues = RULES[name].validate_manifest(parsed)
            errors[name] = [issue.message for issue in issues if issue.level.name != "WARNING" and issue.level.name != "FUTURE_ERROR"]
        except Exception:
            errors[name] = None
    return errors


def answer(asked):
    if "validate" in asked:
        return {"errors": errors_of(asked["validate"], asked["rules"])}
    engine = engine_of(asked["manifest"])
    return {"sql": sql_of(asked["query"], engine)}


for line in sys.stdin:
    asked = json.loads(line)
    try:
        result = answer(asked)
    except InformativeUserError as error:
        result = {"refused": str(error)}
    except Exception as error:
        result = {"broken": f"{type(error).__name__}: {error}\n{traceback.format_exc()}"[-1500:]}
    print(json.dumps({"id": asked["id"], **result}), flush=True)
