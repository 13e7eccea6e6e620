"""Records which paths .dbtignore leaves out, by dbt's library (pathspec, gitignore patterns).

Run with a Python that has dbt-core: python record-ignore.py > ignore.json
"""
import json
import pathspec

PATHS = [
    "models/a.sql", "models/b.sql", "models/staging/a.sql", "models/staging/deep/a.sql", "models/staging.sql",
    "models/marts/a.yml", "models/a b.sql", "models/#x.sql", "models/!x.sql", "models/[x].sql", "seeds/a.csv",
    "seeds/old/a.csv", "a.sql", "models/A.sql", "models/x/models/a.sql",
]
PATTERNS = [
    "a.sql", "*.sql", "models/", "models/staging", "models/staging/", "/models/a.sql", "staging/", "staging", "/staging",
    "**/a.sql", "models/**", "models/**/a.sql", "models/*/a.sql", "models/*", "*.csv", "seeds/old/*.csv", "models/?.sql",
    "models/[ab].sql", "models/a\\ b.sql", "models/a b.sql", "# comment", "\\#x.sql", "\\!x.sql", "", "   ", "models/a.sql   ",
    "*.sql\n!models/a.sql", "models/\n!models/staging/a.sql", "models/staging/\n!models/staging/deep/a.sql",
    "!models/a.sql\n*.sql", "*\n!*.csv", "deep", "**/deep/**", "models/staging/**/a.sql", "MODELS/A.SQL", "**", "/**",
    "models/staging/*.sql", "*/a.sql", "models/**/deep/", "a.*", "[!a].sql", "models/[[]x[]].sql",
]
print(json.dumps([
    {"text": text, "ignored": [p for p in PATHS if pathspec.PathSpec.from_lines(
        pathspec.patterns.GitWildMatchPattern, text.split("\n")).match_file(p)]}
    for text in PATTERNS
] + [{"paths": PATHS}], indent=0))
