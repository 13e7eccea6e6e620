"""Records how dbt's own semver orders, combines and picks versions.

Run with a Python that has dbt-core: python record-versions.py > versions.json
"""
import itertools
import json
from dbt_common.exceptions import SemverError, VersionsNotCompatibleError
from dbt_common.semver import (
    VersionSpecifier,
    filter_installable,
    reduce_versions,
    resolve_to_specific_version,
)

TEXTS = [
    "1.0.0", "=1.0.0", ">1.0.0", ">=1.0.0", "<1.0.0", "<=1.0.0", "1.0.1", "<2.0.0", ">=2.0.0", "1.0.0-rc1",
    ">=1.0.0-rc1", "<1.0.0-rc2", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0rc1", "1.0.0+build", "1.0", "v1.0.0",
    "1.0.0 ", " 1.0.0", "01.0.0", "~1.0.0", "^1.0.0", "==1.0.0", "!=1.0.0", "1.0.0-", "1.0.x", ">= 1.0.0", "1.10.0",
    "=1.0.0-0", "<=1.0.0-rc1", "2.0.0-b1", "",
]
AVAILABLE = ["0.9.0", "1.0.0-rc1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0-b1", "2.0.0"]


def spec(text):
    try:
        return VersionSpecifier.from_version_string(text)
    except SemverError:
        return None


valid = [text for text in TEXTS if spec(text)]


def reduce(texts):
    try:
        range_ = reduce_versions(*[spec(text) for text in texts])
    except VersionsNotCompatibleError:
        return {"range": None, "pick": None}
    return {"range": str(range_), "pick": resolve_to_specific_version(range_, AVAILABLE)}


print(json.dumps({
    "texts": {text: (spec(text).to_version_string() if spec(text) else None) for text in TEXTS},
    "compare": [[a, b, spec(a).compare(spec(b))] for a, b in itertools.product(valid, valid)],
    "reduce": [{"specs": list(t), **reduce(t)} for n in (1, 2) for t in itertools.product(valid, repeat=n)]
    + [{"specs": list(t), **reduce(t)} for t in itertools.permutations([">=1.0.0", "<2.0.0", "1.2.0", ">0.9.0", "<=1.2.0"], 3)],
    "available": AVAILABLE,
    "installable": filter_installable(AVAILABLE, False),
    "installablePrereleases": filter_installable(AVAILABLE, True),
}))
