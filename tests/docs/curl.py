"""Stands in for curl where a machine has none: the few options that README shows."""

import argparse
import sys
from pathlib import Path

import urllib3


def main() -> None:
    """Print the body of the answer; exit code 22 when it is an error, like `curl -f`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("-sS", "-sSf", action="store_true")
    parser.add_argument("-X", dest="method")
    parser.add_argument("-H", dest="headers", action="append", default=[])
    parser.add_argument("-d", dest="data")
    parser.add_argument("-F", dest="form")
    asked = parser.parse_args()
    headers = dict(header.split(": ", 1) for header in asked.headers)
    options: dict[str, object] = {"body": asked.data.encode()} if asked.data else {}
    if asked.form:
        name, _, file = asked.form.partition("=@")
        options = {"fields": {name: (Path(file).name, Path(file).read_bytes())}}
    method = asked.method or ("POST" if options else "GET")
    answer = urllib3.request(method, asked.url, headers=headers, **options)  # type: ignore[arg-type]
    sys.stdout.buffer.write(answer.data)
    sys.exit(22 if answer.status >= 400 else 0)


if __name__ == "__main__":
    main()
