"""The floor: the least that a Flask application on PostgreSQL costs a request."""

import json
import os
import threading

import psycopg
from flask import Flask, Response, request

app = Flask(__name__)
_mine = threading.local()


def connection():
    """This thread's own connection, kept."""
    if not hasattr(_mine, "connection"):
        _mine.connection = psycopg.connect(os.environ["FLOOR_DATABASE"])
    return _mine.connection


@app.post("/floor")
def insert():
    """One INSERT and its commit."""
    body = json.dumps(request.get_json())
    with connection().transaction():
        statement = "INSERT INTO floor (body) VALUES (%s) RETURNING id"
        row = connection().execute(statement, [body]).fetchone()
    return {"id": row[0]}, 201


@app.get("/floor/<int:key>")
def read(key):
    """One row by its primary key."""
    with connection().transaction():
        statement = "SELECT body FROM floor WHERE id = %s"
        row = connection().execute(statement, [key]).fetchone()
    return {"body": row[0]}


@app.put("/static-bytes")
def keep():
    """Take the bytes that the same address then gives."""
    app.config["BYTES"] = request.get_data()
    return "", 204


@app.get("/static-bytes")
def give():
    """The least that Flask needs for bytes that are there."""
    return Response(app.config["BYTES"], mimetype="application/json")


def make_table(url):
    """Create the floor's one table, with one row."""
    with psycopg.connect(url) as admin:
        admin.execute("CREATE TABLE floor (id bigserial PRIMARY KEY, body text)")
        admin.execute("INSERT INTO floor (body) VALUES ('{}')")
