"""Records which paths of properties files and of dbt_project.yml dbt leaves unrendered (as indexes into the paths).

Run with a Python that has dbt-core: python record-rendering.py > rendering.json
"""
import itertools
import json
from dbt.config.renderer import DbtProjectYamlRenderer
from dbt.parser.schema_renderer import SchemaYamlRenderer

WORDS = ["name", "description", "tests", "data_tests", "loaded_at_query", "config", "columns", "tables", "arguments",
         "filter", "query_params", "where", "versions", "dimensions", "measures", "pre_hook", "post_hook", "meta"]
PATHS = [[]] + [[a] for a in WORDS] + [[a, b] for a in WORDS for b in WORDS]
PATHS += [[a, 0, b] for a in WORDS for b in WORDS] + [["columns", 0, "data_tests", 0, "unique"]]
PATHS += [["tables", 0, a, 0, b] for a in WORDS for b in WORDS] + [["tables", 0, a] for a in WORDS]
PATHS += [["versions", 0, "columns", 0, a] for a in WORDS] + [["arguments", 0, a] for a in WORDS]
PATHS += [["tables", 0, "config", a] for a in WORDS] + [["type_params", "x", a] for a in WORDS]
PATHS += [["tables", 0, a, b] for a in WORDS for b in WORDS]
KEYS = ["models", "seeds", "snapshots", "sources", "macros", "metrics", "saved_queries", "semantic_models", "exposures",
        "unit_tests", "analyses", "groups", "functions", "data_tests"]
PROJECT = ["name", "vars", "on-run-start", "on-run-end", "query-comment", "models", "seeds", "snapshots", "tests",
           "data_tests", "sources", "flags", "quoting"]
INSIDE = ["+pre-hook", "pre-hook", "post_hook", "+ post-hook", "+schema", "folder", "+post_hook", "pre+hook"]
project_paths = [[a] for a in PROJECT] + [[a, b] for a in PROJECT for b in INSIDE]
project_paths += [[a, b, c] for a in PROJECT for b in INSIDE for c in INSIDE] + [["models", "folder", "pre-hook", 0, "sql"]]

project = DbtProjectYamlRenderer()
print(json.dumps({
    "properties": {
        key: [i for i, p in enumerate(PATHS) if not SchemaYamlRenderer({}, key).should_render_keypath(tuple(p))]
        for key in KEYS
    },
    "propertyPaths": PATHS,
    "project": [i for i, p in enumerate(project_paths) if not project.should_render_keypath(tuple(p))],
    "projectPaths": project_paths,
}))
