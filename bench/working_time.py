"""How many deadlines `flask working-time batch` counts in a second: `python -m bench.working_time [lines]`.

Runs on the database that DATABASE_URL or DATA_DIR name, after `flask set-up`. Wanted: 50,000.
"""

import random
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINES = 500_000


def lines(number: int) -> str:
    choose = random.Random(20160901)
    return "".join(
        f"{choose.randint(2016, 2027)}-{choose.randint(1, 12):02}-{choose.randint(1, 28):02}"
        f"T{choose.randint(0, 23):02}:{choose.randint(0, 59):02},{choose.randint(0, 5000)}\n"
        for _ in range(number)
    )


def measure(number: int) -> tuple[float, int]:
    command = [sys.executable, "-m", "flask", "--app", "run.py", "working-time", "batch"]
    text = lines(number)
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True, check=True)
    return time.perf_counter() - begun, done.stdout.count("\n")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    start_up, _ = measure(1)
    seconds, answered = measure(number)
    assert answered == number
    print(f"{number:,} lines in {seconds:.1f} s, of which {start_up:.1f} s are the program's start")
    print(
        f"{number / seconds:,.0f} lines/s in all, {number / (seconds - start_up):,.0f} lines/s once started"
    )


if __name__ == "__main__":
    main()
