"""Sources of every output column by sqlglot.

In (stdin, JSON): {"dialect": ..., "schema": {database: {schema: {table: {column: type}}}}, "statements": [{"id", "sql"}]}
Out (JSON): {id: {column: ["table.column", ...]}} or {id: {"error": ...}}. Needs: pip install sqlglot.
"""

import json
import signal
import sys

from sqlglot import exp, parse_one
from sqlglot.lineage import to_node
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope
from sqlglot.schema import MappingSchema


class TooSlow(Exception):
    pass


def too_slow(*_args):
    raise TooSlow


def sources(sql, dialect, schema):
    tree = qualify(parse_one(sql, dialect=dialect), dialect=dialect, schema=schema, validate_qualify_columns=False, identify=False)
    scope = build_scope(tree)
    found = {}
    for column in tree.named_selects:
        leaves = set()
        for node in to_node(column, scope, dialect, schema).walk():
            if not node.downstream and isinstance(node.expression, exp.Table):
                table = ".".join(part.name for part in node.expression.parts)
                leaves.add(f"{table}.{node.name.split('.')[-1]}".replace('"', "").lower())
        found[column] = sorted(leaves)
    return found


def main():
    data = json.load(sys.stdin)
    schema = MappingSchema(data["schema"], dialect=data["dialect"])
    signal.signal(signal.SIGALRM, too_slow)
    out = {}
    for statement in data["statements"]:
        signal.alarm(60)
        try:
            out[statement["id"]] = sources(statement["sql"], data["dialect"], schema)
        except TooSlow:
            out[statement["id"]] = {"error": "over 60 s"}
        except Exception as error:  # whatever it cannot read is its own affair
            out[statement["id"]] = {"error": str(error)[:200]}
        finally:
            signal.alarm(0)
    json.dump(out, sys.stdout)


main()
