"""One app on one database in a process of its own, which shows a page when it is told to.

`python -m bench.worker APP URL FACTS`: a page's name on each line in; milliseconds and queries as JSON out.
"""

import importlib
import json
import os
import sys
import time
import warnings
from typing import Any


def show(app: Any, page: Any) -> dict[str, Any]:
    app.queries = 0
    begun = time.perf_counter()
    answer = page()
    seconds = time.perf_counter() - begun
    assert answer.status_code == 200, (answer.status_code, answer.headers)  # noqa: PLR2004
    return {"ms": seconds * 1000, "queries": app.queries}


def main() -> None:
    name, url, facts = sys.argv[1:4]
    warnings.simplefilter("ignore")
    talk = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what an app prints must not come between
    app = importlib.import_module(f"bench.{name}").App(url, json.loads(facts))
    pages = app.pages()
    print(json.dumps(list(pages)), file=talk, flush=True)
    for line in sys.stdin:
        print(json.dumps(show(app, pages[line.strip()])), file=talk, flush=True)


if __name__ == "__main__":
    main()
