"""A page with two holes on purpose: if the scanners do not find them, their silence about the house proves nothing.

Its form prints what was typed (cross-site scripting) and puts it into a statement of a database in memory (SQL injection).
"""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, make_server

FORM = '<html><body><form action="/" method="get"><input name="q" value=""><button>Go</button></form>{}</body></html>'


def page(environ: dict, start_response: Callable) -> Iterable[bytes]:
    asked = parse_qs(environ.get("QUERY_STRING", "")).get("q", [""])[0]
    with sqlite3.connect(":memory:") as memory:
        memory.execute("CREATE TABLE people (name text)")
        memory.executemany("INSERT INTO people VALUES (?)", [("Ada",), ("Bo",)])
        try:
            found = memory.execute(f"SELECT name FROM people WHERE name LIKE '{asked}%'").fetchall()  # noqa: S608  # nosec B608 -- the hole
        except sqlite3.Error as error:
            found = [(f"sqlite3.OperationalError: {error}",)]
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [FORM.format(f"<p>{asked}</p><ul>{''.join(f'<li>{name}</li>' for (name,) in found)}</ul>").encode()]


class Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        pass


@contextmanager
def served(port: int) -> Iterator[str]:
    with make_server("127.0.0.1", port, page, handler_class=Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{port}/"
        server.shutdown()
